"""Frozen versions: what is public never changes; a scope statement is signed once."""
from django.db import migrations

from apps.core import dbroles

FROZEN_VERSION = (
    "EXISTS (SELECT 1 FROM draft_acts_draftactversion v WHERE v.id = {row}.version_id AND v.frozen_at IS NOT NULL)"
)
CHILDREN = ["draft_acts_versiontext", "draft_acts_provision", "draft_acts_attachment"]

REFUSE_INSERT = "".join(
    f"""
    CREATE FUNCTION {table}_frozen_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {FROZEN_VERSION.format(row="NEW")} THEN
        RAISE EXCEPTION 'the version of {table} is frozen' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {table}_frozen_version BEFORE INSERT ON {table}
      FOR EACH ROW EXECUTE FUNCTION {table}_frozen_version();"""
    for table in CHILDREN
)
REGISTERED_ACT = """
    CREATE FUNCTION draft_acts_draftact_registered() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.number IS NOT NULL AND (NEW.number IS DISTINCT FROM OLD.number OR NEW.initiator_id <> OLD.initiator_id
          OR NEW.registered_at <> OLD.registered_at OR NEW.kind <> OLD.kind OR NEW.state = 'preparing'
          OR NEW.title_ky <> OLD.title_ky OR NEW.title_ru <> OLD.title_ru) THEN
        RAISE EXCEPTION 'a registered act keeps its number, initiator, kind and titles'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER draft_acts_draftact_registered BEFORE UPDATE ON draft_acts_draftact
      FOR EACH ROW EXECUTE FUNCTION draft_acts_draftact_registered();
    CREATE FUNCTION draft_acts_draftact_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.number IS NOT NULL THEN
        RAISE EXCEPTION 'a registered act is never deleted' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN OLD;
    END $$;
    CREATE TRIGGER draft_acts_draftact_kept BEFORE DELETE ON draft_acts_draftact
      FOR EACH ROW EXECUTE FUNCTION draft_acts_draftact_kept();
    CREATE FUNCTION draft_acts_registered_has_scope() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.state <> 'preparing' AND NOT EXISTS (
          SELECT 1 FROM draft_acts_scopestatement s WHERE s.act_id = NEW.id
            AND (s.touches_lsg OR NEW.state IN ('out_of_scope', 'withdrawn'))) THEN
        RAISE EXCEPTION 'a registered act has a signed scope statement that fits its state'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF NEW.state <> 'preparing' AND NOT EXISTS (
          SELECT 1 FROM draft_acts_draftactversion v WHERE v.act_id = NEW.id AND v.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a registered act has a frozen version' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER draft_acts_registered_has_scope AFTER INSERT OR UPDATE ON draft_acts_draftact
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION draft_acts_registered_has_scope();"""
REGISTERED_DROP = """
    DROP FUNCTION draft_acts_draftact_registered() CASCADE;
    DROP FUNCTION draft_acts_draftact_kept() CASCADE;
    DROP FUNCTION draft_acts_registered_has_scope() CASCADE;"""


class Migration(migrations.Migration):
    dependencies = [("draft_acts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            dbroles.freeze("draft_acts_draftactversion", frozen_when="OLD.frozen_at IS NOT NULL"),
            dbroles.drop_freeze("draft_acts_draftactversion"),
        ),
        *[
            migrations.RunSQL(
                dbroles.freeze(table, frozen_when=FROZEN_VERSION.format(row="OLD")), dbroles.drop_freeze(table)
            )
            for table in CHILDREN
        ],
        migrations.RunSQL(
            REFUSE_INSERT, "".join(f"DROP FUNCTION {table}_frozen_version() CASCADE;" for table in CHILDREN)
        ),
        migrations.RunSQL(
            dbroles.refuse_change("draft_acts_scopestatement"),
            dbroles.drop_refuse_change("draft_acts_scopestatement"),
        ),
        migrations.RunSQL(dbroles.insert_only("draft_acts_scopestatement"), migrations.RunSQL.noop),
        migrations.RunSQL(REGISTERED_ACT, REGISTERED_DROP),
    ]
