"""What a migration may not do to a portal that is running: rules over its SQL, on top of django-migration-linter.

The library looks for renames, drops, changes of type and careless Python. Its rules for NOT NULL, UNIQUE and indexes
look at the first statement only, so they are replaced; those it lacks are added. RunSQL passes the same rules: one line
a statement, bodies of functions out of the way (they run later), the body of a DO block in place (it runs now).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import sqlparse
from django.db.migrations import RunPython, RunSQL
from django_migration_linter.migration_linter import MigrationLinter
from django_migration_linter.sql_analyser.base import BaseAnalyser, Check, CheckMode, CheckType, Issue

NAME = r'"?[\w.]+"?'


def statements(sql: str) -> list[str]:
    """The statements that run when the migration runs, each on one line, without comments."""
    found = []
    for piece in sqlparse.split(sqlparse.format(sql, strip_comments=True, keyword_case="upper")):
        text = " ".join(piece.split()).rstrip(";").strip()
        body = re.search(r"\$(\w*)\$(.*)\$\1\$", text)
        if body and re.match(r"DO\b", text, re.I):
            found += [part.strip() for part in re.split(r";|\bTHEN\b|\bBEGIN\b", body[2]) if part.strip()]
        elif body:
            found.append(text[: body.start()] + text[body.end() :])
        elif text:
            found.append(text)
    return found


def _made_here(sql: list[str]) -> set[str]:
    made = (re.match(rf"CREATE TABLE (?:IF NOT EXISTS )?({NAME})", line, re.I) for line in sql)
    return {match[1].strip('"') for match in made if match}


def _changes(sql: list[str]) -> Iterator[tuple[str, str]]:
    """(table, action) of every ALTER TABLE on a table that was there before."""
    new = _made_here(sql)
    for line in sql:
        match = re.match(rf"ALTER TABLE (?:IF EXISTS )?(?:ONLY )?({NAME}) (.*)", line, re.I)
        if match and match[1].strip('"') not in new:
            for action in re.split(r",\s*(?=(?:ADD|ALTER|DROP|RENAME|VALIDATE)\b)", match[2], flags=re.I):
                yield match[1].strip('"'), action


def not_null(sql: list[str], **_: object) -> bool:
    """A column the running version does not know: its INSERT leaves it out, so the default must stay in the database."""
    changes = list(_changes(sql))
    dropped = {
        (table, match[1].strip('"'))
        for table, action in changes
        if (match := re.match(rf"ALTER (?:COLUMN )?({NAME}) DROP DEFAULT", action, re.I))
    }
    for table, action in changes:
        match = re.match(rf"ADD COLUMN ({NAME}) .*(?<!IS )\bNOT NULL\b", action, re.I)
        if match and not re.search(r"\bGENERATED\b", action, re.I):
            stays = re.search(r"\bDEFAULT (?!NULL)", action, re.I)
            if not stays or (table, match[1].strip('"')) in dropped:
                return True
    return False


def set_not_null(sql: list[str], **_: object) -> bool:
    return any(re.search(r"\bSET NOT NULL\b", action, re.I) for _table, action in _changes(sql))


def constraint_at_once(sql: list[str], **_: object) -> bool:
    return any(
        re.match(rf"ADD (CONSTRAINT {NAME} )?(CHECK|FOREIGN KEY|EXCLUDE)\b", action, re.I)
        and not re.search(r"\bNOT VALID\b", action, re.I)
        for _table, action in _changes(sql)
    )


def rewrite(sql: list[str], **_: object) -> bool:
    return any(
        re.match(r"ADD ", action, re.I) and re.search(r"\bGENERATED\b.*\bSTORED\b", action, re.I)
        for _table, action in _changes(sql)
    )


def rows_at_once(sql: list[str], **_: object) -> bool:
    new = _made_here(sql)
    touched = (re.match(rf"(?:UPDATE|DELETE FROM) (?:ONLY )?({NAME})", line, re.I) for line in sql)
    return any(match and match[1].strip('"') not in new for match in touched)


def lock_table(sql: list[str], **_: object) -> bool:
    return any(
        re.match(r"(LOCK|TRUNCATE|CLUSTER|VACUUM FULL|REINDEX (?!CONCURRENTLY))\b", line, re.I)
        for line in sql
    )


def unique_at_once(sql: list[str], **_: object) -> bool:
    constraint = any(
        re.match(rf"ADD (CONSTRAINT {NAME} |COLUMN .*)?\b(UNIQUE|PRIMARY KEY)\b", action, re.I)
        and not re.search(r"\bUSING INDEX\b", action, re.I)
        for _table, action in _changes(sql)
    )
    return constraint or _index_at_once(sql, "CREATE UNIQUE INDEX")


def index_at_once(sql: list[str], **_: object) -> bool:
    return _index_at_once(sql, "CREATE INDEX")


def _index_at_once(sql: list[str], beginning: str) -> bool:
    new = _made_here(sql)
    made = (re.match(rf"{beginning} (?!CONCURRENTLY).*? ON (?:ONLY )?({NAME})", line, re.I) for line in sql)
    return any(match and match[1].strip('"') not in new for match in made)


def _rule(code: str, look: Any, message: str) -> Check:
    return Check(code=code, fn=look, message=message, mode=CheckMode.TRANSACTION, type=CheckType.ERROR)


class Analyser(BaseAnalyser):
    """A rule with a code of the library takes the place of the library's."""

    migration_checks = [
        _rule(
            "NOT_NULL", not_null, "a NOT NULL column whose default does not stay in the database (db_default)"
        ),
        _rule("SET_NOT_NULL", set_not_null, "SET NOT NULL reads the whole table under its heaviest lock"),
        _rule(
            "CONSTRAINT",
            constraint_at_once,
            "checked at once: AddConstraintNotValid, then ValidateConstraint",
        ),
        _rule(
            "ADD_UNIQUE", unique_at_once, "UNIQUE built under a lock: CREATE UNIQUE INDEX CONCURRENTLY first"
        ),
        _rule(
            "CREATE_INDEX", index_at_once, "an index built under a lock: AddIndexConcurrently, atomic = False"
        ),
        _rule("REWRITE", rewrite, "a stored generated column rewrites the table"),
        _rule("ROWS", rows_at_once, "rows changed in the transaction that holds the locks"),
        _rule("LOCK", lock_table, "LOCK, TRUNCATE, CLUSTER or VACUUM FULL keeps everybody out"),
    ]


def faults(sql: str, operations: Iterable[Any], library: MigrationLinter | None = None) -> dict[str, str]:
    """{CODE: message} of one migration: `sql` is what it sends, `operations` are asked how they come back."""
    analyser = Analyser(())
    analyser.analyse(statements(sql))
    issues = [*analyser.errors, *analyser.warnings]
    for operation in operations:
        if isinstance(operation, RunPython) and library:
            issues += [issue for kind in library.lint_runpython(operation) for issue in kind]
        elif isinstance(operation, RunSQL) and not operation.reversible:
            issues.append(Issue("RUNSQL_REVERSIBLE", "RunSQL without a way back"))
    return {issue.code: issue.message for issue in issues}
