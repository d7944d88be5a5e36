"""Terms moved by an outage: append-only; and a late opinion is in time only through such a recorded act."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core import dbroles

LATE_STAYS = """
    CREATE FUNCTION reviews_reviewopinion_late_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF OLD.late AND NOT NEW.late
         AND NOT EXISTS (SELECT 1 FROM reviews_termmove m WHERE m.in_time_id = OLD.id)
      THEN
        RAISE EXCEPTION 'opinion link % came late: only a recorded act changes that', OLD.id
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_reviewopinion_late_stays BEFORE UPDATE ON reviews_reviewopinion
      FOR EACH ROW EXECUTE FUNCTION reviews_reviewopinion_late_stays();
    CREATE FUNCTION reviews_termmove_holds() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (SELECT 1 FROM deadlines_outage o WHERE o.id = NEW.outage_id AND o.state = 'confirmed') THEN
        RAISE EXCEPTION 'only a confirmed outage moves a term' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF NEW.term_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM reviews_term t JOIN reviews_term e ON e.id = NEW.earlier_id
        WHERE t.id = NEW.term_id AND t.stage = e.stage AND t.review_id IS NOT DISTINCT FROM e.review_id
          AND t.act_id = e.act_id AND t.sequence > e.sequence AND t.last_day > e.last_day)
      THEN
        RAISE EXCEPTION 'an outage only moves a term to a later day' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_termmove_holds BEFORE INSERT ON reviews_termmove
      FOR EACH ROW EXECUTE FUNCTION reviews_termmove_holds();"""
LATE_STAYS_DROP = """
    DROP FUNCTION reviews_reviewopinion_late_stays() CASCADE;
    DROP FUNCTION reviews_termmove_holds() CASCADE;"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0003_outages"), ("reviews", "0004_reminders")]
    operations = [
        migrations.CreateModel(
            name='TermMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept', models.CharField(blank=True, choices=[('established', 'the expiry had been established before the outage was confirmed')], max_length=20)),
                ('at', models.DateTimeField()),
                ('earlier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='reviews.term')),
                ('in_time', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='reviews.reviewopinion')),
                ('outage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='moves', to='deadlines.outage')),
                ('term', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='moved_by', to='reviews.term')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('outage', 'earlier'), name='term_move_once_an_outage'), models.UniqueConstraint(condition=models.Q(('term__isnull', False)), fields=('earlier',), name='term_moved_once'), models.CheckConstraint(condition=models.Q(models.Q(('kept', ''), ('term__isnull', False)), models.Q(('in_time', None), ('kept__in', ['established']), ('term', None)), _connector='OR'), name='term_moved_or_kept')],
            },
        ),
        migrations.RunSQL(
            dbroles.refuse_change("reviews_termmove"), dbroles.drop_refuse_change("reviews_termmove")
        ),
        migrations.RunSQL(dbroles.insert_only("reviews_termmove"), migrations.RunSQL.noop),
        migrations.RunSQL(LATE_STAYS, LATE_STAYS_DROP),
    ]
