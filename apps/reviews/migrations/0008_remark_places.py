"""Where remarks belong in a later text: rows that are appended, the frozen remark itself stays as it is."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core import dbroles

TABLE = "reviews_remarkplace"
IN_ITS_VERSION = f"""
    CREATE FUNCTION {TABLE}_in_its_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.provision_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM draft_acts_provision p WHERE p.id = NEW.provision_id AND p.version_id = NEW.version_id) THEN
        RAISE EXCEPTION 'the place of a remark is a provision of the version it is about'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF NOT EXISTS (
          SELECT 1 FROM reviews_remark r
          JOIN reviews_consolidatedopinion o ON o.id = r.opinion_id
          JOIN draft_acts_provision p ON p.id = r.provision_id
          JOIN draft_acts_draftactversion earlier ON earlier.id = p.version_id
          JOIN draft_acts_draftactversion later ON later.id = NEW.version_id
          WHERE r.id = NEW.remark_id AND o.submitted_at IS NOT NULL AND earlier.act_id = later.act_id
            AND earlier.number < later.number AND later.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a submitted remark has its place in a later public version of the same act'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {TABLE}_in_its_version BEFORE INSERT ON {TABLE}
      FOR EACH ROW EXECUTE FUNCTION {TABLE}_in_its_version();"""


class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0005_comparisons'),
        ('reviews', '0007_paper_opinions'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='RemarkPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('carried', 'went with its provision'), ('displaced', 'lost its place'), ('chosen', 'placed by a person'), ('closed', 'no longer applies')], max_length=12)),
                ('cause', models.CharField(blank=True, choices=[('removed', 'its provision is not in the new text'), ('unsure', 'its provision may be another one in the new text')], max_length=10)),
                ('reason', models.TextField(blank=True, max_length=4000, verbose_name='reason')),
                ('lang', models.CharField(choices=[('ky', 'Kyrgyz'), ('ru', 'Russian')], default='ky', max_length=2)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('provision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='draft_acts.provision')),
                ('remark', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='reviews.remark')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remark_places', to='draft_acts.draftactversion')),
            ],
            options={
                'indexes': [models.Index(fields=['version', 'remark', '-id'], name='place_ruling')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('cause', ''), ('decided_by', None), ('outcome', 'carried'), ('provision__isnull', False)), models.Q(('decided_by', None), ('outcome', 'displaced'), ('provision', None), models.Q(('cause', ''), _negated=True)), models.Q(('cause', ''), ('decided_by__isnull', False), ('outcome', 'chosen'), ('provision__isnull', False)), models.Q(('cause', ''), ('decided_by__isnull', False), ('outcome', 'closed'), ('provision', None), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='place_outcome_has_fact')],
            },
        ),
        migrations.RunSQL(dbroles.refuse_change(TABLE), dbroles.drop_refuse_change(TABLE)),
        migrations.RunSQL(dbroles.insert_only(TABLE), migrations.RunSQL.noop),
        migrations.RunSQL(IN_ITS_VERSION, f"DROP FUNCTION {TABLE}_in_its_version() CASCADE;"),
    ]
