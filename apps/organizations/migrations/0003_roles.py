"""Roles as the last honest clerk sees them: who may hold which, nobody an administrator and something else, nothing
ended comes back, nothing is deleted. Plain SQL; a test compares the table of roles with enums.ROLES_OF_KIND.
"""
from django.db import migrations

CHECK_ROLE = """
CREATE FUNCTION organizations_membership_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  body organizations_organization%ROWTYPE;
BEGIN
  SELECT * INTO body FROM organizations_organization WHERE id = NEW.organization_id;
  IF NOT (CASE body.kind
      WHEN 'state_body' THEN NEW.role IN ('drafter', 'ministry_signatory')
                             OR (NEW.role = 'coordinator' AND body.coordinates)
      WHEN 'association' THEN NEW.role IN ('association_officer', 'association_signatory')
      WHEN 'cabinet_office' THEN NEW.role IN ('cabinet_clerk', 'drafter', 'ministry_signatory')
      WHEN 'committee' THEN NEW.role = 'committee_clerk'
      WHEN 'supervisory' THEN NEW.role = 'auditor'
      WHEN 'operator' THEN NEW.role = 'administrator'
      ELSE false END) THEN
    RAISE EXCEPTION 'role % does not exist in a %', NEW.role, body.kind
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'membership_role_of_kind';
  END IF;
  -- Two grants to one person wait for each other, so that neither misses what the other gives.
  PERFORM 1 FROM accounts_user WHERE id = NEW.user_id FOR UPDATE;
  IF EXISTS (
    SELECT FROM organizations_membership other
    WHERE other.user_id = NEW.user_id
      AND (other.role = 'administrator') <> (NEW.role = 'administrator')
      AND tstzrange(other.valid_from, other.valid_to) && tstzrange(NEW.valid_from, NEW.valid_to)
  ) THEN
    RAISE EXCEPTION 'an administrator holds no other role'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'membership_administrator_alone';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_membership_check BEFORE INSERT ON organizations_membership
  FOR EACH ROW EXECUTE FUNCTION organizations_membership_check();

CREATE FUNCTION organizations_membership_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a role is ended, not deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.valid_to IS NOT NULL
     OR to_jsonb(NEW) - 'valid_to' - 'ended_by_id' IS DISTINCT FROM to_jsonb(OLD) - 'valid_to' - 'ended_by_id' THEN
    RAISE EXCEPTION 'role % may only be ended, once', OLD.id USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_membership_keep BEFORE UPDATE OR DELETE ON organizations_membership
  FOR EACH ROW EXECUTE FUNCTION organizations_membership_keep();

-- An organisation keeps its code (an address) and its kind (its roles hang on it).
CREATE FUNCTION organizations_organization_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind <> OLD.kind OR NEW.code <> OLD.code THEN
    RAISE EXCEPTION 'organisation % keeps its code and kind', OLD.code USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_organization_keep BEFORE UPDATE ON organizations_organization
  FOR EACH ROW EXECUTE FUNCTION organizations_organization_keep();
"""
UNDO = """
DROP FUNCTION organizations_membership_check() CASCADE;
DROP FUNCTION organizations_membership_keep() CASCADE;
DROP FUNCTION organizations_organization_keep() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0002_not_to_oneself"), ("accounts", "0002_session_epoch")]
    operations = [migrations.RunSQL(CHECK_ROLE, UNDO)]
