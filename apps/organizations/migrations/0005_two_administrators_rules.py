"""A power role as the last honest clerk sees it: two administrators, neither of them the receiver, or it is not given.

The installation itself gives the role of administrator only while fewer than two people hold it, and everything to
the accounts of a demonstration, with which nobody signs in elsewhere. Rows from before stay as they are. Plain SQL;
a test compares the list of power roles with enums.POWER_ROLES.
"""
from django.db import migrations

TWO_ADMINISTRATORS = """
CREATE FUNCTION organizations_power_role_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.role NOT IN ('ministry_signatory', 'association_signatory', 'coordinator', 'cabinet_clerk',
                      'committee_clerk', 'administrator') THEN
    RETURN NEW;
  END IF;
  IF NEW.granted_by_id IS NULL THEN
    IF EXISTS (SELECT FROM accounts_user WHERE id = NEW.user_id AND is_demo) THEN
      RETURN NEW;
    END IF;
    IF NEW.role = 'administrator' THEN
      -- Two commands at once wait for each other, so that there are two of these administrators, not three.
      PERFORM pg_advisory_xact_lock(hashtext('organizations.first_administrators'));
      IF (SELECT count(DISTINCT held.user_id) FROM organizations_membership held
          JOIN accounts_user person ON person.id = held.user_id AND person.is_active
          WHERE held.role = 'administrator' AND held.valid_from <= NEW.valid_from
            AND (held.valid_to IS NULL OR held.valid_to > NEW.valid_from)) < 2 THEN
        RETURN NEW;
      END IF;
    END IF;
    RAISE EXCEPTION 'the role % is given by two administrators', NEW.role
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'membership_two_administrators';
  END IF;
  IF NEW.confirmed_by_id IS NULL
     OR (SELECT count(DISTINCT held.user_id) FROM organizations_membership held
         JOIN accounts_user person ON person.id = held.user_id AND person.is_active
         WHERE held.user_id IN (NEW.granted_by_id, NEW.confirmed_by_id)
           AND held.role = 'administrator' AND held.valid_from <= NEW.valid_from
           AND (held.valid_to IS NULL OR held.valid_to > NEW.valid_from)) < 2 THEN
    RAISE EXCEPTION 'the role % is given by two administrators', NEW.role
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'membership_two_administrators';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_power_role_check BEFORE INSERT ON organizations_membership
  FOR EACH ROW EXECUTE FUNCTION organizations_power_role_check();

-- The mark of a demonstration account is given with the account and stays.
CREATE FUNCTION organizations_keep_demo_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'account % keeps its mark of the demonstration', OLD.id
    USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER organizations_keep_demo_mark BEFORE UPDATE OF is_demo ON accounts_user
  FOR EACH ROW WHEN (OLD.is_demo IS DISTINCT FROM NEW.is_demo)
  EXECUTE FUNCTION organizations_keep_demo_mark();

-- One proposal of a role waits for a person at a time. Ranges of one number need no extension.
ALTER TABLE organizations_roleproposal ADD CONSTRAINT proposal_one_waiting EXCLUDE USING gist (
  int8range(user_id, user_id, '[]') WITH &&,
  int8range(organization_id, organization_id, '[]') WITH &&,
  int8range(hashtext(role), hashtext(role), '[]') WITH &&,
  tstzrange(proposed_at, LEAST(COALESCE(decided_at, expires_at), expires_at)) WITH &&
);

CREATE FUNCTION organizations_roleproposal_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  given organizations_membership%ROWTYPE;
  ends text[] := ARRAY['outcome', 'decided_by_id', 'decided_at', 'reason', 'membership_id'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD.outcome <> '' OR to_jsonb(NEW) - ends IS DISTINCT FROM to_jsonb(OLD) - ends THEN
    RAISE EXCEPTION 'proposal % of a role may only be decided, once', OLD.id
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.membership_id IS NOT NULL THEN
    SELECT * INTO given FROM organizations_membership WHERE id = NEW.membership_id;
    IF (given.user_id, given.organization_id, given.role, given.rank, given.granted_by_id, given.confirmed_by_id)
       IS DISTINCT FROM
       (NEW.user_id, NEW.organization_id, NEW.role, NEW.rank, NEW.proposed_by_id, NEW.decided_by_id) THEN
      RAISE EXCEPTION 'role % is not the one of proposal %', given.id, NEW.id
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organizations_roleproposal_keep BEFORE UPDATE OR DELETE ON organizations_roleproposal
  FOR EACH ROW EXECUTE FUNCTION organizations_roleproposal_keep();
"""
UNDO = """
DROP FUNCTION organizations_power_role_check() CASCADE;
DROP FUNCTION organizations_keep_demo_mark() CASCADE;
DROP FUNCTION organizations_roleproposal_keep() CASCADE;
ALTER TABLE organizations_roleproposal DROP CONSTRAINT proposal_one_waiting;
"""


class Migration(migrations.Migration):
    dependencies = [("organizations", "0004_two_administrators"), ("accounts", "0002_session_epoch")]
    operations = [migrations.RunSQL(TWO_ADMINISTRATORS, UNDO)]
