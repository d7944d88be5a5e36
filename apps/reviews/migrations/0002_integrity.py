"""Append-only terms, receipts, notes and decisions; opinions, remarks, answers and replies freeze when they go out."""
from django.db import migrations

from apps.core import dbroles

APPEND_ONLY = [
    "reviews_term",
    "reviews_receipt",
    "reviews_expirydecision",
    "reviews_closingnote",
    "reviews_leftout",
    "reviews_consultation",
]
FREEZE = [
    ("reviews_consolidatedopinion", "OLD.submitted_at IS NOT NULL", ()),
    (
        "reviews_remark",
        "EXISTS (SELECT 1 FROM reviews_consolidatedopinion o "
        "WHERE o.id = OLD.opinion_id AND o.submitted_at IS NOT NULL)",
        ("withdrawn_at", "withdrawn_by_id"),
    ),
    ("reviews_remarkanswer", "OLD.sent_at IS NOT NULL", ()),
    ("reviews_reply", "OLD.sent_at IS NOT NULL", ()),
]
NO_LATE_REMARK = """
    CREATE FUNCTION reviews_remark_no_late_insert() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM reviews_consolidatedopinion o
                 WHERE o.id = NEW.opinion_id AND o.submitted_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a submitted opinion takes no further remark' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_remark_no_late_insert BEFORE INSERT ON reviews_remark
      FOR EACH ROW EXECUTE FUNCTION reviews_remark_no_late_insert();
    CREATE FUNCTION reviews_remark_withdrawn_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        RAISE EXCEPTION 'a withdrawn remark stays withdrawn' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_remark_withdrawn_stays BEFORE UPDATE ON reviews_remark
      FOR EACH ROW EXECUTE FUNCTION reviews_remark_withdrawn_stays();
    CREATE FUNCTION reviews_review_facts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE'
         OR NEW.sent_at <> OLD.sent_at OR NEW.deemed_at <> OLD.deemed_at OR NEW.due_at < OLD.due_at AND OLD.filed_at IS NOT NULL
         OR (OLD.acknowledged_at IS NOT NULL AND NEW.acknowledged_at IS DISTINCT FROM OLD.acknowledged_at)
         OR (OLD.filed_at IS NOT NULL AND NEW.filed_at IS DISTINCT FROM OLD.filed_at)
         OR (OLD.effect_established_at IS NOT NULL
             AND NEW.effect_established_at IS DISTINCT FROM OLD.effect_established_at)
         OR (OLD.answers_sent_at IS NOT NULL AND NEW.answers_sent_at IS DISTINCT FROM OLD.answers_sent_at)
         OR (OLD.replies_sent_at IS NOT NULL AND NEW.replies_sent_at IS DISTINCT FROM OLD.replies_sent_at)
      THEN
        RAISE EXCEPTION 'the facts of a review do not change' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_review_facts_stay BEFORE UPDATE OR DELETE ON reviews_review
      FOR EACH ROW EXECUTE FUNCTION reviews_review_facts_stay();"""
NO_LATE_REMARK_DROP = """
    DROP FUNCTION reviews_remark_no_late_insert() CASCADE;
    DROP FUNCTION reviews_remark_withdrawn_stays() CASCADE;
    DROP FUNCTION reviews_review_facts_stay() CASCADE;"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0001_initial")]
    operations = [
        *[
            migrations.RunSQL(dbroles.refuse_change(table), dbroles.drop_refuse_change(table))
            for table in APPEND_ONLY
        ],
        *[migrations.RunSQL(dbroles.insert_only(table), migrations.RunSQL.noop) for table in APPEND_ONLY],
        *[
            migrations.RunSQL(
                dbroles.freeze(table, frozen_when=when, may_change=columns), dbroles.drop_freeze(table)
            )
            for table, when, columns in FREEZE
        ],
        migrations.RunSQL(NO_LATE_REMARK, NO_LATE_REMARK_DROP),
    ]
