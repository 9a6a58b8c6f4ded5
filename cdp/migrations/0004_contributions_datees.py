"""La contribution redit le début de sa rencontre : compter une année ne lit plus les autres."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Now

A_CHAUD = "La reprise ne remplit qu’une colonne neuve ; l’ancien code, qui ne la connaît pas, la laisse à la base."


def dater(apps, schema_editor):
    rencontres = apps.get_model("cdp", "RencontreCdp").objects.filter(pk=OuterRef("rencontre"))
    apps.get_model("cdp", "Contribution").objects.update(apportee_le=Subquery(rencontres.values("debut")[:1]))


class Migration(migrations.Migration):
    dependencies = [("cdp", "0003_index_du_tableau_de_bord")]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="apportee_le",
            field=models.DateTimeField(db_default=Now(), verbose_name="apportée le"),
        ),
        migrations.RunPython(dater, migrations.RunPython.noop, elidable=True),
        migrations.RemoveIndex(model_name="contribution", name="contribution_par_sorte"),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["apportee_le"], include=("sorte",), name="contribution_par_jour"),
        ),
    ]
