"""A paper is closed to the public by steps that are appended; the last one rules. What is public keeps them."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core import dbroles

TABLE = "draft_acts_paperrestriction"
KEPT = (
    "TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM draft_acts_draftact a WHERE a.id = OLD.act_id AND a.number IS NOT NULL)"
)


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_frozen'),
        ('draft_acts', '0003_search_by_resemblance'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperRestriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closes', models.BooleanField()),
                ('ground', models.TextField()),
                ('officer_name', models.CharField(blank=True, max_length=200)),
                ('officer_position', models.CharField(blank=True, max_length=200)),
                ('event', models.TextField(blank=True)),
                ('lang', models.CharField(choices=[('ky', 'Kyrgyz'), ('ru', 'Russian')], max_length=2)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField()),
                ('act', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='restrictions', to='draft_acts.draftact')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
            ],
            options={
                'indexes': [models.Index(fields=['act', 'file', '-id'], name='restriction_ruling')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ground', ''), _negated=True), name='restriction_has_ground'), models.CheckConstraint(condition=models.Q(models.Q(('closes', True), ('ends_at__gt', models.F('decided_at')), ('ends_at__isnull', False), models.Q(('officer_name', ''), _negated=True), models.Q(('officer_position', ''), _negated=True)), models.Q(('closes', False), ('ends_at', None), ('event', ''), ('officer_name', ''), ('officer_position', '')), _connector='OR'), name='restriction_has_officer_and_term')],
            },
        ),
        migrations.RunSQL(dbroles.freeze(TABLE, frozen_when=KEPT), dbroles.drop_freeze(TABLE)),
    ]
