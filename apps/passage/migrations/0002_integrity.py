"""The doors in the database: no certificate without closed reviews, no submission without a certificate in force."""

from django.db import migrations

from apps.core import dbroles

APPEND_ONLY = ["passage_decision", "passage_dossier"]
DOORS = """
    CREATE FUNCTION passage_submission_door() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.kind = 'submitted' AND NOT EXISTS (
          SELECT 1 FROM passage_certificate c
          WHERE c.id = NEW.certificate_id AND c.act_id = NEW.act_id AND c.state = 'in_force') THEN
        RAISE EXCEPTION 'a submission needs a certificate in force' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER passage_submission_door AFTER INSERT ON passage_decision
      FOR EACH ROW EXECUTE FUNCTION passage_submission_door();
    CREATE FUNCTION passage_certificate_door() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.state = 'in_force' AND (
          NOT EXISTS (SELECT 1 FROM reviews_review r JOIN reviews_consultation c ON c.id = r.consultation_id
                      WHERE c.act_id = NEW.act_id)
          OR EXISTS (
          SELECT 1 FROM reviews_review r JOIN reviews_consultation c ON c.id = r.consultation_id
          WHERE c.act_id = NEW.act_id
            AND NOT EXISTS (SELECT 1 FROM reviews_closingnote n WHERE n.review_id = r.id)
            AND NOT EXISTS (SELECT 1 FROM protocols_agreementprotocol p
                            WHERE p.review_id = r.id AND p.state = 'signed'))) THEN
        RAISE EXCEPTION 'a certificate needs every review closed by a protocol or a note'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER passage_certificate_door AFTER INSERT ON passage_certificate
      FOR EACH ROW EXECUTE FUNCTION passage_certificate_door();
    CREATE FUNCTION passage_act_state_door() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.state IN ('certified', 'submitted', 'returned', 'adopted', 'rejected') AND NOT EXISTS (
          SELECT 1 FROM passage_certificate c WHERE c.act_id = NEW.id AND c.state = 'in_force') THEN
        RAISE EXCEPTION 'this state of an act needs a certificate in force'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF NEW.state IN ('submitted', 'returned', 'adopted', 'rejected') AND NOT EXISTS (
          SELECT 1 FROM passage_decision d WHERE d.act_id = NEW.id AND d.kind = NEW.state) THEN
        RAISE EXCEPTION 'this state of an act needs its recorded decision'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER passage_act_state_door AFTER INSERT OR UPDATE OF state ON draft_acts_draftact
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION passage_act_state_door();"""
DOORS_DROP = """
    DROP FUNCTION passage_submission_door() CASCADE;
    DROP FUNCTION passage_certificate_door() CASCADE;
    DROP FUNCTION passage_act_state_door() CASCADE;"""


class Migration(migrations.Migration):
    dependencies = [
        ("passage", "0001_initial"),
        ("protocols", "0003_integrity"),
        ("reviews", "0002_integrity"),
    ]
    operations = [
        *[
            migrations.RunSQL(dbroles.refuse_change(table), dbroles.drop_refuse_change(table))
            for table in APPEND_ONLY
        ],
        *[migrations.RunSQL(dbroles.insert_only(table), migrations.RunSQL.noop) for table in APPEND_ONLY],
        migrations.RunSQL(
            dbroles.freeze("passage_certificate", frozen_when="true", may_change=("state", "annulled_at")),
            dbroles.drop_freeze("passage_certificate"),
        ),
        migrations.RunSQL(DOORS, DOORS_DROP),
    ]
