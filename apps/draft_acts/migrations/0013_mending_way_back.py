"""Every step of mending keeps the way back to the reading before it; steps are counted without a gap and never changed.

An older process that still answers knows no way back and kept the reading before every twentieth step only. The
database keeps it whole for such a step: the step is stored before the text is, so the text still is the one before.
Steps from before this migration are not checked (NOT VALID): those without a reading of their own cannot be undone
exactly, and are not.
"""
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q

TABLE = "draft_acts_mendingstep"
KEEP_BEFORE = f"""
    CREATE FUNCTION {TABLE}_keep_before() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.before IS NULL AND NEW.way_back IS NULL THEN
        SELECT t.read INTO NEW.before FROM draft_acts_versiontext t WHERE t.id = NEW.text_id;
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {TABLE}_keep_before BEFORE INSERT ON {TABLE}
      FOR EACH ROW EXECUTE FUNCTION {TABLE}_keep_before();"""
REFUSE_UPDATE = f"""
    CREATE FUNCTION {TABLE}_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      RAISE EXCEPTION 'a step of {TABLE} is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER {TABLE}_unchanged BEFORE UPDATE ON {TABLE}
      FOR EACH ROW EXECUTE FUNCTION {TABLE}_unchanged();"""
# Deferred, since a text goes with all its steps in one statement.
COUNTED = f"""
    CREATE FUNCTION {TABLE}_counted() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      mended bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.text_id ELSE NEW.text_id END;
    BEGIN
      IF EXISTS (SELECT 1 FROM {TABLE} s WHERE s.text_id = mended HAVING count(*) <> coalesce(max(s.number), 0)) THEN
        RAISE EXCEPTION 'steps of {TABLE} are counted without a gap: only the last one goes'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER {TABLE}_counted AFTER INSERT OR DELETE ON {TABLE}
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {TABLE}_counted();"""


class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0012_scope_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='mendingstep',
            name='way_back',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='mendingstep',
            name='before_hash',
            field=models.CharField(blank=True, db_default='', max_length=64),
        ),
        migrations.RunSQL(KEEP_BEFORE, f"DROP FUNCTION {TABLE}_keep_before() CASCADE;"),
        AddConstraintNotValid(
            model_name='mendingstep',
            constraint=models.CheckConstraint(
                condition=Q(before__isnull=False) | (Q(way_back__isnull=False) & ~Q(before_hash="")),
                name='mending_has_way_back',
            ),
        ),
        migrations.RunSQL(REFUSE_UPDATE, f"DROP FUNCTION {TABLE}_unchanged() CASCADE;"),
        migrations.RunSQL(COUNTED, f"DROP FUNCTION {TABLE}_counted() CASCADE;"),
    ]
