"""A migration beside a running portal: what it may not do is seen before, and who is in its way is not kept waiting."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder

import apps.territories.migrations

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "script" / "_lib"))

from lint_migrations import complaints
from migration_rules import faults, statements

TABLE = "territories_territory"


# --- what is seen before --------------------------------------------------------------------------
def codes(*operations: Operation, atomic: bool = True) -> set[str]:
    """What script/check says about a migration of draft_acts with these operations."""
    state = MigrationLoader(None).project_state()
    migration = migrations.Migration("planted", "draft_acts")
    migration.operations, migration.atomic = list(operations), atomic
    with connection.schema_editor(collect_sql=True, atomic=atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    return set(faults("\n".join(editor.collected_sql), migration.operations))


NEW_TABLE = migrations.CreateModel(
    "Planted",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("act", models.ForeignKey("draft_acts.draftact", models.PROTECT)),
        ("code", models.IntegerField(unique=True)),
    ],
)
UNSAFE = {
    "not null": ("NOT_NULL", migrations.AddField("draftact", "planted", models.IntegerField(default=0))),
    "drop column": ("DROP_COLUMN", migrations.RemoveField("draftact", "kind")),
    "drop table": ("DROP_TABLE", migrations.RunSQL("DROP TABLE draft_acts_provision", "")),
    "rename column": ("RENAME_COLUMN", migrations.RenameField("draftact", "kind", "sort")),
    "rename table": ("RENAME_TABLE", migrations.AlterModelTable("provision", "provision")),
    "other type": ("ALTER_COLUMN", migrations.AlterField("draftact", "kind", models.IntegerField(null=True))),
    "set not null": (
        "SET_NOT_NULL",
        migrations.AlterField("draftact", "withdrawn_at", models.DateTimeField()),
    ),
    "unique": (
        "ADD_UNIQUE",
        migrations.AddField("draftact", "planted", models.IntegerField(null=True, unique=True)),
    ),
    "index": ("CREATE_INDEX", migrations.AddIndex("draftact", models.Index(fields=["kind"], name="planted"))),
    "check": (
        "CONSTRAINT",
        migrations.AddConstraint(
            "draftact", models.CheckConstraint(condition=~models.Q(kind=""), name="planted")
        ),
    ),
    "drop in SQL": (
        "DROP_COLUMN",
        migrations.RunSQL("alter table draft_acts_draftact\n  drop column kind", ""),
    ),
    "not null in SQL": (
        "NOT_NULL",
        migrations.RunSQL(
            "-- a new fact\nALTER TABLE draft_acts_draftact ADD COLUMN planted int NOT NULL", ""
        ),
    ),
    "rows in SQL": ("ROWS", migrations.RunSQL("update draft_acts_draftact set kind = 'law'", "")),
    "hidden in DO": ("LOCK", migrations.RunSQL("DO $$ BEGIN TRUNCATE draft_acts_draftact; END $$", "")),
    "no way back": ("RUNSQL_REVERSIBLE", migrations.RunSQL("SELECT 1")),
}
SAFE = {
    "new table": [NEW_TABLE],
    "nullable column": [migrations.AddField("draftact", "planted", models.IntegerField(null=True))],
    "default in the database": [
        migrations.AddField("draftact", "planted", models.IntegerField(default=0, db_default=0))
    ],
    "check later": [
        AddConstraintNotValid(
            "draftact", models.CheckConstraint(condition=~models.Q(kind=""), name="planted")
        )
    ],
    "out of the code only": [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("draftact", "kind")])
    ],
    "function": [
        migrations.RunSQL(
            "CREATE FUNCTION planted() RETURNS void LANGUAGE plpgsql AS $$\n"
            "BEGIN UPDATE draft_acts_draftact SET kind = 'law'; DROP TABLE draft_acts_provision; END $$;",
            "DROP FUNCTION planted()",
        )
    ],
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", UNSAFE)
def test_a_migration_that_would_hurt_the_running_version_is_seen(what: str) -> None:
    code, operation = UNSAFE[what]

    assert code in codes(operation)


@pytest.mark.django_db
@pytest.mark.parametrize("what", SAFE)
def test_a_migration_that_does_no_harm_is_let_through(what: str) -> None:
    assert codes(*SAFE[what]) == set()


@pytest.mark.django_db(transaction=True)
def test_an_index_built_concurrently_is_let_through() -> None:
    index = models.Index(fields=["kind"], name="planted")

    assert codes(AddIndexConcurrently("draftact", index), atomic=False) == set()


def test_an_excuse_needs_a_reason_and_a_fault() -> None:
    found = {"a.0001": {"NOT_NULL": "m", "ROWS": "m"}}

    assert complaints(found, {"a.0001": {"NOT_NULL": "small", "ROWS": "small"}}) == []
    assert len(complaints(found, {"a.0001": {"NOT_NULL": "small", "ROWS": ""}})) == 1
    assert len(complaints({}, {"a.0001": {"NOT_NULL": "small"}})) == 1


def test_only_what_runs_now_is_read() -> None:
    assert statements("BEGIN; -- x\nSELECT\n 1;\nCOMMIT;") == ["BEGIN", "SELECT 1", "COMMIT"]


# --- when it runs -----------------------------------------------------------------------------------
Planted = Callable[[str], None]


@pytest.fixture
def planted(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Planted]:
    """planted("SQL"): one more migration of territories that sends this. Taken back afterwards."""
    folder = tmp_path / "planted_migrations"
    folder.mkdir()
    original = Path(apps.territories.migrations.__file__).parent
    last = max(path.stem for path in original.glob("0*.py"))
    (folder / "__init__.py").write_text(f"__path__ = [{str(original)!r}, {str(folder)!r}]\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(settings, "MIGRATION_MODULES", {"territories": "planted_migrations"}, raising=False)

    def plant(sql: str) -> None:
        (folder / "planted.py").write_text(
            "from django.db import migrations\n\nclass Migration(migrations.Migration):\n"
            f"    dependencies = [('territories', {last!r})]\n"
            f"    operations = [migrations.RunSQL({sql!r}, 'ALTER TABLE {TABLE} DROP COLUMN IF EXISTS planted')]\n"
        )

    yield plant
    call_command("migrate_as_owner", "territories", last, verbosity=0)
    for name in [name for name in sys.modules if name.startswith("planted_migrations")]:
        del sys.modules[name]


@contextmanager
def session(statement: str, *, owner: bool = False) -> Iterator[psycopg2.extensions.connection]:
    """Another session, in the middle of a transaction that began with `statement`."""
    values = connection.settings_dict
    login = {"dbname": values["NAME"], "host": values["HOST"], "port": values["PORT"] or None}
    there = (
        psycopg2.connect(settings.DATABASE_OWNER_URL, dbname=values["NAME"])
        if owner
        else psycopg2.connect(**login, user=values["USER"], password=values["PASSWORD"] or None)
    )
    try:
        with there.cursor() as cursor:
            cursor.execute(statement)
        yield there
    finally:
        there.close()


def columns() -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}


ADD = f"ALTER TABLE {TABLE} ADD COLUMN planted int"
READ = f"SELECT count(*) FROM {TABLE}"


def test_a_migration_steps_back_while_a_table_is_in_use_and_readers_do_not_wait(planted: Planted) -> None:
    planted(ADD)
    words, waits, done = StringIO(), [], threading.Event()

    def read() -> None:
        with session(READ) as reader:
            while not done.wait(0.02):
                reader.rollback()
                begun = time.monotonic()
                with reader.cursor() as cursor:
                    cursor.execute(READ)
                waits.append(time.monotonic() - begun)

    with session(READ) as long_reader:
        readers = threading.Thread(target=read)
        readers.start()
        threading.Timer(1.5, long_reader.rollback).start()
        try:
            call_command("migrate_as_owner", lock_timeout=0.3, stderr=words, verbosity=0)
        finally:
            done.set()
            readers.join()
        holder = f"{long_reader.info.backend_pid} {connection.settings_dict['USER']}"

    assert "planted" in columns()
    assert holder in words.getvalue().splitlines()[0]
    assert max(waits) < 1.2  # the goal is 0.3 and a little; without lock_timeout it is 1.5


def test_a_table_that_stays_in_use_leaves_everything_as_it_was(planted: Planted) -> None:
    planted(ADD)

    with session(READ), pytest.raises(CommandError, match="2 tries"):
        call_command("migrate_as_owner", lock_timeout=0.1, tries=2, stderr=StringIO(), verbosity=0)

    assert "planted" not in columns()
    assert ("territories", "planted") not in MigrationRecorder(connection).applied_migrations()


def test_a_statement_that_takes_too_long_is_stopped_and_not_tried_again(planted: Planted) -> None:
    planted("SELECT pg_sleep(20)")
    words = StringIO()

    with pytest.raises(CommandError, match=r"took longer than 0\.2 s"):
        call_command("migrate_as_owner", statement_timeout=0.2, stderr=words, verbosity=0)

    assert words.getvalue() == ""


def test_two_hosts_do_not_migrate_at_once(transactional_db: None) -> None:
    other = session("SELECT pg_advisory_lock(hashtext('migrate'))", owner=True)

    with other, pytest.raises(CommandError):
        call_command("migrate_as_owner", lock_timeout=0.1, tries=1, stderr=StringIO(), verbosity=0)


def test_an_index_that_was_not_finished_is_cleared_away(transactional_db: None) -> None:
    invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
    with session("SELECT 1", owner=True) as owner, session(f"LOCK TABLE {TABLE} IN ROW EXCLUSIVE MODE"):
        owner.rollback()
        owner.autocommit = True
        with owner.cursor() as cursor, pytest.raises(psycopg2.errors.LockNotAvailable):
            cursor.execute("SET lock_timeout = '100ms'")
            cursor.execute(f"CREATE INDEX CONCURRENTLY planted ON {TABLE} (id)")
    with connection.cursor() as cursor:
        cursor.execute(invalid)
        assert cursor.fetchone() == (1,)

    call_command("migrate_as_owner", verbosity=0)

    with connection.cursor() as cursor:
        cursor.execute(invalid)
        assert cursor.fetchone() == (0,)
