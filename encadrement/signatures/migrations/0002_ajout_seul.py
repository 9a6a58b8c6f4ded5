from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("signatures", "0001_initial")]
    operations = [ajout_seul("signatures_instantane"), ajout_seul("signatures_signature")]
