"""The scripts on a machine that lacks something: they say what, and change nothing."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BASE = Path(__file__).resolve().parent.parent


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BASE / "script" / "_lib"))
    monkeypatch.setenv("PORTAL_VAR", str(tmp_path))
    return importlib.import_module("bootstrap")


def test_an_ordinary_user_is_told_the_one_line_for_the_administrator(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "RUNTIME", {"redis-server": lambda: False, "libpango-1.0-0": lambda: True})
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as left:
        bootstrap.ensure_packages(dev=False)

    out, err = capsys.readouterr()
    assert left.value.code == 3
    assert out == ""
    assert "sudo apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 redis-server" in err
    assert "libpango" not in err


def test_an_old_python_is_refused(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit) as left:
        bootstrap.ensure_venv(dev=False)

    assert left.value.code == 3


def test_the_secret_is_made_once_and_only_its_owner_reads_it(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for _ in range(2):
        monkeypatch.delenv("SECRET_KEY", raising=False)
        bootstrap.ensure_secret()
        made.append(os.environ["SECRET_KEY"])

    assert made[0] == made[1]
    assert len(made[0]) >= 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_environment_wins_over_the_file_and_empty_lines_say_nothing(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text(
        "SITE_URL=https://file.example\nEMAIL_URL=\n# LOG_LEVEL=DEBUG\nPORT='8123'\n"
    )
    monkeypatch.setattr(bootstrap, "BASE", tmp_path)
    monkeypatch.setenv("SITE_URL", "https://environment.example")
    for name in ("EMAIL_URL", "LOG_LEVEL", "PORT"):
        monkeypatch.delenv(name, raising=False)

    bootstrap.load_env_file()

    seen = {name: os.environ.get(name) for name in ("SITE_URL", "EMAIL_URL", "LOG_LEVEL", "PORT")}
    monkeypatch.setenv("PORT", "")  # so that it is taken away again
    assert seen == {
        "SITE_URL": "https://environment.example",
        "EMAIL_URL": None,
        "LOG_LEVEL": None,
        "PORT": "8123",
    }


def test_a_public_address_is_never_a_demo_by_default(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_URL", "https://makuldashuu.example.kg")
    monkeypatch.delenv("PORTAL_DEMO", raising=False)
    path = os.environ["PATH"]

    bootstrap.set_defaults()

    seen = os.environ["PORTAL_DEMO"]
    monkeypatch.setenv("PATH", path)
    monkeypatch.setenv("PORTAL_DEMO", "")
    assert seen == "0"


def test_an_owner_without_the_application_is_refused(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    localstack = importlib.import_module("localstack")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://portal_owner@127.0.0.1/portal")
    monkeypatch.delenv("DATABASE_URL", raising=False)

    with pytest.raises(SystemExit) as left:
        localstack.up()

    assert left.value.code == 3


def test_a_user_who_may_not_make_roles_is_sent_to_the_manual(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    localstack = importlib.import_module("localstack")
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.setattr(localstack, "_role_exists", lambda cursor, name: False)

    with pytest.raises(SystemExit) as left:  # DATABASE_URL is the application's role: no right to make others
        localstack.up()

    assert left.value.code == 3
    assert "docs/how-to/install.md" in capsys.readouterr().err


def check_settings(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` of an installation with these variables."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "consultation_portal.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_settings_refuse_a_moved_clock_outside_a_demo() -> None:
    done = check_settings(PORTAL_TESTING="0", PORTAL_DEMO="0", PORTAL_CLOCK_OFFSET="3600")

    assert done.returncode != 0
    assert "PORTAL_CLOCK_OFFSET" in done.stderr


def test_a_number_that_is_set_and_left_empty_counts_as_not_set() -> None:
    done = check_settings(TRUSTED_PROXIES="", PORTAL_CLOCK_OFFSET="")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("TRUSTED_PROXIES", "one"), ("TRUSTED_PROXIES", "-1"), ("PORTAL_CLOCK_OFFSET", "1h")]
)
def test_settings_say_which_number_is_wrong(name: str, value: str) -> None:
    done = check_settings(**{name: value})

    assert done.returncode != 0
    assert f"ImproperlyConfigured: {name} must be" in done.stderr


BUCKET = {
    "S3_BUCKET": "portal",
    "S3_ENDPOINT": "https://s3.example.kg",
    "S3_ACCESS_KEY": "portal",
    "S3_SECRET_KEY": "secret",
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"S3_SECRET_KEY": ""}, "need S3_SECRET_KEY as well"),
        ({"S3_BUCKET": ""}, "need S3_BUCKET as well"),
        ({"S3_ENDPOINT": "http://s3.example.kg"}, "S3_ENDPOINT must begin with https://"),
    ],
)
def test_half_a_bucket_or_an_open_way_to_it_is_refused(change: dict[str, str], words: str) -> None:
    done = check_settings(**BUCKET | change)

    assert done.returncode != 0
    assert words in done.stderr
    assert BUCKET["S3_SECRET_KEY"] not in done.stderr.replace("S3_SECRET_KEY", "")


def test_a_whole_bucket_is_taken() -> None:
    done = check_settings(**BUCKET)

    assert done.returncode == 0, done.stderr


def test_standard_output_carries_only_what_the_command_prints() -> None:
    done = subprocess.run(
        [BASE / "script" / "manage", "deadline", "--start", "2026-04-28", "--days", "20"],
        cwd=BASE,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "consultation_portal.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stderr
    assert isinstance(json.loads(lines[0]), dict)
