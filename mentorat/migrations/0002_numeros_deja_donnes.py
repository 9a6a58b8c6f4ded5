"""La numérotation commune reprend là où les ententes déjà nées l’ont laissée."""

from django.db import migrations


def reprendre(apps, schema_editor):
    entente, numerotation = apps.get_model("mentorat", "Entente"), apps.get_model("documents", "Numerotation")
    derniers = {}
    for numero in entente.objects.values_list("numero", flat=True):
        serie, annee, rang = numero.split("-")
        derniers[serie, int(annee)] = max(int(rang), derniers.get((serie, int(annee)), 0))
    for (serie, annee), dernier in derniers.items():
        numerotation.objects.update_or_create(serie=serie, annee=annee, defaults={"dernier": dernier})


class Migration(migrations.Migration):
    dependencies = [
        ("mentorat", "0001_initial"),
        ("documents", "0003_numerotation_par_serie"),
    ]

    operations = [migrations.RunPython(reprendre, migrations.RunPython.noop)]
