import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Battement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nom", models.CharField(max_length=40, unique=True, verbose_name="nom")),
                ("le", models.DateTimeField(verbose_name="le")),
            ],
            options={
                "verbose_name": "signe de vie",
                "verbose_name_plural": "signes de vie",
            },
        ),
        migrations.CreateModel(
            name="Courriel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("cle", models.CharField(max_length=200, unique=True, verbose_name="clé")),
                ("adresse", models.EmailField(blank=True, max_length=254, verbose_name="adresse")),
                ("gabarit", models.CharField(max_length=80, verbose_name="gabarit")),
                ("objet_type", models.CharField(blank=True, max_length=80, verbose_name="type de dossier")),
                ("objet_uuid", models.UUIDField(null=True, verbose_name="dossier")),
                ("objet", models.CharField(max_length=200, verbose_name="objet")),
                ("texte", models.TextField(verbose_name="texte")),
                ("html", models.TextField(blank=True, verbose_name="version HTML")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="adresse de la page")),
                ("urgent", models.BooleanField(default=True, verbose_name="immédiat")),
                (
                    "etat",
                    models.CharField(
                        choices=[
                            ("a_regrouper", "attend le prochain résumé"),
                            ("regroupe", "repris dans un résumé"),
                            ("a_envoyer", "à envoyer"),
                            ("en_cours", "en cours d’envoi"),
                            ("envoye", "envoyé"),
                            ("ambigu", "peut-être envoyé"),
                            ("echec", "refusé"),
                            ("abandonne", "abandonné"),
                        ],
                        default="a_envoyer",
                        max_length=12,
                        verbose_name="état",
                    ),
                ),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="créé le")),
                ("pas_avant", models.DateTimeField(default=django.utils.timezone.now, verbose_name="pas avant")),
                ("reclame_le", models.DateTimeField(null=True, verbose_name="réclamé le")),
                ("reclame_par", models.CharField(blank=True, max_length=80, verbose_name="réclamé par")),
                ("envoye_le", models.DateTimeField(null=True, verbose_name="envoyé le")),
                ("essais", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("erreur", models.CharField(blank=True, max_length=300, verbose_name="dernière erreur")),
                ("message_id", models.CharField(max_length=200, verbose_name="Message-ID")),
                ("lu_le", models.DateTimeField(null=True, verbose_name="lu le")),
                (
                    "a",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="courriels",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="à",
                    ),
                ),
                (
                    "resume",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reprises",
                        to="notifications.courriel",
                        verbose_name="résumé",
                    ),
                ),
            ],
            options={
                "verbose_name": "courriel",
                "ordering": ["-cree_le", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "resume",
                    models.CharField(
                        choices=[
                            ("quotidien", "un résumé par jour"),
                            ("hebdomadaire", "un résumé par semaine, le lundi"),
                            ("immediat", "tout de suite, un courriel par nouvelle"),
                        ],
                        default="quotidien",
                        max_length=12,
                        verbose_name="ce qui n’est pas urgent",
                    ),
                ),
                (
                    "personne",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "préférence",
            },
        ),
        migrations.CreateModel(
            name="Rappel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cle", models.CharField(max_length=200, unique=True, verbose_name="clé")),
                ("mesure", models.CharField(max_length=30, verbose_name="mesure")),
                ("objet_type", models.CharField(max_length=80, verbose_name="type de dossier")),
                ("objet_uuid", models.UUIDField(verbose_name="dossier")),
                ("jalon", models.CharField(max_length=80, verbose_name="jalon")),
                ("jour", models.DateField(verbose_name="jour")),
                (
                    "statut",
                    models.CharField(
                        choices=[("parti", "partie"), ("remplace", "remplacée par une relance plus récente")],
                        max_length=10,
                        verbose_name="statut",
                    ),
                ),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now, verbose_name="créée le")),
                (
                    "courriel",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rappels",
                        to="notifications.courriel",
                    ),
                ),
                (
                    "destinataire",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rappels", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "relance",
                "ordering": ["-cree_le", "-id"],
            },
        ),
        migrations.AddIndex(
            model_name="courriel",
            index=models.Index(
                condition=models.Q(("etat", "a_envoyer")), fields=["pas_avant", "id"], name="courriel_a_envoyer"
            ),
        ),
        migrations.AddIndex(
            model_name="courriel",
            index=models.Index(
                condition=models.Q(("etat", "en_cours")), fields=["reclame_le"], name="courriel_en_cours"
            ),
        ),
        migrations.AddIndex(
            model_name="courriel",
            index=models.Index(
                condition=models.Q(("etat", "a_regrouper")), fields=["cree_le", "a"], name="courriel_a_regrouper"
            ),
        ),
        migrations.AddIndex(
            model_name="courriel",
            index=models.Index(
                condition=models.Q(("etat__in", ("ambigu", "echec"))), fields=["cree_le"], name="courriel_souffrance"
            ),
        ),
        migrations.AddIndex(
            model_name="courriel",
            index=models.Index(fields=["a", "-cree_le"], name="courriel_fil"),
        ),
        migrations.AddIndex(
            model_name="courriel",
            index=models.Index(fields=["objet_uuid"], name="courriel_dossier"),
        ),
        migrations.AddIndex(
            model_name="rappel",
            index=models.Index(fields=["objet_uuid", "jalon"], name="rappel_dossier_jalon"),
        ),
    ]
