"""Titles are found in spite of a misspelling: trigrams, with their index."""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("draft_acts", "0002_integrity")]
    operations = [
        TrigramExtension(),
        migrations.AddIndex(
            model_name="draftact",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_plain"], name="act_search_plain", opclasses=["gin_trgm_ops"]
            ),
        ),
    ]
