"""script/smoke itself: what it takes, what it refuses, and that it fills in forms only as people can."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests

BASE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(BASE / "script" / "_lib"))

from smoke import texts  # noqa: E402
from smoke.visitor import Page, Unexpected, Visitor  # noqa: E402

PAGE = """<!doctype html><html lang="ky"><main><form method="post" action="/ky/save/">
<input type="hidden" name="csrfmiddlewaretoken" value="t"><input name="title" value="">
<input type="radio" name="verdict" value="agree"><input type="radio" name="verdict" value="disagree" checked>
<select name="kind"><option value="">–</option><option value="law">law</option></select>
<button type="submit">ok</button></form></main></html>"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(BASE / "script" / "smoke"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def page_with(html: str) -> Page:
    response = requests.Response()
    response.status_code, response._content = 200, html.encode()
    response.url = "http://portal.test/ky/here/"
    return Page(Visitor("http://portal.test"), response)


@pytest.fixture
def not_a_demo() -> Iterator[str]:
    """A portal in service: it answers, and its sign-in page lists no accounts."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_file_that_is_not_there_is_bad_input() -> None:
    done = run("--act", "/nowhere/act.txt")

    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "not_found"


def test_an_unknown_option_is_bad_input() -> None:
    done = run("--fast")

    assert done.returncode == 2
    assert json.loads(done.stdout)["error"] == "bad_arguments"


def test_a_portal_in_service_is_not_for_trying(not_a_demo: str) -> None:
    done = run("--url", not_a_demo)

    assert done.returncode == 3
    assert done.stdout == ""
    assert "not a demonstration" in done.stderr


def test_nobody_at_the_address_is_missing_set_up() -> None:
    assert run("--url", "http://127.0.0.1:9").returncode == 3


def test_one_file_stands_for_both_languages() -> None:
    first, by_language = texts.pair(str(texts.KYRGYZ), None)

    assert first.language == "ky"
    assert by_language["ru"] is by_language["ky"] is first
    assert first.amending


def test_without_a_file_the_two_samples_go() -> None:
    first, by_language = texts.pair(None, None)

    assert (first.language, by_language["ru"].language) == ("ky", "ru")
    assert by_language["ru"].kind == "code"
    assert len(by_language["ru"].data) < texts.RUSSIAN.stat().st_size / 2  # a part of it


def test_two_files_in_one_language_are_refused() -> None:
    with pytest.raises(texts.BadInput, match="same language"):
        texts.pair(str(texts.KYRGYZ), str(texts.KYRGYZ))


def test_a_form_is_sent_with_its_hidden_fields_and_what_was_chosen() -> None:
    form = (
        page_with(PAGE)
        .form(action="/save/")
        .fill(title="Ң ө ү")
        .choose("verdict", "agree")
        .choose("kind", "law")
    )

    assert dict(form.values) == {
        "csrfmiddlewaretoken": "t",
        "title": "Ң ө ү",
        "verdict": "agree",
        "kind": "law",
    }
    assert form.action == "http://portal.test/ky/save/"


@pytest.mark.parametrize(("name", "value"), [("verdict", "refuses"), ("kind", "code")])
def test_what_a_page_does_not_offer_cannot_be_chosen(name: str, value: str) -> None:
    with pytest.raises(Unexpected, match="does not offer"):
        page_with(PAGE).form(action="/save/").choose(name, value)


def test_a_field_that_is_not_there_cannot_be_filled() -> None:
    with pytest.raises(Unexpected, match="no field"):
        page_with(PAGE).form(action="/save/").fill(sum="1")
