"""Opinions on paper: frozen when sent to the association, filed only when it has confirmed them, as of the stamp."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core import dbroles

_DECISION = ("state", "decided_at", "decided_by_id", "reason")
HOLDS = """
    CREATE FUNCTION reviews_paperopinion_holds() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' OR OLD.state IN ('confirmed', 'disputed', 'discarded') THEN
        RAISE EXCEPTION 'paper opinion % is decided once and never deleted', OLD.id
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_paperopinion_holds BEFORE UPDATE OR DELETE ON reviews_paperopinion
      FOR EACH ROW EXECUTE FUNCTION reviews_paperopinion_holds();
    CREATE FUNCTION reviews_paper_words_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE paper reviews_paperopinion%ROWTYPE;
    BEGIN
      SELECT * INTO paper FROM reviews_paperopinion WHERE opinion_id = NEW.id;
      IF NOT FOUND THEN RETURN NEW; END IF;
      IF paper.state <> 'entering'
         AND (NEW.verdict, NEW.statement, NEW.lang, NEW.author_id)
             IS DISTINCT FROM (OLD.verdict, OLD.statement, OLD.lang, OLD.author_id) THEN
        RAISE EXCEPTION 'what was entered of a paper does not change once it is sent'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF NEW.submitted_at IS NOT NULL
         AND (paper.state <> 'confirmed' OR NEW.submitted_at <> paper.received_at) THEN
        RAISE EXCEPTION 'a paper opinion is filed as of its stamp, once the association has confirmed it'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_paper_words_stay BEFORE UPDATE ON reviews_consolidatedopinion
      FOR EACH ROW EXECUTE FUNCTION reviews_paper_words_stay();
    CREATE FUNCTION reviews_paper_remarks_stay() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE opinion bigint;
    BEGIN
      opinion := CASE WHEN TG_OP = 'DELETE' THEN OLD.opinion_id ELSE NEW.opinion_id END;
      IF EXISTS (SELECT 1 FROM reviews_paperopinion
                 WHERE opinion_id = opinion AND state IN ('awaiting', 'disputed', 'discarded')) THEN
        RAISE EXCEPTION 'the remarks entered of a paper do not change once it is sent'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_paper_remarks_stay BEFORE INSERT OR UPDATE OR DELETE ON reviews_remark
      FOR EACH ROW EXECUTE FUNCTION reviews_paper_remarks_stay();
    CREATE FUNCTION reviews_paper_opinion_apart() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF EXISTS (SELECT 1 FROM reviews_paperopinion WHERE opinion_id = NEW.opinion_id AND state <> 'confirmed') THEN
        RAISE EXCEPTION 'a paper opinion belongs to a review once the association has confirmed it'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER reviews_paper_opinion_apart BEFORE INSERT OR UPDATE ON reviews_reviewopinion
      FOR EACH ROW EXECUTE FUNCTION reviews_paper_opinion_apart();"""
HOLDS_DROP = """
    DROP FUNCTION reviews_paperopinion_holds() CASCADE;
    DROP FUNCTION reviews_paper_words_stay() CASCADE;
    DROP FUNCTION reviews_paper_remarks_stay() CASCADE;
    DROP FUNCTION reviews_paper_opinion_apart() CASCADE;"""


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0002_frozen'),
        ('organizations', '0003_roles'),
        ('reviews', '0006_silence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaperOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(choices=[('paper', 'on paper'), ('email', 'by e-mail')], max_length=10, verbose_name='channel')),
                ('received_at', models.DateTimeField(verbose_name='received (by the stamp)')),
                ('incoming_number', models.CharField(max_length=80, verbose_name='incoming number')),
                ('filename', models.CharField(max_length=255)),
                ('entered_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('entering', 'being entered by the receiver'), ('awaiting', "awaiting the association's confirmation"), ('confirmed', 'confirmed by the association'), ('disputed', 'disputed by the association'), ('discarded', 'discarded by the receiver')], default='entering', max_length=10)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True, max_length=4000, verbose_name='reason')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opinion', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='paper', to='reviews.consolidatedopinion')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.organization')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='papers', to='reviews.review')),
                ('scan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['entering', 'awaiting'])), fields=('review',), name='paper_opinion_one_open'), models.CheckConstraint(condition=models.Q(('received_at__lte', models.F('entered_at'))), name='paper_opinion_received_before_entered'), models.CheckConstraint(condition=models.Q(models.Q(('incoming_number', ''), _negated=True), ('channel__in', ['paper', 'email'])), name='paper_opinion_is_stamped'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('sent_at', None), ('sent_by', None), ('state', 'entering')), models.Q(('decided_at', None), ('decided_by', None), ('sent_at__isnull', False), ('sent_by__isnull', False), ('state', 'awaiting')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('sent_at__isnull', False), ('sent_by__isnull', False), ('state__in', ['confirmed', 'disputed'])), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('state', 'discarded')), _connector='OR'), name='paper_opinion_state_has_fact'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'disputed'), models.Q(('reason', ''), _negated=True)), models.Q(models.Q(('state', 'disputed'), _negated=True), ('reason', '')), _connector='OR'), name='paper_opinion_dispute_has_reason')],
            },
        ),
        migrations.RunSQL(
            dbroles.freeze("reviews_paperopinion", frozen_when="OLD.state <> 'entering'", may_change=_DECISION),
            dbroles.drop_freeze("reviews_paperopinion"),
        ),
        migrations.RunSQL(HOLDS, HOLDS_DROP),
    ]
