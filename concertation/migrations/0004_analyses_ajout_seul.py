from django.db import migrations

from encadrement.socle.bd import ajout_seul


class Migration(migrations.Migration):
    dependencies = [("concertation", "0003_analyses_des_acces")]
    operations = [ajout_seul("concertation_passageanalyse")]
