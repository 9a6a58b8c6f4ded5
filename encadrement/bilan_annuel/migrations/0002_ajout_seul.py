from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("bilan_annuel", "0001_initial")]
    operations = [
        ajout_seul("bilan_annuel_passagebilan"),
        ajout_seul("bilan_annuel_passagerecommandation"),
        ajout_seul("bilan_annuel_suivirecommandation"),
        ajout_seul("bilan_annuel_versionbilan"),
    ]
