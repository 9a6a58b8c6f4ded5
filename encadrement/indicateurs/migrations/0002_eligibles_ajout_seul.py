from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("indicateurs", "0001_eligibles_retenus")]
    operations = [ajout_seul("indicateurs_eligiblesretenus")]
