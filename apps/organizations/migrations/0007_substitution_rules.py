"""Substitution as the last honest clerk sees it: one at a time for a role, no substitute of a substitute, a power role
by two administrators, nothing changed afterwards but its confirmations and its end. Plain SQL.
"""
from django.db import migrations

RULES = """
-- Nobody is stood in for twice in one role, and nobody stands in for two people in the same role at once: else it
-- could not be said for whom a step was taken. Ranges of one number need no extension.
ALTER TABLE organizations_substitution
  ADD CONSTRAINT substitution_one_a_role EXCLUDE USING gist (
    int8range(membership_id, membership_id, '[]') WITH &&, tstzrange(starts_at, stops_at) WITH &&),
  ADD CONSTRAINT substitution_for_one_person EXCLUDE USING gist (
    int8range(substitute_id, substitute_id, '[]') WITH &&,
    int8range(organization_id, organization_id, '[]') WITH &&,
    int8range(hashtext(role), hashtext(role), '[]') WITH &&,
    tstzrange(starts_at, stops_at) WITH &&);

CREATE FUNCTION organizations_substitution_check() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  held organizations_membership%ROWTYPE;
BEGIN
  SELECT * INTO held FROM organizations_membership WHERE id = NEW.membership_id;
  IF (held.user_id, held.organization_id, held.role) IS DISTINCT FROM (NEW.absent_id, NEW.organization_id, NEW.role)
     OR (held.valid_to IS NOT NULL AND held.valid_to <= NEW.named_at) THEN
    RAISE EXCEPTION 'the absent person does not hold this role'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'substitution_of_a_role_held';
  END IF;
  IF NOT EXISTS (
    SELECT FROM organizations_membership own
    WHERE own.user_id = NEW.substitute_id AND own.organization_id = NEW.organization_id
      AND own.valid_from <= NEW.named_at AND (own.valid_to IS NULL OR own.valid_to > NEW.named_at)
  ) THEN
    RAISE EXCEPTION 'the substitute is not of the same organisation'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'substitution_in_one_organization';
  END IF;
  -- Two leaves that name each other's people wait for each other, always in this order.
  PERFORM 1 FROM accounts_user WHERE id IN (NEW.absent_id, NEW.substitute_id) ORDER BY id FOR UPDATE;
  IF EXISTS (
    SELECT FROM organizations_substitution other
    WHERE tstzrange(other.starts_at, other.stops_at) && tstzrange(NEW.starts_at, NEW.stops_at)
      AND (other.absent_id = NEW.substitute_id OR other.substitute_id = NEW.absent_id)
  ) THEN
    RAISE EXCEPTION 'a substitute has no substitute'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'substitution_no_chain';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_substitution_check BEFORE INSERT ON organizations_substitution
  FOR EACH ROW EXECUTE FUNCTION organizations_substitution_check();

CREATE FUNCTION organizations_substitution_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ends text[] := ARRAY['stops_at', 'end_kind', 'ended_by_id', 'ended_at', 'reason'];
  confirmations text[] := ARRAY['approved_by_id', 'approved_at', 'confirmed_by_id', 'confirmed_at'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD.end_kind <> ''
     OR to_jsonb(NEW) - ends - confirmations IS DISTINCT FROM to_jsonb(OLD) - ends - confirmations
     OR (OLD.approved_by_id IS NOT NULL AND OLD.approved_by_id IS DISTINCT FROM NEW.approved_by_id)
     OR (OLD.approved_at IS NOT NULL AND OLD.approved_at IS DISTINCT FROM NEW.approved_at)
     OR (OLD.confirmed_by_id IS NOT NULL AND OLD.confirmed_by_id IS DISTINCT FROM NEW.confirmed_by_id)
     OR (OLD.confirmed_at IS NOT NULL AND OLD.confirmed_at IS DISTINCT FROM NEW.confirmed_at)
     OR NEW.stops_at > OLD.stops_at THEN
    RAISE EXCEPTION 'substitution % may only be confirmed and ended, once', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_substitution_keep BEFORE UPDATE OR DELETE ON organizations_substitution
  FOR EACH ROW EXECUTE FUNCTION organizations_substitution_keep();

-- Who confirms administers at that moment, whoever writes the row.
CREATE FUNCTION organizations_substitution_confirm() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.approved_by_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM organizations_membership held
    WHERE held.user_id = NEW.approved_by_id AND held.role = 'administrator' AND held.valid_from <= NEW.approved_at
      AND (held.valid_to IS NULL OR held.valid_to > NEW.approved_at)
  ) OR NEW.confirmed_by_id IS NOT NULL AND NOT EXISTS (
    SELECT FROM organizations_membership held
    WHERE held.user_id = NEW.confirmed_by_id AND held.role = 'administrator' AND held.valid_from <= NEW.confirmed_at
      AND (held.valid_to IS NULL OR held.valid_to > NEW.confirmed_at)
  ) THEN
    RAISE EXCEPTION 'administrators confirm a substitution in this role'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'substitution_two_administrators';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_substitution_confirm BEFORE INSERT OR UPDATE ON organizations_substitution
  FOR EACH ROW EXECUTE FUNCTION organizations_substitution_confirm();
"""
UNDO = """
DROP FUNCTION organizations_substitution_check() CASCADE;
DROP FUNCTION organizations_substitution_keep() CASCADE;
DROP FUNCTION organizations_substitution_confirm() CASCADE;
ALTER TABLE organizations_substitution DROP CONSTRAINT substitution_one_a_role,
  DROP CONSTRAINT substitution_for_one_person;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0006_substitution"), ("accounts", "0002_session_epoch")]
    operations = [migrations.RunSQL(RULES, UNDO)]
