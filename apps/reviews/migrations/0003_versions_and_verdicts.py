"""Two people on one draft; and a submitted opinion holds the remarks its verdict allows, or the database refuses it."""
from django.db import migrations, models

VERDICT_HOLDS = """
    CREATE FUNCTION reviews_opinion_verdict_holds() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE objections int; proposals int;
    BEGIN
      IF NEW.submitted_at IS NULL THEN RETURN NEW; END IF;
      SELECT count(*) FILTER (WHERE kind = 'objection'), count(*) FILTER (WHERE kind = 'proposal')
        INTO objections, proposals FROM reviews_remark WHERE opinion_id = NEW.id;
      IF (NEW.verdict IN ('agree', 'outside_competence') AND objections + proposals > 0)
         OR (NEW.verdict = 'agree_with_remarks' AND (objections > 0 OR proposals = 0))
         OR (NEW.verdict IN ('on_condition', 'disagree') AND objections = 0)
      THEN
        RAISE EXCEPTION 'opinion %: the verdict % does not allow % objections and % proposals',
          NEW.id, NEW.verdict, objections, proposals USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_opinion_verdict_holds AFTER INSERT OR UPDATE ON reviews_consolidatedopinion
      FOR EACH ROW EXECUTE FUNCTION reviews_opinion_verdict_holds();"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_integrity")]
    operations = [
        migrations.AddField("consolidatedopinion", "text_version", models.PositiveIntegerField(default=1)),
        migrations.AddField("consolidatedopinion", "return_note", models.TextField(blank=True, max_length=4000)),
        migrations.AddField("remark", "edit_version", models.PositiveIntegerField(default=1)),
        migrations.RunSQL(VERDICT_HOLDS, "DROP FUNCTION reviews_opinion_verdict_holds() CASCADE;"),
    ]
