"""L’inscription sait quand la situation y a été présentée : le comité compte ses situations sans relire leurs passages."""

from django.db import migrations, models

A_CHAUD = "La reprise ne remplit qu’une colonne neuve, qui accepte le vide."


def dater(apps, schema_editor):
    inscriptions = apps.get_model("concertation", "Inscription").objects.filter(rencontre__etat="tenue")
    presentations = apps.get_model("concertation", "PassageSituation").objects.filter(transition="presenter")
    for situation, quand in presentations.order_by("quand").values_list("situation", "quand").iterator():
        sienne = inscriptions.filter(situation=situation, rencontre__debut__lte=quand).order_by("-rencontre__debut")
        inscriptions.filter(pk__in=sienne.values("pk")[:1]).update(presentee_le=quand)


class Migration(migrations.Migration):
    dependencies = [("concertation", "0005_index_du_tableau_de_bord")]

    operations = [
        migrations.AddField(
            model_name="inscription",
            name="presentee_le",
            field=models.DateTimeField(blank=True, null=True, verbose_name="présentée le"),
        ),
        migrations.RunPython(dater, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex(
            model_name="inscription",
            index=models.Index(
                condition=models.Q(("presentee_le__isnull", False)),
                fields=["rencontre"],
                include=("situation",),
                name="inscription_presentee",
            ),
        ),
    ]
