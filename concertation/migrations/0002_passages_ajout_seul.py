from django.db import migrations

from encadrement.socle.bd import ajout_seul

TABLES = ("passagesituation", "passageorientation", "passageimpasse", "passagecomite")


class Migration(migrations.Migration):
    dependencies = [("concertation", "0001_initial")]
    operations = [ajout_seul(f"concertation_{table}") for table in TABLES]
