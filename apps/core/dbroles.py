"""SQL pieces for migrations: what the application's role may not do, and frozen rows. Plain SQL on purpose:
no session setting can switch it off.
"""

import os

APP_ROLE = os.environ.get("PORTAL_APP_ROLE", "portal_app")


def insert_only(table: str) -> str:
    """Take UPDATE and DELETE on `table` from the application's role, where that role exists."""
    return f"""
    DO $$ BEGIN
      IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{APP_ROLE}') THEN
        REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE};
        GRANT SELECT, INSERT ON {table} TO {APP_ROLE};
      END IF;
    END $$;"""


def refuse_change(table: str) -> str:
    """A trigger that refuses every UPDATE and DELETE on `table`, whoever asks."""
    return f"""
    CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
    CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
      FOR EACH ROW EXECUTE FUNCTION {table}_append_only();"""


def drop_refuse_change(table: str) -> str:
    return f"DROP FUNCTION {table}_append_only() CASCADE;"


def freeze(table: str, *, frozen_when: str, may_change: tuple[str, ...] = ()) -> str:
    """Freeze rows of `table` for which `frozen_when` (an SQL condition over OLD) holds.

    Only the columns in `may_change` may then change; DELETE is refused.
    """
    drop = " - ".join(["to_jsonb({row})", *[f"'{column}'" for column in may_change]])
    return f"""
    CREATE FUNCTION {table}_freeze() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF ({frozen_when}) THEN
        IF TG_OP = 'DELETE' OR ({drop.format(row="NEW")}) IS DISTINCT FROM ({drop.format(row="OLD")}) THEN
          RAISE EXCEPTION '{table} row % is frozen', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {table}_freeze BEFORE UPDATE OR DELETE ON {table}
      FOR EACH ROW EXECUTE FUNCTION {table}_freeze();"""


def drop_freeze(table: str) -> str:
    return f"DROP FUNCTION {table}_freeze() CASCADE;"
