"""docker-compose.yml says what script/server says: the same processes, nothing secret in the file."""

import importlib.machinery
import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import jsonschema
import pytest
import yaml

BASE = Path(__file__).resolve().parent.parent
OURS = ("web", "worker", "worker-documents", "beat", "relay", "heartbeat")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((BASE / "docker-compose.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def server() -> ModuleType:
    sys.path.insert(0, str(BASE / "script" / "_lib"))
    loader = importlib.machinery.SourceFileLoader("portal_server", str(BASE / "script" / "server"))
    spec = importlib.util.spec_from_loader("portal_server", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def settings_source() -> str:
    return (BASE / "consultation_portal" / "settings.py").read_text(encoding="utf-8")


def test_the_file_follows_the_schema_of_compose(compose: dict[str, Any]) -> None:
    schema = json.loads((BASE / ".venv" / "share" / "compose-spec.json").read_text(encoding="utf-8"))

    jsonschema.Draft7Validator(schema).validate(compose)


def test_a_misspelt_key_would_be_seen(compose: dict[str, Any]) -> None:
    schema = json.loads((BASE / ".venv" / "share" / "compose-spec.json").read_text(encoding="utf-8"))
    broken = {
        **compose,
        "services": {**compose["services"], "web": {**compose["services"]["web"], "helthcheck": {}}},
    }

    assert not jsonschema.Draft7Validator(schema).is_valid(broken)


def plain(command: list[str]) -> list[str]:
    """A command without the paths of one machine."""
    words = [Path(word).name if word.startswith("/") else word for word in command]
    return ["python" if re.fullmatch(r"python[\d.]*", word) else word for word in words]


def test_both_web_containers_are_one_but_for_their_socket(compose: dict[str, Any]) -> None:
    one, two = compose["services"]["web"], compose["services"]["web-2"]
    sockets = [service["environment"]["WEB_BIND"].partition(",")[2] for service in (one, two)]
    nginx = (BASE / "deploy" / "nginx.conf").read_text(encoding="utf-8")

    assert {**two, "environment": None} == {**one, "environment": None}
    assert [f"server {socket} " in nginx for socket in sockets] == [True, True]
    assert all("sockets:/run/portal" in service["volumes"] for service in (one, two))
    assert "sockets:/run/portal:ro" in compose["services"]["nginx"]["volumes"]


def test_a_container_is_given_the_time_to_finish(compose: dict[str, Any]) -> None:
    seconds = {name: int(compose["services"][name]["stop_grace_period"].rstrip("s")) for name in OURS[:3]}
    gunicorn = re.search(
        r"graceful_timeout = (\d+)", (BASE / "deploy" / "gunicorn.conf.py").read_text(encoding="utf-8")
    )
    task = re.search(r"CELERY_TASK_TIME_LIMIT = (\d+)", settings_source())

    assert gunicorn
    assert task
    assert seconds["web"] > int(gunicorn[1])
    assert seconds["worker-documents"] > int(task[1])


@pytest.mark.parametrize("name", OURS)
def test_a_container_runs_what_script_server_runs(
    name: str, compose: dict[str, Any], server: ModuleType
) -> None:
    assert plain(compose["services"][name]["command"]) == plain(server.commands()[name])


def test_nothing_runs_on_one_side_only(compose: dict[str, Any], server: ModuleType) -> None:
    assert set(server.commands()) == set(OURS)
    assert set(compose["services"]) == {*OURS, "web-2", "postgres", "redis", "migrate", "nginx"}


def test_every_lasting_service_is_watched_and_comes_back(compose: dict[str, Any]) -> None:
    lasting = {name: service for name, service in compose["services"].items() if name != "migrate"}

    assert [name for name, service in lasting.items() if "healthcheck" not in service] == []
    assert [name for name, service in lasting.items() if service.get("restart") != "unless-stopped"] == []


def test_only_the_migration_knows_the_owner(compose: dict[str, Any]) -> None:
    knows = [
        n for n, s in compose["services"].items() if "DATABASE_OWNER_URL" in (s.get("environment") or {})
    ]

    assert knows == ["migrate"]


def test_no_secret_has_a_value_or_a_default() -> None:
    text = (BASE / "docker-compose.yml").read_text(encoding="utf-8")
    names = set(re.findall(r"\$\{(\w+)", text))
    secret = {name for name in names if re.search("PASSWORD|SECRET|TOKEN", name)}

    assert {"POSTGRES_PASSWORD", "OWNER_DATABASE_PASSWORD", "APP_DATABASE_PASSWORD", "SECRET_KEY"} <= secret
    assert [
        name for name in secret if not re.search(rf"\$\{{{name}:\?", text) or f"${{{name}:-" in text
    ] == []


def test_every_process_is_told_of_the_bucket_and_only_if_there_is_one(compose: dict[str, Any]) -> None:
    read = set(re.findall(r'env\("(S3_\w+)"', settings_source()))

    for name in (*OURS, "web-2"):
        environment = compose["services"][name]["environment"]
        assert {variable for variable in environment if variable.startswith("S3_")} == read
        assert {environment[variable] for variable in read} == {None}  # as it is outside, or not at all


def test_the_data_lie_on_volumes_and_the_database_has_checksums(compose: dict[str, Any]) -> None:
    services = compose["services"]

    assert set(compose["volumes"]) == {"database", "data", "sockets"}
    assert "--data-checksums" in services["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert all("data:/var/lib/makuldashuu" in services[name]["volumes"] for name in OURS)


def test_the_example_names_every_variable_and_no_value_of_a_secret() -> None:
    lines = (BASE / ".env.example").read_text(encoding="utf-8").splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    read = set(re.findall(r'env(?:_bool)?\("(\w+)"', settings_source())) - {"PORTAL_TESTING"}
    asked = set(re.findall(r"\$\{(\w+)", (BASE / "docker-compose.yml").read_text(encoding="utf-8")))

    assert (read | asked) - set(example) == set()
    assert [
        name for name, value in example.items() if re.search("PASSWORD|SECRET|TOKEN", name) and value
    ] == []


def test_nginx_and_the_portal_accept_the_same_uploads() -> None:
    megabytes = re.search(r"UPLOAD_MAX_BYTES = (\d+) \* 1024 \* 1024", settings_source())
    nginx = re.search(
        r"client_max_body_size (\d+)m;", (BASE / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    )

    assert megabytes
    assert nginx
    assert int(nginx[1]) > int(megabytes[1])
