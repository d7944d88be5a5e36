"""The next draft from accepted proposals: what was chosen and typed. Frozen once a later version of the act is public."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core import dbroles

UNITS, CHOICES = "reviews_mergedprovision", "reviews_mergechoice"
FOLLOWED = (
    "EXISTS (SELECT 1 FROM draft_acts_provision p JOIN draft_acts_draftactversion v ON v.id = p.version_id "
    "JOIN draft_acts_draftactversion later ON later.act_id = v.act_id AND later.number > v.number "
    "WHERE p.id = {provision} AND later.frozen_at IS NOT NULL)"
)
OF_UNIT = FOLLOWED.format(provision="OLD.provision_id")
OF_CHOICE = FOLLOWED.format(provision=f"(SELECT m.provision_id FROM {UNITS} m WHERE m.id = OLD.merged_id)")

class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0009_function_card'),
        ('reviews', '0008_remark_places'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='MergedProvision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('wording_ky', models.TextField(blank=True, max_length=100000)),
                ('wording_ru', models.TextField(blank=True, max_length=100000)),
                ('untranslated', models.BooleanField(default=False)),
                ('edit_version', models.PositiveIntegerField(default=1)),
                ('updated_at', models.DateTimeField()),
                ('provision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='draft_acts.provision')),
                ('updated_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MergeChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('decision', models.CharField(blank=True, choices=[('take', 'take it as it is proposed'), ('edit', 'take it with edits'), ('leave', 'leave it for later')], max_length=10)),
                ('reason', models.TextField(blank=True, max_length=4000)),
                ('lang', models.CharField(choices=[('ky', 'Kyrgyz'), ('ru', 'Russian')], default='ky', max_length=2)),
                ('merged', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='choices', to='reviews.mergedprovision')),
                ('remark', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merge_choices', to='reviews.remark')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('merged', 'remark'), name='merge_choice_once'), models.CheckConstraint(condition=models.Q(('decision__in', ['', 'take', 'edit', 'leave'])), name='merge_choice_known')],
            },
        ),
        migrations.RunSQL(dbroles.freeze(UNITS, frozen_when=OF_UNIT), dbroles.drop_freeze(UNITS)),
        migrations.RunSQL(dbroles.freeze(CHOICES, frozen_when=OF_CHOICE), dbroles.drop_freeze(CHOICES)),
    ]
