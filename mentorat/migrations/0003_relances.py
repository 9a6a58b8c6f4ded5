"""Les jours que les relances lisent : la mi-temps encore attendue et la dernière rencontre, repris des dossiers."""

import datetime

from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

VIVANTES = ("active", "en_evaluation", "fin_demandee")


def reprendre(apps, schema_editor):
    entente = apps.get_model("mentorat", "Entente")
    vivantes = entente.objects.filter(etat__in=VIVANTES).annotate(derniere=models.Max("rencontres__jour"))
    confirmees = set(
        apps.get_model("mentorat", "Bilan")
        .objects.filter(sorte="mi_temps", instantane__isnull=False)
        .values_list("entente_id", flat=True)
    )
    for dossier in vivantes.iterator(chunk_size=500):
        depuis = (
            max(dossier.debut, timezone.localdate(dossier.prise_d_effet)) if dossier.prise_d_effet else dossier.debut
        )
        mi_temps = dossier.debut + datetime.timedelta(days=(dossier.fin - dossier.debut).days // 2)
        entente.objects.filter(pk=dossier.pk).update(
            sans_rencontre_depuis=max(depuis, dossier.derniere or depuis),
            mi_temps_le=None if dossier.pk in confirmees else mi_temps,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("mentorat", "0002_numeros_deja_donnes"),
        ("signatures", "0003_au_nom_de_nom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="entente",
            name="mi_temps_le",
            field=models.DateField(blank=True, null=True, verbose_name="bilan de mi-temps attendu le"),
        ),
        migrations.AddField(
            model_name="entente",
            name="sans_rencontre_depuis",
            field=models.DateField(blank=True, null=True, verbose_name="sans rencontre depuis le"),
        ),
        migrations.AddIndex(
            model_name="demandementorat",
            index=models.Index(
                condition=models.Q(("etat__in", ["soumise", "acceptee", "proposee"])),
                fields=["depuis"],
                name="demande_en_attente",
            ),
        ),
        migrations.AddIndex(
            model_name="entente",
            index=models.Index(
                condition=models.Q(("etat", "active"), ("mi_temps_le__isnull", False)),
                fields=["mi_temps_le"],
                name="entente_mi_temps_attendue",
            ),
        ),
        migrations.AddIndex(
            model_name="entente",
            index=models.Index(
                condition=models.Q(("etat", "active")), fields=["sans_rencontre_depuis"], name="entente_sans_rencontre"
            ),
        ),
        migrations.AddIndex(
            model_name="entente",
            index=models.Index(
                condition=models.Q(
                    ("etat__in", ["a_signer", "a_approuver", "en_evaluation", "a_clore", "fin_demandee"])
                ),
                fields=["etat", "depuis"],
                name="entente_en_attente",
            ),
        ),
        migrations.AddIndex(
            model_name="evaluationmesure",
            index=models.Index(
                condition=models.Q(("remplie", False)), fields=["demandee_le"], name="evaluation_attendue"
            ),
        ),
        migrations.AddIndex(
            model_name="fichementor",
            index=models.Index(
                condition=models.Q(("etat__in", ["candidature", "recommandee"])),
                fields=["depuis"],
                name="fiche_en_attente",
            ),
        ),
        migrations.AddIndex(
            model_name="fichementor",
            index=models.Index(
                condition=models.Q(("etat", "active")), fields=["confirmee_le"], name="fiche_a_confirmer"
            ),
        ),
        migrations.RunPython(reprendre, migrations.RunPython.noop),
    ]
