"""Erasure as the last honest clerk sees it: the ledger is append-only, and what was erased stays erased. Plain SQL."""
from django.db import migrations

from apps.core import dbroles

TABLE = "accounts_erasure"
RULES = """
-- An erased person has no address, no password and no open account, and never has again.
CREATE FUNCTION accounts_user_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.contacts_erased_at IS NOT NULL AND (
       NEW.contacts_erased_at IS DISTINCT FROM OLD.contacts_erased_at OR NEW.full_name <> OLD.full_name)
     OR NEW.contacts_erased_at IS NOT NULL AND (
       NEW.email <> 'erased-' || NEW.id || '@erased.invalid' OR NEW.password NOT LIKE '!%') THEN
    RAISE EXCEPTION 'the contacts of person % are erased', NEW.id
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'user_erased_stays_erased';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER accounts_user_erased BEFORE UPDATE ON accounts_user
  FOR EACH ROW WHEN (OLD.contacts_erased_at IS NOT NULL OR NEW.contacts_erased_at IS NOT NULL)
  EXECUTE FUNCTION accounts_user_erased();
"""
UNDO = "DROP FUNCTION accounts_user_erased() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_erasure")]
    operations = [
        migrations.RunSQL(RULES, UNDO),
        migrations.RunSQL(dbroles.refuse_change(TABLE), dbroles.drop_refuse_change(TABLE)),
        migrations.RunSQL(dbroles.insert_only(TABLE), migrations.RunSQL.noop),
    ]
