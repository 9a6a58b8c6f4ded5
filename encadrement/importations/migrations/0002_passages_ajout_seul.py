from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("importations", "0001_initial")]
    operations = [ajout_seul("importations_passageimportation")]
