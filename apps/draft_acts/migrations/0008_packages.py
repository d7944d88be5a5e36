"""Packages: a bill and the drafts of its bylaws, frozen together when the consultation on the bill opens."""
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from apps.core import dbroles

PACKAGE, MEMBER, NORM = "draft_acts_actpackage", "draft_acts_packagemember", "draft_acts_referencenorm"
VERSION = "draft_acts_draftactversion"
BILLS = "('constitutional_law', 'code', 'law')"
MEMBERS = f"""
    CREATE FUNCTION {MEMBER}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      of_package bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.package_id ELSE NEW.package_id END;
      frozen boolean := (SELECT p.frozen_at IS NOT NULL FROM {PACKAGE} p WHERE p.id = of_package);
      bill_state text := (SELECT a.state FROM {MEMBER} m JOIN draft_acts_draftact a ON a.id = m.act_id
        WHERE m.package_id = of_package AND m.is_bill);
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a member of a package does not change' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF frozen AND (TG_OP = 'DELETE' OR bill_state <> 'in_consultation') THEN
        RAISE EXCEPTION 'the package is frozen' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF TG_OP = 'DELETE' THEN
        IF OLD.is_bill AND EXISTS (SELECT 1 FROM {MEMBER} m WHERE m.package_id = OLD.package_id AND m.id <> OLD.id) THEN
          RAISE EXCEPTION 'a package has its bill' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
      END IF;
      IF NOT NEW.is_bill AND bill_state IS NULL THEN
        RAISE EXCEPTION 'a package begins with its bill' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF NEW.is_bill <> (SELECT a.kind IN {BILLS} FROM draft_acts_draftact a WHERE a.id = NEW.act_id) THEN
        RAISE EXCEPTION 'a bill leads a package, the other acts are its bylaws'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {MEMBER}_kept BEFORE INSERT OR UPDATE OR DELETE ON {MEMBER}
      FOR EACH ROW EXECUTE FUNCTION {MEMBER}_kept();"""
# A text of a frozen package stays: a bylaw draft gets no new public version before its own consultation.
TEXTS = f"""
    CREATE FUNCTION {VERSION}_in_package() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.frozen_at IS NOT NULL AND OLD.frozen_at IS NULL AND EXISTS (
          SELECT 1 FROM {MEMBER} m JOIN {PACKAGE} p ON p.id = m.package_id JOIN draft_acts_draftact a ON a.id = m.act_id
          WHERE m.act_id = NEW.act_id AND NOT m.is_bill AND p.frozen_at IS NOT NULL AND a.state = 'registered') THEN
        RAISE EXCEPTION 'the texts of a frozen package stay' USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER {VERSION}_in_package BEFORE UPDATE ON {VERSION}
      FOR EACH ROW EXECUTE FUNCTION {VERSION}_in_package();"""
DECISION = ["state", "reason", "lang", "decided_at", "decided_by_id", "fulfilled_by_id"]
NORMS = f"""
    CREATE OR REPLACE FUNCTION {NORM}_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
      of_version bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
      is_public boolean;
      act_state text;
      of_act bigint;
      decided text[] := ARRAY{DECISION};
    BEGIN
      SELECT v.frozen_at IS NOT NULL, a.state, a.id INTO is_public, act_state, of_act
        FROM {VERSION} v JOIN draft_acts_draftact a ON a.id = v.act_id WHERE v.id = of_version;
      -- A draft may still come for a norm that lacks one, where the procedure asks for it at the certificate.
      -- What is decided of a later version, not public yet, is decided anew.
      IF is_public AND act_state NOT IN ('preparing', 'registered') AND NOT (
          act_state = 'in_consultation' AND TG_OP = 'UPDATE' AND OLD.fulfilled_by_id IS NULL
          AND NEW.fulfilled_by_id IS NOT NULL
          AND (to_jsonb(NEW) - 'fulfilled_by_id') = (to_jsonb(OLD) - 'fulfilled_by_id')) THEN
        RAISE EXCEPTION 'reference norms are settled before the consultation opens'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF is_public AND (TG_OP = 'DELETE' OR (TG_OP = 'INSERT' AND NEW.origin <> 'hand')
          OR (TG_OP = 'UPDATE' AND (to_jsonb(NEW) - decided) IS DISTINCT FROM (to_jsonb(OLD) - decided))) THEN
        RAISE EXCEPTION 'the place of a reference norm of a public version stays'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
      IF NEW.fulfilled_by_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM {MEMBER} m JOIN {MEMBER} b ON b.package_id = m.package_id AND b.is_bill
          WHERE m.id = NEW.fulfilled_by_id AND NOT m.is_bill AND b.act_id = of_act) THEN
        RAISE EXCEPTION 'a norm is fulfilled by a draft of the package of its bill'
          USING ERRCODE = 'integrity_constraint_violation';
      END IF;
      RETURN NEW;
    END $$;"""


class Migration(migrations.Migration):

    dependencies = [
        ('draft_acts', '0007_reference_norms'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ActPackage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField()),
                ('frozen_at', models.DateTimeField(null=True)),
                ('number', models.CharField(max_length=40, null=True, unique=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='PackageMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_bill', models.BooleanField()),
                ('added_at', models.DateTimeField()),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='package_place', to='draft_acts.draftact')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='draft_acts.actpackage')),
            ],
        ),
        migrations.AddField(
            model_name='referencenorm',
            name='fulfilled_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='norms', to='draft_acts.packagemember'),
        ),
        migrations.AddConstraint(
            model_name='referencenorm',
            constraint=models.CheckConstraint(condition=models.Q(('fulfilled_by', None), ('state', 'confirmed'), _connector='OR'), name='norm_fulfilled_is_confirmed'),
        ),
        migrations.AddConstraint(
            model_name='actpackage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('frozen_at', None), ('number', None)), models.Q(('frozen_at__isnull', False), ('number__isnull', False)), _connector='OR'), name='package_frozen_has_list'),
        ),
        migrations.AddConstraint(
            model_name='packagemember',
            constraint=models.UniqueConstraint(condition=models.Q(('is_bill', True)), fields=('package',), name='package_one_bill'),
        ),
        migrations.RunSQL(
            dbroles.freeze(PACKAGE, frozen_when="OLD.frozen_at IS NOT NULL"), dbroles.drop_freeze(PACKAGE)
        ),
        migrations.RunSQL(MEMBERS, f"DROP FUNCTION {MEMBER}_kept() CASCADE;"),
        migrations.RunSQL(TEXTS, f"DROP FUNCTION {VERSION}_in_package() CASCADE;"),
        migrations.RunSQL(NORMS, migrations.RunSQL.noop),  # the function before is taken away with 0005
    ]
