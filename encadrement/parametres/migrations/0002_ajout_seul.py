from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("parametres", "0001_versions_des_parametres")]
    operations = [ajout_seul("parametres_versionparametre")]
