from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]
    operations = [ajout_seul("incidents_passageincident")]
