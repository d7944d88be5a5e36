"""The function card of a version: frozen with it, functions or the statement that there is none."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core import dbroles

FUNCTION, NONE = "draft_acts_cardfunction", "draft_acts_nofunction"
FROZEN = (
    "EXISTS (SELECT 1 FROM draft_acts_draftactversion v WHERE v.id = {row}.version_id AND v.frozen_at IS NOT NULL)"
)


def refuse_insert(table: str, other: str) -> str:
    """No row for a frozen version, and not both functions and the statement that there is none."""
    return f"""
    CREATE FUNCTION {table}_frozen_version() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF {FROZEN.format(row="NEW")} THEN
        RAISE EXCEPTION 'the version of {table} is frozen' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF EXISTS (SELECT 1 FROM {other} o WHERE o.version_id = NEW.version_id) THEN
        RAISE EXCEPTION 'a card has functions, or says that there is none' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {table}_frozen_version BEFORE INSERT ON {table}
      FOR EACH ROW EXECUTE FUNCTION {table}_frozen_version();"""


class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0008_packages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CardFunction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('eid', models.CharField(max_length=200)),
                ('change', models.CharField(choices=[('creates', 'creates it'), ('moves', 'moves it'), ('removes', 'removes it')], max_length=10, verbose_name='change')),
                ('function', models.TextField(max_length=1000, verbose_name='function')),
                ('holder_before', models.CharField(blank=True, max_length=300, verbose_name='holder before')),
                ('holder_after', models.CharField(blank=True, max_length=300, verbose_name='holder after')),
                ('power', models.CharField(choices=[('own', 'own power'), ('delegated', 'delegated state power')], max_length=10, verbose_name='own or delegated')),
                ('source', models.CharField(blank=True, max_length=500, verbose_name='source of money')),
                ('yearly_som', models.BigIntegerField(verbose_name="sum a year, so'm")),
                ('lang', models.CharField(choices=[('ky', 'Kyrgyz'), ('ru', 'Russian')], max_length=2)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='functions', to='draft_acts.draftactversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='function_number_unique'), models.CheckConstraint(condition=models.Q(models.Q(('function', ''), _negated=True), ('yearly_som__gte', 0), ('power__in', ['own', 'delegated'])), name='function_says_what'), models.CheckConstraint(condition=models.Q(models.Q(('change', 'creates'), models.Q(('holder_after', ''), _negated=True)), models.Q(('change', 'moves'), models.Q(('holder_before', ''), _negated=True), models.Q(('holder_after', ''), _negated=True), models.Q(('holder_before', models.F('holder_after')), _negated=True)), models.Q(('change', 'removes'), models.Q(('holder_before', ''), _negated=True)), _connector='OR'), name='function_has_holders')],
            },
        ),
        migrations.CreateModel(
            name='NoFunction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(max_length=2000, verbose_name='reason')),
                ('lang', models.CharField(choices=[('ky', 'Kyrgyz'), ('ru', 'Russian')], max_length=2)),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='no_function', to='draft_acts.draftactversion')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='no_function_has_reason')],
            },
        ),
        *[
            migrations.RunSQL(
                dbroles.freeze(table, frozen_when=FROZEN.format(row="OLD")), dbroles.drop_freeze(table)
            )
            for table in (FUNCTION, NONE)
        ],
        migrations.RunSQL(refuse_insert(FUNCTION, NONE), f"DROP FUNCTION {FUNCTION}_frozen_version() CASCADE;"),
        migrations.RunSQL(refuse_insert(NONE, FUNCTION), f"DROP FUNCTION {NONE}_frozen_version() CASCADE;"),
    ]
