"""Between set-up and start, in one Django process: migrate, load reference data and demo, collect static files."""

import hashlib
import os
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(BASE))

import django
from django.core.exceptions import ImproperlyConfigured

try:
    django.setup()
except ImproperlyConfigured as problem:
    print(problem, file=sys.stderr)
    sys.exit(3)

from django.conf import settings
from django.core.management import call_command, get_commands


def step(words: str, command: str, **options: object) -> None:
    if command in get_commands():
        print(words, file=sys.stderr, flush=True)
        call_command(command, stdout=sys.stderr, **options)


def collect_static() -> None:
    """Only when a source changed: hashing and compressing takes longer than everything else together.

    What is there stays: pages of the version before still ask for it.
    """
    digest = hashlib.sha256((BASE / "constraints.txt").read_bytes())
    for root in settings.STATICFILES_DIRS:
        for path in sorted(Path(root).rglob("*")):
            if path.is_file():
                facts = path.stat()
                digest.update(f"{path.relative_to(root)}{facts.st_mtime_ns}{facts.st_size}".encode())
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        step("Collecting static files", "collectstatic", interactive=False, verbosity=0)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest.hexdigest())


if __name__ == "__main__":
    os.chdir(BASE)
    step("Migrating", "migrate_as_owner", verbosity=0, interactive=False)
    step("Loading reference data", "load_reference")
    if settings.PORTAL_DEMO:
        step("Loading the demo set", "load_demo")
    collect_static()
