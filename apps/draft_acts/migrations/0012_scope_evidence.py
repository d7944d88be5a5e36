"""The scope statement keeps the evidence it was signed against; a "no" against it has its reason."""
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0011_drop_act_state'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='scopestatement',
            name='canonical',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='evidence',
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='found_delegated_powers',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='found_inter_budget',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='found_lsg',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='hash',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='reason_delegated_powers',
            field=models.TextField(blank=True, db_default='', default='', max_length=4000, verbose_name='why it does not touch delegated state powers'),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='reason_inter_budget',
            field=models.TextField(blank=True, db_default='', default='', max_length=4000, verbose_name='why it does not touch inter-budget relations'),
        ),
        migrations.AddField(
            model_name='scopestatement',
            name='touches_delegated_powers',
            field=models.BooleanField(null=True, verbose_name='touches delegated state powers'),
        ),
        migrations.AddConstraint(
            model_name='scopestatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('touches_inter_budget', True), ('found_inter_budget', 0), models.Q(('reason_inter_budget', ''), _negated=True), _connector='OR'), models.Q(models.Q(('touches_delegated_powers', True), ('touches_delegated_powers__isnull', False)), ('found_delegated_powers', 0), models.Q(('reason_delegated_powers', ''), _negated=True), _connector='OR')), name='scope_no_against_evidence'),
        ),
        migrations.AddConstraint(
            model_name='scopestatement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('canonical', ''), ('evidence__isnull', True), ('hash', '')), models.Q(('touches_delegated_powers__isnull', False), models.Q(('hash', ''), _negated=True), models.Q(('canonical', ''), _negated=True)), _connector='OR'), name='scope_signed_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='scopestatement',
            constraint=models.CheckConstraint(condition=models.Q(('found_lsg', django.db.models.functions.comparison.Coalesce(models.Func(models.Func(models.F('evidence'), models.Value('concerns_lsg'), function='jsonb_extract_path'), function='jsonb_array_length', output_field=models.IntegerField()), 0)), ('found_inter_budget', django.db.models.functions.comparison.Coalesce(models.Func(models.Func(models.F('evidence'), models.Value('inter_budget'), function='jsonb_extract_path'), function='jsonb_array_length', output_field=models.IntegerField()), 0)), ('found_delegated_powers', django.db.models.functions.comparison.Coalesce(models.Func(models.Func(models.F('evidence'), models.Value('delegated_powers'), function='jsonb_extract_path'), function='jsonb_array_length', output_field=models.IntegerField()), 0))), name='scope_evidence_is_counted'),
        ),
    ]
