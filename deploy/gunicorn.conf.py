"""The web server's settings, for script/server and for the container alike.

script/server (or a systemd socket unit) holds the door and hands it in by LISTEN_FDS: the next process takes over what
waits before it, so a restart loses nothing. Without that the process opens WEB_BIND itself, several by commas.
"""

import contextlib
import os

from gunicorn.workers.gthread import ThreadWorker

bind = os.environ.get("WEB_BIND") or f"127.0.0.1:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
preload_app = True  # imported once; each worker opens its own connections
timeout = 60
control_socket_disable = True
graceful_timeout = 20
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
accesslog = None  # the portal writes one line per request itself, without paths
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "apps.core.logs.formatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}


class worker_class(ThreadWorker):
    """One that is told to stop first takes who already stands at the door: nobody else would let them in."""

    def set_accept_enabled(self, enabled: bool) -> None:
        if not enabled and not self.alive:
            for listener in self.sockets:
                for _ in range(self.cfg.backlog):
                    before = self.nr_conns
                    self.accept(listener)
                    if self.nr_conns == before:
                        break
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                listener.close()  # so that the next one goes to another door and not behind this one


def post_worker_init(worker):  # type: ignore[no-untyped-def]
    """Tell who started this process that it can answer."""
    if "WEB_READY_FD" in os.environ:
        with contextlib.suppress(OSError):
            os.write(int(os.environ["WEB_READY_FD"]), b"1")


def child_exit(server, worker):  # type: ignore[no-untyped-def]
    """Figures of a worker that has gone are kept in the sums."""
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
