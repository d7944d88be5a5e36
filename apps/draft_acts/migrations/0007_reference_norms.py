"""Reference norms of a version: their place is frozen with it, the decision when the consultation opens."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "draft_acts_referencenorm"
DECISION = ["state", "reason", "lang", "decided_at", "decided_by_id"]
KEPT = f"""
    CREATE FUNCTION {TABLE}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      of_version bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
      is_public boolean;
      is_open boolean;
      decided text[] := ARRAY{DECISION};
    BEGIN
      SELECT v.frozen_at IS NOT NULL, a.state IN ('preparing', 'registered') INTO is_public, is_open
        FROM draft_acts_draftactversion v JOIN draft_acts_draftact a ON a.id = v.act_id WHERE v.id = of_version;
      IF is_public AND NOT is_open THEN
        RAISE EXCEPTION 'reference norms are settled before the consultation opens'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF is_public AND (TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.origin <> 'hand')
          OR (TG_OP = 'UPDATE' AND (to_jsonb(NEW) - decided) IS DISTINCT FROM (to_jsonb(OLD) - decided))) THEN
        RAISE EXCEPTION 'the place of a reference norm of a public version stays'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {TABLE}_kept BEFORE INSERT OR UPDATE OR DELETE ON {TABLE}
      FOR EACH ROW EXECUTE FUNCTION {TABLE}_kept();"""


class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0006_mending'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='versiontext',
            name='screened',
            field=models.JSONField(null=True),
        ),
        migrations.CreateModel(
            name='ReferenceNorm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('eid', models.CharField(max_length=200)),
                ('authority', models.CharField(choices=[('cabinet', 'Cabinet of Ministers'), ('ministry_or_authorised_body', 'ministry or authorised body')], max_length=40, verbose_name='expected body')),
                ('phrase_ky', models.TextField(blank=True)),
                ('start_ky', models.PositiveIntegerField(null=True)),
                ('body_ky', models.TextField(blank=True)),
                ('delegated_ky', models.TextField(blank=True)),
                ('rule_ky', models.CharField(blank=True, max_length=40)),
                ('phrase_ru', models.TextField(blank=True)),
                ('start_ru', models.PositiveIntegerField(null=True)),
                ('body_ru', models.TextField(blank=True)),
                ('delegated_ru', models.TextField(blank=True)),
                ('rule_ru', models.CharField(blank=True, max_length=40)),
                ('origin', models.CharField(choices=[('portal', 'found by the portal'), ('hand', 'added by hand')], max_length=10)),
                ('state', models.CharField(choices=[('found', 'awaits a decision'), ('confirmed', 'confirmed'), ('dismissed', 'dismissed')], default='found', max_length=10)),
                ('reason', models.TextField(blank=True, max_length=2000, verbose_name='reason')),
                ('lang', models.CharField(blank=True, choices=[('ky', 'Kyrgyz'), ('ru', 'Russian')], max_length=2)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='norms', to='draft_acts.draftactversion')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('version', 'number'), name='norm_number_unique'), models.CheckConstraint(condition=models.Q(models.Q(models.Q(('phrase_ky', ''), _negated=True), ('start_ky__isnull', False)), models.Q(models.Q(('phrase_ru', ''), _negated=True), ('start_ru__isnull', False)), _connector='OR'), name='norm_has_phrase'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('reason', ''), ('state', 'found')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'confirmed')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'dismissed'), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='norm_decision_is_whole'), models.CheckConstraint(condition=models.Q(('origin', 'portal'), models.Q(('state', 'found'), _negated=True), _connector='OR'), name='norm_by_hand_is_decided'), models.CheckConstraint(condition=models.Q(('authority__in', ['cabinet', 'ministry_or_authorised_body']), ('origin__in', ['portal', 'hand'])), name='norm_words_known')],
            },
        ),
        migrations.RunSQL(KEPT, f"DROP FUNCTION {TABLE}_kept() CASCADE;"),
    ]
