"""Les évaluations vivent désormais dans les sondages."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mentorat", "0006_evaluations_vers_les_sondages")]

    operations = [
        migrations.DeleteModel(name="EvaluationMesure"),
        migrations.DeleteModel(name="ReponseEvaluation"),
    ]
