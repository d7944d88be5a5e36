"""What a public version changed against the one before it: one row a language, made once and never changed."""
import django.db.models.deletion
from django.db import migrations, models

from apps.core import dbroles

TABLE = "draft_acts_versioncomparison"
OF_PUBLIC_VERSIONS = f"""
    CREATE FUNCTION {TABLE}_of_public_versions() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NOT EXISTS (
          SELECT 1 FROM draft_acts_draftactversion v JOIN draft_acts_draftactversion p ON p.act_id = v.act_id
          WHERE v.id = NEW.version_id AND p.id = NEW.previous_id AND p.number < v.number
            AND v.frozen_at IS NOT NULL AND p.frozen_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a comparison is of two public versions of one act'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {TABLE}_of_public_versions BEFORE INSERT ON {TABLE}
      FOR EACH ROW EXECUTE FUNCTION {TABLE}_of_public_versions();"""


class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0004_paper_restrictions'),
    ]

    operations = [
        migrations.CreateModel(
            name='VersionComparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('ky', 'Kyrgyz'), ('ru', 'Russian')], max_length=2)),
                ('method', models.CharField(max_length=20)),
                ('compared', models.JSONField()),
                ('changed', models.PositiveIntegerField()),
                ('created_at', models.DateTimeField()),
                ('previous', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='draft_acts.draftactversion')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='draft_acts.draftactversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'language'), name='comparison_one_a_language'), models.CheckConstraint(condition=models.Q(('version', models.F('previous')), _negated=True), name='comparison_of_two_versions')],
            },
        ),
        migrations.RunSQL(dbroles.refuse_change(TABLE), dbroles.drop_refuse_change(TABLE)),
        migrations.RunSQL(dbroles.insert_only(TABLE), migrations.RunSQL.noop),
        migrations.RunSQL(OF_PUBLIC_VERSIONS, f"DROP FUNCTION {TABLE}_of_public_versions() CASCADE;"),
    ]
