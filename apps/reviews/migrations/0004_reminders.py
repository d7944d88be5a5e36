"""Reminders that were sent or missed: append-only, each once by constraint."""

import django.db.models.deletion
from django.db import migrations, models

from apps.core import dbroles


class Migration(migrations.Migration):

    dependencies = [
        ('reviews', '0003_versions_and_verdicts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('half', 'half of the term has passed'), ('two_days', 'two working days before the last day'), ('one_day', 'one working day before the last day')], max_length=10)),
                ('due_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('sent', 'sent'), ('skipped', 'skipped: a later one took its place, or the term had ended')], max_length=10)),
                ('at', models.DateTimeField()),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='reviews.review')),
                ('term', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='reviews.term')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('review', 'term', 'kind'), name='reminder_once_a_term'), models.CheckConstraint(condition=models.Q(('at__gte', models.F('due_at'))), name='reminder_not_early')],
            },
        ),
        migrations.RunSQL(
            dbroles.refuse_change("reviews_reminder"), dbroles.drop_refuse_change("reviews_reminder")
        ),
        migrations.RunSQL(dbroles.insert_only("reviews_reminder"), migrations.RunSQL.noop),
    ]
