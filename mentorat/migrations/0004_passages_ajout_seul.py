from django.db import migrations

from encadrement.socle.bd import ajout_seul

TABLES = ("passagefiche", "passagedemande", "passageentente", "passageprolongation", "passagemesentente")


class Migration(migrations.Migration):
    dependencies = [("mentorat", "0003_relances")]
    operations = [ajout_seul(f"mentorat_{table}") for table in TABLES]
