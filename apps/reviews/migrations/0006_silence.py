"""Answers and replies that did not come: put on record once; and none comes once a meeting has taken the remarks up."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core import dbroles

TAKEN_UP = """
    CREATE FUNCTION reviews_review_taken_up_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF (NEW.taken_up_at IS NOT NULL AND NEW.filed_at IS NULL)
         OR (OLD.taken_up_at IS NOT NULL
             AND (NEW.taken_up_at IS DISTINCT FROM OLD.taken_up_at
                  OR NEW.answers_sent_at IS DISTINCT FROM OLD.answers_sent_at
                  OR NEW.replies_sent_at IS DISTINCT FROM OLD.replies_sent_at))
      THEN
        RAISE EXCEPTION 'the remarks of review % are taken up: nothing is answered after that', OLD.id
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_review_taken_up_stays BEFORE UPDATE ON reviews_review
      FOR EACH ROW EXECUTE FUNCTION reviews_review_taken_up_stays();"""
TAKEN_UP_DROP = "DROP FUNCTION reviews_review_taken_up_stays() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("reviews", "0005_outages")]
    operations = [
        migrations.AddField(
            model_name="review",
            name="taken_up_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="SilenceRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("side", models.CharField(choices=[("ministry", "the ministry did not answer in time"), ("association", "the association did not reply in time")], max_length=12)),
                ("at", models.DateTimeField()),
                ("review", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="silences", to="reviews.review")),
                ("term", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="silence", to="reviews.term")),
            ],
        ),
        migrations.RunSQL(
            dbroles.refuse_change("reviews_silencerecord"), dbroles.drop_refuse_change("reviews_silencerecord")
        ),
        migrations.RunSQL(dbroles.insert_only("reviews_silencerecord"), migrations.RunSQL.noop),
        migrations.RunSQL(TAKEN_UP, TAKEN_UP_DROP),
    ]
