"""A web server with two sync workers, and the load on it: wrk where it is installed, else a client in Python."""

from __future__ import annotations

import contextlib
import http.client
import json
import multiprocessing
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import percentile

WORKERS, THREADS, CONNECTIONS = 2, 2, 16
TICK = os.sysconf("SC_CLK_TCK")
LUA = """
local paths, headers = %s, %s
local next_id = 0
function setup(thread) thread:set("id", next_id); next_id = next_id + 1 end
local n = 0
function request()
  n = n + 1
  local path = paths[(n + id) %% #paths + 1]
  if %s then path = path .. (path:find("?", 1, true) and "&" or "?") .. "n=" .. id .. "-" .. %d .. "-" .. n end
  return wrk.format("GET", path, headers)
end
function done(summary, latency)
  io.write(string.format('RESULT {"requests": %%d, "us": %%d, "bad": %%d, "p95": %%f}\\n', summary.requests,
    summary.duration, summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(95) / 1000))
end
"""


@dataclass(frozen=True)
class Load:
    """What a load gave. `cpu` is the time of the server's workers for one request, in ms."""

    rps: float
    p95: float
    cpu: float
    bad: int


class Server:
    """gunicorn with two sync workers; `with Server(...) as server`."""

    def __init__(self, application: str, folder: Path, log: Path, *, config: str = "") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        options = ["-c", config] if config else ["--preload", "--no-control-socket"]
        self.command = [
            *("gunicorn", "-b", f"127.0.0.1:{self.port}", "-k", "sync", "-w", str(WORKERS), "--threads", "1"),
            *("--max-requests", "0", "--timeout", "120", "--chdir", str(folder), *options, application),
        ]
        self.log = log

    def __enter__(self) -> Server:
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"The server did not start: {self.log.read_text()[-2000:]}")

    def __exit__(self, *exc: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def cpu_seconds(self) -> float:
        """User and system time of the workers so far."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        used = 0
        for child in children:
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            used += int(fields[11]) + int(fields[12])
        return used / TICK

    # --- one request, or many ----------------------------------------------------------------------
    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers={"Host": "127.0.0.1", **(headers or {})})
        response = connection.getresponse()
        body = response.read()
        connection.close()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, body

    def one_by_one(self, paths: list[str]) -> list[float]:
        """Milliseconds of each, asked one after the other."""
        taken = []
        for path in paths:
            started = time.perf_counter()
            status, _headers, _body = self.get(path)
            taken.append((time.perf_counter() - started) * 1000)
            if status != 200:
                raise RuntimeError(f"{path} answered {status}")
        return taken

    def load(
        self,
        paths: list[str],
        *,
        seconds: float,
        headers: dict[str, str] | None = None,
        unique: bool = False,
        connections: int = CONNECTIONS,
    ) -> Load:
        """`unique`: every request has an address of its own, so that no kept page answers it."""
        for path in paths:
            self.get(path)
        before = self.cpu_seconds()
        client = _wrk if shutil.which("wrk") else _python
        requests, took, bad, p95 = client(
            self.port, paths, seconds, {"Host": "127.0.0.1", **(headers or {})}, unique, connections
        )
        cpu = (self.cpu_seconds() - before) * 1000 / max(1, requests)
        return Load(requests / took, p95, cpu, bad)


def _lua_list(values: Iterator[str]) -> str:
    return "{" + ", ".join(values) + "}"


def _wrk(
    port: int, paths: list[str], seconds: float, headers: dict[str, str], unique: bool, connections: int
) -> tuple[int, float, int, float]:
    script = Path(os.environ["PORTAL_VAR"]) / "wrk.lua"
    said = _lua_list(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
    asked = _lua_list(json.dumps(path) for path in paths)
    script.write_text(LUA % (asked, said, "true" if unique else "false", time.time_ns() % 10**9))
    threads = min(THREADS, connections)
    command = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "20s"]
    done = subprocess.run(
        [*command, "-s", str(script), f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True
    )
    line = next(line for line in done.stdout.splitlines() if line.startswith("RESULT "))
    result = json.loads(line.removeprefix("RESULT "))
    return result["requests"], result["us"] / 1e6, result["bad"], result["p95"]


def _visitor(
    port: int, paths: list[str], until: float, headers: dict[str, str], unique: bool, who: int, found: object
) -> None:
    taken, bad = [], 0
    while time.time() < until:
        path = paths[len(taken) % len(paths)]
        if unique:
            path += f"{'&' if '?' in path else '?'}n={who}-{time.time_ns()}"
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        taken.append((time.perf_counter() - started) * 1000)
        bad += response.status >= 400
    found.put((taken, bad))  # type: ignore[attr-defined]


def _python(
    port: int, paths: list[str], seconds: float, headers: dict[str, str], unique: bool, connections: int
) -> tuple[int, float, int, float]:
    context = multiprocessing.get_context("fork")
    found = context.SimpleQueue()
    started, until = time.monotonic(), time.time() + seconds
    who = [
        context.Process(target=_visitor, args=(port, paths, until, headers, unique, n, found))
        for n in range(min(4, connections))
    ]
    for process in who:
        process.start()
    rows = [found.get() for _ in who]
    for process in who:
        process.join()
    taken = [ms for row, _bad in rows for ms in row]
    return len(taken), time.monotonic() - started, sum(bad for _row, bad in rows), percentile(taken, 0.95)
