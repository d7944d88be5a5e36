"""deploy/nginx.conf on this machine, and readers that ask without a pause: for trials of restarts and of several nodes.

The file is used as it stands; only what belongs to one machine is put in (ports, certificate, sockets), and every such
place must be found, so that the trial stays one of the file that is shipped.
"""

from __future__ import annotations

import http.client
import re
import shutil
import ssl
import subprocess
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bootstrap

HOST = "127.0.0.1"


class Nginx:
    """`with Nginx(folder, port, ["unix:/…/web.sock"]):` TLS at 127.0.0.1:port. The folder must be one others may enter."""

    def __init__(self, folder: Path, port: int, servers: list[str], *, options: str = "max_fails=0") -> None:
        self.folder, self.port, self.servers, self.options = folder, port, servers, options

    def configuration(self) -> str:
        text = (bootstrap.BASE / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        here = self.folder
        servers = "\n".join(f"server {server} {self.options};" for server in self.servers)
        temporary = "\n".join(
            f"{kind}_temp_path {here}/{kind};"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        changes = {
            r"pid /tmp/nginx\.pid;": f"pid {here}/nginx.pid; daemon off;",
            r"server unix:/run/portal/web\.sock [^;]*;\s*server unix:/run/portal/web-2\.sock [^;]*;": servers,
            r"access_log /dev/stdout quiet;": "access_log off;",
            r"error_log /dev/stderr crit;": f"error_log {here}/error.log info; {temporary}",
            r"listen 80;": f"listen unix:{here}/http.sock;",
            r"listen 443 ssl;": f"listen {HOST}:{self.port} ssl;",
            r"http2 on;": "" if self._version() < (1, 25, 1) else "http2 on;",
            r"/etc/nginx/tls/fullchain\.pem": f"{here}/cert.pem",
            r"/etc/nginx/tls/privkey\.pem": f"{here}/key.pem",
        }
        for pattern, replacement in changes.items():
            text, found = re.subn(pattern, replacement, text)
            if found != 1:
                raise RuntimeError(f"deploy/nginx.conf has {found} times {pattern}")
        return text

    @staticmethod
    def _version() -> tuple[int, ...]:
        done = subprocess.run(["nginx", "-v"], capture_output=True, text=True, check=True)
        found = re.search(r"nginx/([\d.]+)", done.stderr)
        return tuple(int(part) for part in found[1].split(".")) if found else (0,)

    def __enter__(self) -> Nginx:
        if not shutil.which("nginx"):
            bootstrap.stop("nginx is missing. Ask an administrator to install the package nginx.")
        certificate(self.folder)
        path = self.folder / "nginx.conf"
        path.write_text(self.configuration(), encoding="utf-8")
        self._process = subprocess.Popen(["nginx", "-c", str(path), "-e", str(self.folder / "error.log")])
        for _ in range(100):
            if (self.folder / "nginx.pid").exists() or self._process.poll() is not None:
                break
            time.sleep(0.05)
        if self._process.poll() is not None:
            raise RuntimeError((self.folder / "error.log").read_text())
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.terminate()
        self._process.wait(10)


def certificate(folder: Path) -> None:
    """One for 127.0.0.1 that signs itself, good for a day."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    (folder / "key.pem").chmod(0o600)


class Visitor:
    """A browser's bare bones over TLS: cookies, a form's token, one connection that is opened again when it was closed."""

    def __init__(self, port: int, *, timeout: float = 30) -> None:
        self.port, self.timeout = port, timeout
        self.cookies: dict[str, str] = {}
        self._connection: http.client.HTTPSConnection | None = None

    def ask(
        self, method: str, path: str, body: bytes = b"", content_type: str = ""
    ) -> tuple[int, dict, bytes]:
        headers = {"Host": HOST, "Referer": f"https://{HOST}{path}", "Accept-Encoding": "gzip"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if content_type:
            headers["Content-Type"] = content_type
        if self._connection is None:
            context = ssl._create_unverified_context()
            self._connection = http.client.HTTPSConnection(
                HOST, self.port, timeout=self.timeout, context=context
            )
        try:
            self._connection.request(method, path, body or None, headers)
            response = self._connection.getresponse()
            data = response.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for value in response.headers.get_all("Set-Cookie") or []:
            name, _, rest = value.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if response.headers.get("Connection") == "close":
            self.close()
        return response.status, dict(response.headers), data

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def get(self, path: str) -> tuple[int, dict, bytes]:
        return self.ask("GET", path)

    def post_file(self, path: str, field_name: str, data: bytes) -> tuple[int, dict, bytes]:
        """A file by the form at this path."""
        _status, headers, page = self.get(path)
        if headers.get("Content-Encoding") == "gzip":
            import gzip

            page = gzip.decompress(page)
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
        line = uuid.uuid4().hex
        parts = [
            f'--{line}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'.encode(),
            token[1] if token else b"",
            f'\r\n--{line}\r\nContent-Disposition: form-data; name="{field_name}"; filename="a.txt"\r\n'.encode(),
            b"Content-Type: text/plain\r\n\r\n" + data + f"\r\n--{line}--\r\n".encode(),
        ]
        return self.ask("POST", path, b"".join(parts), f"multipart/form-data; boundary={line}")


@dataclass
class Crowd:
    """Visitors that ask one thing after another until told to stop; what each answer was is counted."""

    port: int
    works: list[Callable[[Visitor], int]]
    visitors: int = 4
    pause: float = 0.02
    answers: Counter = field(default_factory=Counter)
    slowest: float = 0.0

    def __enter__(self) -> Crowd:
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n,)) for n in range(self.visitors)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    @property
    def failed(self) -> dict[Any, int]:
        return {answer: n for answer, n in self.answers.items() if answer != 200}

    def _ask(self, n: int) -> None:
        visitor = Visitor(self.port)
        for work in self._turns(n):
            begun = time.monotonic()
            try:
                answer: Any = work(visitor)
            except (OSError, http.client.HTTPException) as problem:
                answer = f"{type(problem).__name__}: {problem}"
            self.answers[answer] += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)
            time.sleep(self.pause)
        visitor.close()

    def _turns(self, n: int) -> Iterator[Callable[[Visitor], int]]:
        while not self._done.is_set():
            n += 1
            yield self.works[n % len(self.works)]
