"""What a document says never changes; its file never changes once it is ready. Plain SQL: nothing switches it off."""
from django.db import migrations

from apps.core.dbroles import drop_freeze, drop_refuse_change, freeze, refuse_change

FACTS = """
CREATE FUNCTION documents_generateddocument_facts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.kind, NEW.source_type, NEW.source_id, NEW.canonical_json, NEW.content_hash, NEW.created_at, NEW.number)
     IS DISTINCT FROM
     (OLD.kind, OLD.source_type, OLD.source_id, OLD.canonical_json, OLD.content_hash, OLD.created_at, OLD.number)
  THEN
    RAISE EXCEPTION 'what document % says is fixed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER documents_generateddocument_facts BEFORE UPDATE ON documents_generateddocument
  FOR EACH ROW EXECUTE FUNCTION documents_generateddocument_facts();

CREATE FUNCTION documents_numbersequence_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NEW.last <> OLD.last + 1 OR (NEW.kind, NEW.year) IS DISTINCT FROM (OLD.kind, OLD.year) THEN
    RAISE EXCEPTION 'numbers go up by one and are never given back' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER documents_numbersequence_forward BEFORE UPDATE OR DELETE ON documents_numbersequence
  FOR EACH ROW EXECUTE FUNCTION documents_numbersequence_forward();
"""
DROP_FACTS = """
DROP FUNCTION documents_generateddocument_facts() CASCADE;
DROP FUNCTION documents_numbersequence_forward() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]

    operations = [
        migrations.RunSQL(refuse_change("documents_storedfile"), drop_refuse_change("documents_storedfile")),
        migrations.RunSQL(
            freeze(
                "documents_generateddocument",
                frozen_when="OLD.state IN ('ready', 'annulled')",
                may_change=("state", "annulled_at"),
            ),
            drop_freeze("documents_generateddocument"),
        ),
        migrations.RunSQL(FACTS, DROP_FACTS),
    ]
