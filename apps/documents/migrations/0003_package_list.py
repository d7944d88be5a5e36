"""A new kind of document: the list of a package."""
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_frozen'),
    ]

    operations = [
        migrations.AlterField(
            model_name='generateddocument',
            name='kind',
            field=models.CharField(choices=[('NC', 'Notification of consultation'), ('DN', 'Delivery note'), ('RC', 'Receipt of filing'), ('OP', 'Consolidated opinion'), ('AT', 'Table of answers'), ('ME', 'Minutes of the meeting'), ('NE', 'Note of expiry'), ('NA', 'Note of agreement'), ('PA', 'Protocol of agreement'), ('PD', 'Protocol of disagreements'), ('CC', 'Certificate of consultation'), ('PL', 'Package list'), ('DOSSIER', 'Dossier')], max_length=10),
        ),
    ]
