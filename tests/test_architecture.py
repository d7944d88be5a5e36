"""The rules of the house that a reader would otherwise have to remember. Import order: see .importlinter."""

import ast
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

BASE = Path(__file__).resolve().parent.parent
CODE = sorted(path for path in (BASE / "apps").rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((BASE / "templates").rglob("*.html"))


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in CODE:
        yield str(path.relative_to(BASE)), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [BASE / ".venv/bin/lint-imports", "--no-cache"], cwd=BASE, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_there_is_one_clock() -> None:
    other = re.compile(r"(datetime|timezone|date)\.(now|today|utcnow)|time\.time$")
    found = [
        f"{path}:{line} {name}"
        for path, tree in trees()
        for name, line in calls(tree)
        if other.search(name) and path not in WITHOUT_DATABASE
    ]

    assert found == []


# Commands that judge a file where no database is at hand, and so no clock of the portal.
WITHOUT_DATABASE = {"apps/documents/management/commands/verify_document.py"}


def test_nothing_happens_at_a_distance() -> None:
    """No signals and no save() of one's own: what a use-case does is written where it is done."""
    found = []
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and re.match(
                r"django\b.*(signals|dispatch)$", node.module or ""
            ):
                found.append(f"{path}:{node.lineno} signals")
            if isinstance(node, ast.ClassDef) and "models" in path:
                found += [
                    f"{path}:{item.lineno} {node.name}.{item.name}"
                    for item in node.body
                    if isinstance(item, ast.FunctionDef) and item.name in {"save", "delete"}
                ]

    assert found == []


def test_no_task_is_published_on_a_persons_way() -> None:
    """The relay publishes from the outbox; a page never waits for the broker."""
    publishes = re.compile(r"\.(delay|apply_async|send_task)$")
    allowed = ("apps/notifications/", "apps/documents/tasks.py")
    found = [
        f"{path}:{line} {name}"
        for path, tree in trees()
        for name, line in calls(tree)
        if publishes.search(name) and not path.startswith(allowed) and "/management/" not in path
    ]

    assert found == []


def services() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path, tree in trees():
        if re.search(r"apps/\w+/services(\.py|/\w+\.py)$", path):
            for node in tree.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield path, node


def test_use_cases_take_their_arguments_by_name() -> None:
    found = [
        f"{path}:{function.lineno} {function.name}"
        for path, function in services()
        if "transaction.atomic" in {ast.unparse(decorator) for decorator in function.decorator_list}
        and len(function.args.args) + len(function.args.posonlyargs) > 0
    ]

    assert found == []


def test_services_say_what_they_are_for() -> None:
    assert [
        f"{path} {function.name}" for path, function in services() if not ast.get_docstring(function)
    ] == []


def test_writes_of_the_law_are_guarded_by_protect() -> None:
    """A row that others hang on is not swept away with a parent: PROTECT unless the table is listed here."""
    cascading = {
        f"{field.model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("apps.")
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.model is model
        and field.remote_field.on_delete not in {models.PROTECT, models.RESTRICT}
    }

    assert cascading <= NOT_PROTECTED


# Each with its reason: nothing of the procedure hangs on these.
NOT_PROTECTED = {
    "draft_acts.MendingStep.text"
}  # a step goes with the reading it mended; public texts never go


def test_lists_have_no_hidden_order() -> None:
    ordered = [
        m._meta.label for m in apps.get_models() if m.__module__.startswith("apps.") and m._meta.ordering
    ]

    assert ordered == []


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("style attribute", r"<[^>]*\sstyle\s*="),
        ("style element", r"<style\b"),
        ("inline script", r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)"),
        ("event handler", r"<[^>]*\son(click|load|submit|change|input|error)\s*="),
        ("javascript address", r"javascript:"),
        ("foreign host", r"""(src|href)\s*=\s*["']https?://(?!www\.w3\.org)"""),
        ("unescaped text", r"\|\s*safe\b|\{%\s*autoescape off"),
    ],
)
def test_templates_obey_the_content_security_policy(what: str, pattern: str) -> None:
    found = [
        f"{path.relative_to(BASE)}:{text.count(chr(10), 0, match.start()) + 1}"
        for path in TEMPLATES
        if "documents" not in path.parts and "emails" not in path.parts
        for text in [path.read_text(encoding="utf-8")]
        for match in re.finditer(pattern, text, re.IGNORECASE)
    ]

    assert found == [], what


def test_files_are_small() -> None:
    long = {str(path.relative_to(BASE)): len(path.read_text(encoding="utf-8").splitlines()) for path in CODE}

    assert {path: lines for path, lines in long.items() if lines > 600} == {}


def test_the_lock_file_names_packages_not_addresses() -> None:
    lock = json.loads((BASE / "package-lock.json").read_text(encoding="utf-8"))

    assert [name for name, entry in lock["packages"].items() if "resolved" in entry] == []
    assert [name for name, entry in lock["packages"].items() if name and "integrity" not in entry] == []


def test_every_direct_requirement_is_pinned() -> None:
    pins = {
        re.split("==", line)[0].lower().replace("_", "-")
        for line in (BASE / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    asked = {
        re.split(r"[\[<>=;\s]", line)[0].lower().replace("_", "-")
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (BASE / name).read_text(encoding="utf-8").splitlines()
        if line and not line.startswith(("#", "-"))
    }

    assert asked - pins == set()
