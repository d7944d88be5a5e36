
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('protocols', '0003_integrity'),
    ]

    operations = [
        migrations.AddField(
            model_name='agendapoint',
            name='edit_version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='conciliationmeeting',
            name='edit_version',
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
    ]
