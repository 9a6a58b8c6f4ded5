from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("protection", "0001_initial")]
    operations = [ajout_seul("protection_roleconfirme")]
