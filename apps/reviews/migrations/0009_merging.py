"""The next draft from accepted proposals: what was chosen and typed, until it is made."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


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
    ]
