"""Steps by which a person mended what was recognised in a text. Of a public version they stay as they are."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core import dbroles

TABLE = "draft_acts_mendingstep"
FROZEN = (
    "EXISTS (SELECT 1 FROM draft_acts_versiontext t JOIN draft_acts_draftactversion v ON v.id = t.version_id "
    "WHERE t.id = {row}.text_id AND v.frozen_at IS NOT NULL)"
)
REFUSE_INSERT = f"""
    CREATE FUNCTION {TABLE}_frozen_text() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {FROZEN.format(row="NEW")} THEN
        RAISE EXCEPTION 'the text of {TABLE} is frozen' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {TABLE}_frozen_text BEFORE INSERT ON {TABLE}
      FOR EACH ROW EXECUTE FUNCTION {TABLE}_frozen_text();"""

class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0005_comparisons'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MendingStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('operation', models.JSONField()),
                ('eid', models.CharField(max_length=200)),
                ('before', models.JSONField(null=True)),
                ('done_at', models.DateTimeField()),
                ('done_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('text', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='draft_acts.versiontext')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('text', 'number'), name='mending_number_unique')],
            },
        ),
        migrations.RunSQL(dbroles.freeze(TABLE, frozen_when=FROZEN.format(row="OLD")), dbroles.drop_freeze(TABLE)),
        migrations.RunSQL(REFUSE_INSERT, f"DROP FUNCTION {TABLE}_frozen_text() CASCADE;"),
    ]
