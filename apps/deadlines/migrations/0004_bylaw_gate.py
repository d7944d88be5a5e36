"""At which door a template asks for the drafts of bylaws."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deadlines', '0003_outages'),
    ]

    operations = [
        migrations.AddField(
            model_name='proceduretemplate',
            name='bylaws_at',
            field=models.CharField(blank=True, choices=[('', 'Not asked for'), ('opening', 'When the consultation opens'), ('certificate', 'When the certificate is issued')], db_default='', default='', max_length=12),
        ),
    ]
