from django.db import migrations

from encadrement.socle.bd import ajout_seul

TABLES = (
    "passagecommunaute",
    "passageadhesion",
    "passageplan",
    "passagerapport",
    "passagerencontre",
    "passagedepassement",
)


class Migration(migrations.Migration):
    dependencies = [("cdp", "0001_initial")]
    operations = [ajout_seul(f"cdp_{table}") for table in TABLES]
