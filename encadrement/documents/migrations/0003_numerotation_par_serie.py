from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0002_produit_inalterable"),
    ]

    operations = [
        migrations.AlterModelOptions(name="numerotation", options={"verbose_name": "numérotation"}),
        migrations.AddField(
            model_name="numerotation",
            name="serie",
            field=models.CharField(default="EC", max_length=10, verbose_name="série"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="numerotation",
            name="annee",
            field=models.PositiveSmallIntegerField(verbose_name="année"),
        ),
        migrations.AlterField(
            model_name="numerotation",
            name="dernier",
            field=models.PositiveIntegerField(default=0, verbose_name="dernier rang"),
        ),
        migrations.AddConstraint(
            model_name="numerotation",
            constraint=models.UniqueConstraint(fields=("serie", "annee"), name="numerotation_une_par_serie_et_annee"),
        ),
    ]
