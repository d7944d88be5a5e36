"""The outage register. Heartbeats are append-only; of an outage only the decision is written later, once."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core.dbroles import drop_freeze, drop_refuse_change, freeze, insert_only, refuse_change

_DECISION = ("state", "decided_at", "decided_by_id", "organization_id", "reason")
_NO_DELETE = """
    CREATE FUNCTION deadlines_outage_stays() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR OLD.state <> 'suspected' THEN
        RAISE EXCEPTION 'outage % is decided once and never deleted', OLD.number
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER deadlines_outage_stays BEFORE UPDATE OR DELETE ON deadlines_outage
      FOR EACH ROW EXECUTE FUNCTION deadlines_outage_stays();"""


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0002_freeze_templates'),
        ('organizations', '0003_roles'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('answered', models.BooleanField()),
                ('detail', models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name='Maintenance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('note', models.TextField(max_length=2000)),
                ('lang', models.CharField(max_length=2)),
                ('announced_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('announced_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('withdrawn_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Outage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('origin', models.CharField(choices=[('heartbeat', "The portal's own heartbeat stopped"), ('administrator', 'Reported by the administrator')], max_length=20)),
                ('noted_at', models.DateTimeField()),
                ('source', models.TextField(blank=True, max_length=2000)),
                ('state', models.CharField(choices=[('suspected', 'Suspected, awaiting a decision'), ('confirmed', 'Confirmed'), ('refused', 'Not confirmed')], default='suspected', max_length=10)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True, max_length=4000)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('maintenance', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outages', to='deadlines.maintenance')),
                ('organization', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('proposed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddConstraint(
            model_name='maintenance',
            constraint=models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='maintenance_has_length'),
        ),
        migrations.AddConstraint(
            model_name='maintenance',
            constraint=models.CheckConstraint(condition=models.Q(('announced_at__lt', models.F('starts_at'))), name='maintenance_beforehand'),
        ),
        migrations.AddConstraint(
            model_name='maintenance',
            constraint=models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='maintenance_has_note'),
        ),
        migrations.AddConstraint(
            model_name='maintenance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('withdrawn_at', None), ('withdrawn_by', None)), models.Q(('withdrawn_at__isnull', False), ('withdrawn_at__lt', models.F('starts_at')), ('withdrawn_by__isnull', False)), _connector='OR'), name='maintenance_withdrawn_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__gt', models.F('started_at'))), name='outage_has_length'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__lte', models.F('noted_at'))), name='outage_is_over'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('origin', 'heartbeat'), ('proposed_by', None)), models.Q(('origin', 'administrator'), ('proposed_by__isnull', False), models.Q(('source', ''), _negated=True)), _connector='OR'), name='outage_reported_with_source'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('organization', None), ('reason', ''), ('state', 'suspected')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('organization__isnull', False), ('state__in', ['confirmed', 'refused']), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='outage_decided_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=models.CheckConstraint(condition=models.Q(('proposed_by', None), ('decided_by', None), models.Q(('proposed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='outage_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='outage',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('origin', 'heartbeat')), expressions=[(models.Func(models.F('started_at'), models.F('ended_at'), function='tstzrange', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='outage_of_heartbeat_once'),
        ),
        migrations.RunSQL(refuse_change("deadlines_heartbeat"), drop_refuse_change("deadlines_heartbeat")),
        migrations.RunSQL(insert_only("deadlines_heartbeat"), migrations.RunSQL.noop),
        migrations.RunSQL(
            freeze("deadlines_outage", frozen_when="TRUE", may_change=_DECISION), drop_freeze("deadlines_outage")
        ),
        migrations.RunSQL(_NO_DELETE, "DROP FUNCTION deadlines_outage_stays() CASCADE;"),
        migrations.RunSQL(
            freeze(
                "deadlines_maintenance",
                frozen_when="TRUE",
                may_change=("withdrawn_at", "withdrawn_by_id"),
            ),
            drop_freeze("deadlines_maintenance"),
        ),
    ]
