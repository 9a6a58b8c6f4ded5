import json
from collections import Counter, defaultdict

from django.db import migrations, models


def compter(apps, editeur):
    """Compte les réponses des lots déjà formés, comme le fait leur formation."""
    postgresql = editeur.connection.vendor == "postgresql"
    if postgresql:
        editeur.execute("ALTER TABLE sondages_lot DISABLE TRIGGER USER")
    for lot in apps.get_model("sondages", "Lot").objects.all():
        lot.comptes = comptes_du_lot(lot)
        lot.save(update_fields=["comptes"])
    if postgresql:
        editeur.execute("ALTER TABLE sondages_lot ENABLE TRIGGER USER")


def comptes_du_lot(lot):
    comptes = defaultdict(Counter)
    for campagne in lot.campagnes.select_related("questionnaire"):
        comptees = [(q["code"], q["sorte"]) for q in campagne.questionnaire.questions if q["sorte"] != "texte"]
        for reponse in campagne.reponses.all():
            donnees = json.loads(reponse.contenu)
            for code, sorte in comptees:
                if code in donnees:
                    comptes[code, sorte][donnees[code]] += 1
    return [
        {"code": code, "sorte": sorte, "valeurs": sorted(valeurs.items())}
        for (code, sorte), valeurs in sorted(comptes.items())
    ]


class Migration(migrations.Migration):
    dependencies = [("sondages", "0002_rien_ne_change")]
    operations = [
        migrations.AddField(
            model_name="lot",
            name="comptes",
            field=models.JSONField(default=list, verbose_name="réponses comptées, par question"),
        ),
        migrations.RunPython(compter, migrations.RunPython.noop),
    ]
