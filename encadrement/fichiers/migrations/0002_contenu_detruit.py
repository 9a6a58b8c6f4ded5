import django.db.models.functions
from django.db import migrations, models

import encadrement.fichiers.models

A_CHAUD = "L’ancien code n’écrit jamais de contenu vide, et ne lit plus celui d’un fichier retiré."


def nommer_les_detruits(apps, schema_editor):
    """Pour revenir : la colonne redevient obligatoire et unique."""
    detruits = apps.get_model("fichiers", "Fichier").objects.filter(contenu=None)
    detruits.update(
        contenu=django.db.models.functions.Concat(
            models.Value("detruit/"), django.db.models.functions.Cast("pk", models.CharField())
        )
    )


class Migration(migrations.Migration):
    dependencies = [
        ("fichiers", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="fichier",
            name="contenu",
            field=models.FileField(
                max_length=80,
                null=True,
                unique=True,
                upload_to=encadrement.fichiers.models.nom_garde,
                verbose_name="contenu",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, nommer_les_detruits),
        migrations.AddConstraint(
            model_name="fichier",
            constraint=models.CheckConstraint(
                condition=models.Q(("contenu__isnull", False), ("retire_le__isnull", False), _connector="OR"),
                name="fichier_detruit_est_retire",
            ),
        ),
    ]
