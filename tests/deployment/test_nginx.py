"""deploy/nginx.conf with two processes behind it that are not of the same version."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer

from . import processes  # noqa: F401 - the scripts' modules

from front import Nginx, Visitor  # isort: skip
from smoke.server import free_port  # isort: skip


@contextmanager
def answering(socket: Path, *known: str) -> Iterator[list[str]]:
    """A web process that knows these paths; yields what it was asked."""
    asked = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if self.path in known else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))  # and it dies without a word

        def address_string(self) -> str:
            return "nginx"

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingUnixStreamServer(str(socket), Answer) as server:
        socket.chmod(0o666)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield asked
        server.shutdown()
        thread.join()


def test_a_file_of_one_version_is_found_and_a_form_is_never_sent_twice(folder: Path) -> None:
    port, sockets = free_port(), [folder / "1.sock", folder / "2.sock"]
    with ExitStack() as stack:
        old = stack.enter_context(answering(sockets[0], "/static/old.css"))
        new = stack.enter_context(answering(sockets[1], "/static/new.css"))
        stack.enter_context(Nginx(folder, port, [f"unix:{socket}" for socket in sockets]))
        visitor = Visitor(port)
        stack.callback(visitor.close)
        files = [visitor.get(f"/static/{name}.css")[0] for name in ("old", "old", "new", "new", "neither")]
        pages = [visitor.get("/ky/nowhere/")[0] for _ in range(2)]
        visitor.get("/metrics")
        sent = visitor.ask("POST", "/ky/opinion/", b"filed=1", "application/x-www-form-urlencoded")[0]

    everything = old + new
    assert files == [200, 200, 200, 200, 404]
    assert pages == [404, 404]
    assert everything.count("/ky/nowhere/") == 2  # a page that is not there is asked of one only
    assert "/metrics" not in everything
    assert sent == 502
    assert everything.count("/ky/opinion/") == 1
