from django.db import migrations

from encadrement.socle.bd import ajout_seul

TABLES = ("passageficheexpert", "passageconsultation")


class Migration(migrations.Migration):
    dependencies = [("consultation", "0001_initial")]
    operations = [ajout_seul(f"consultation_{table}") for table in TABLES]
