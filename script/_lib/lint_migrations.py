"""Can every migration run beside the version that is still answering? `python lint_migrations.py`, from script/check.

What must not be there is listed by rule; a migration that breaks one with good reason is named in
script/migrations.toml with that reason. An entry that nothing needs any more is a fault, too.
Exit: 0 every migration is safe or excused · 1 one is not.
"""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(BASE), str(BASE / "script" / "_lib")]

import django
from django.conf import settings

EXCUSES = BASE / "script" / "migrations.toml"
HELP = """
A migration runs while the old version still answers, so it may neither break that version nor hold a lock for long:
docs/how-to/migrations.md says how to do it in two steps. With good reason, add to script/migrations.toml:
"""


def faults_by_migration() -> dict[str, dict[str, str]]:
    """{"app.name": {CODE: message}} of the portal's own migrations that break a rule."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django_migration_linter.migration_linter import MigrationLinter
    from migration_rules import faults

    executor, library = MigrationExecutor(connection), MigrationLinter(None, no_cache=True, no_output=True)
    found: dict[str, dict[str, str]] = {}
    state = executor.loader.project_state()
    # In one walk, so that no state is built twice.
    for migration, _backwards in executor.migration_plan(
        executor.loader.graph.leaf_nodes(), clean_start=True
    ):
        if not migration.__module__.startswith("apps."):
            # Some of a library's can only be run beside their own tables, which are not there.
            state = migration.mutate_state(state, preserve=False)
            continue
        with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
            state = migration.apply(state, editor, collect_sql=True)
        issues = faults("\n".join(editor.collected_sql), migration.operations, library)
        if not migration.atomic and len(migration.operations) > 1:
            issues["NOT_ATOMIC"] = (
                "more than one operation outside a transaction: the rest cannot be tried again"
            )
        if issues:
            found[f"{migration.app_label}.{migration.name}"] = issues
    return found


def excuses() -> dict[str, dict[str, str]]:
    return dict(tomllib.loads(EXCUSES.read_text(encoding="utf-8")))


def complaints(found: dict[str, dict[str, str]], excused: dict[str, dict[str, str]]) -> list[str]:
    """A line for each fault without an excuse and each excuse without a fault."""
    lines = [
        f"{migration} {code}: {message}"
        for migration, issues in found.items()
        for code, message in issues.items()
        if not excused.get(migration, {}).get(code)
    ]
    return lines + [
        f"{migration} {code}: excused in {EXCUSES.name}, but it does no such thing"
        for migration, codes in excused.items()
        for code in codes
        if code not in found.get(migration, {})
    ]


def main() -> int:
    django.setup()
    assert "postgresql" in settings.DATABASES["default"]["ENGINE"]
    lines = complaints(faults_by_migration(), excuses())
    print("\n".join(lines))
    if lines:
        print(f'{HELP}    ["app.0007_name"]\n    CODE = "why it does no harm"')
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
