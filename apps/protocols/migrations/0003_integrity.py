"""Signatures and points are append-only; a fixed protocol keeps its text; outcomes freeze with it."""

from django.db import migrations

from apps.core import dbroles

APPEND_ONLY = ["protocols_protocolpoint", "protocols_signature"]
SIGNED_BY_BOTH = """
    CREATE FUNCTION protocols_signed_by_both() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.state = 'signed' AND (SELECT count(*) FROM protocols_signature s
          WHERE s.protocol_id = NEW.id AND s.status = 'signed' AND s.content_hash = NEW.content_hash) < 2 THEN
        RAISE EXCEPTION 'a signed protocol has the signatures of both sides over its hash'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER protocols_signed_by_both AFTER INSERT OR UPDATE ON protocols_agreementprotocol
      DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION protocols_signed_by_both();
    CREATE FUNCTION protocols_signature_over_h() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM protocols_agreementprotocol p
          WHERE p.id = NEW.protocol_id AND p.content_hash = NEW.content_hash AND p.state = 'fixed') THEN
        RAISE EXCEPTION 'a signature stands over the hash of a protocol that is being signed'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER protocols_signature_over_h BEFORE INSERT ON protocols_signature
      FOR EACH ROW EXECUTE FUNCTION protocols_signature_over_h();"""


class Migration(migrations.Migration):
    dependencies = [("protocols", "0002_initial")]
    operations = [
        *[
            migrations.RunSQL(dbroles.refuse_change(table), dbroles.drop_refuse_change(table))
            for table in APPEND_ONLY
        ],
        *[migrations.RunSQL(dbroles.insert_only(table), migrations.RunSQL.noop) for table in APPEND_ONLY],
        migrations.RunSQL(
            dbroles.freeze(
                "protocols_agreementprotocol",
                frozen_when="true",
                may_change=("state", "signed_at", "annulled_at", "annulment_reason"),
            ),
            dbroles.drop_freeze("protocols_agreementprotocol"),
        ),
        migrations.RunSQL(
            dbroles.freeze(
                "protocols_agendapoint", frozen_when="OLD.frozen_at IS NOT NULL", may_change=("frozen_at",)
            ),
            dbroles.drop_freeze("protocols_agendapoint"),
        ),
        migrations.RunSQL(
            SIGNED_BY_BOTH,
            "DROP FUNCTION protocols_signed_by_both() CASCADE; DROP FUNCTION protocols_signature_over_h() CASCADE;",
        ),
    ]
