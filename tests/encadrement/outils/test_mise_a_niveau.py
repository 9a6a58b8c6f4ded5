"""De l’état publié à aujourd’hui : rien ne se perd, tout se lit ; chaque migration se défait, ou dit pourquoi non."""

import json
import lzma

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

import encadrement.urls  # noqa: F401  (les pages chargent les trajectoires de toutes les mesures)
from encadrement.outils.mise_a_niveau import mention, plan, raisons
from encadrement.outils.sauvegarde.verification import Constat, verifier
from encadrement.socle.bd import ajout_seul
from encadrement.trajectoire.transition import Trajectoire
from tests.bases import ailleurs, recharger
from tests.encadrement.outils.publier import VIDAGE, applications, dernieres_migrations
from tests.sources import RACINE

PUBLIE = json.loads((RACINE / "encadrement" / "outils" / "etat_publie.json").read_text())
# Ce que la base désigne et que le vidage n’a pas : les fichiers, et les clés de situations.
HORS_DE_LA_BASE = "il ne s’ouvre pas"
SANS_CLE = {"concertation.situationcomplexe", "concertation.orientation"}


def de_la_maison():
    """Rend {(application, nom): migration} de toutes les migrations de la maison."""
    toutes = MigrationLoader(None).disk_migrations
    return {cle: migration for cle, migration in toutes.items() if cle[0] in applications()}


def comptes():
    """Rend {table: nombre de lignes} de la base branchée."""
    with connection.cursor() as curseur:
        rendus = {}
        for table in connection.introspection.table_names(curseur):
            curseur.execute(f'SELECT count(*) FROM "{table}"')
            rendus[table] = curseur.fetchone()[0]
        return rendus


def tout_se_lit(client_de):
    """Chaque ligne de chaque modèle se charge, valeurs chiffrées comprises ; un dossier de chaque sorte s’ouvre à l’écran."""
    lignes = sum(len(list(modele._base_manager.all())) for modele in apps.get_models() if modele._meta.managed)
    constat = Constat()
    verifier(constat, avec_cles=False)
    assert [ecart for ecart in constat.ecarts if HORS_DE_LA_BASE not in ecart and "repartiraient" not in ecart] == []
    ouverts = {}
    for modele, trajectoire in Trajectoire.par_modele.items():
        dossier = modele.objects.first()
        if dossier is not None and hasattr(dossier, "get_absolute_url") and modele._meta.label_lower not in SANS_CLE:
            personne = next(iter(next(iter(trajectoire)).droits.personnes("voir", dossier)))
            ouverts[modele._meta.label_lower] = client_de(personne).get(dossier.get_absolute_url()).status_code
    assert set(ouverts.values()) == {200}, ouverts
    return lignes, len(ouverts)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_l_etat_publie_se_met_a_niveau_sans_rien_perdre_et_en_revient(client_de):
    with ailleurs():
        recharger(lzma.decompress(VIDAGE.read_bytes()))
        assert dernieres_migrations() == PUBLIE["migrations"], "le vidage n’est pas celui de l’état publié"
        avant = comptes()
        attendues = [etape.nom for etape in plan()]
        call_command("mise_a_niveau", appliquer=True)
        assert plan() == []
        ContentType.objects.clear_cache()
        apres = comptes()
        perdues = {table: (n, apres[table]) for table, n in avant.items() if table in apres and apres[table] < n}
        assert perdues == {}
        lignes, ouverts = tout_se_lit(client_de)
        assert lignes > 1000
        assert ouverts >= 8

        # Et retour : la version publiée retrouve sa base, puis celle d’aujourd’hui la sienne.
        publiees, toutes = PUBLIE["migrations"], de_la_maison()
        nouvelles = [m for (app, nom), m in toutes.items() if app not in publiees or nom > publiees[app]]
        assert set(attendues) >= {f"{m.app_label}.{m.name}" for m in nouvelles}
        if not any(mention(nouvelle, "IRREVERSIBLE") for nouvelle in nouvelles):
            cibles = [(app, publiees.get(app)) for app in sorted({app for app, _ in toutes})]
            MigrationExecutor(connection).migrate(cibles)
            assert dernieres_migrations() == publiees
            assert {table: n for table, n in comptes().items() if table in avant and n < avant[table]} == {}
            call_command("migrate", verbosity=0)


def test_chaque_migration_se_defait_ou_dit_pourquoi_non():
    muettes = [
        f"{app}.{nom} : {type(operation).__name__}"
        for (app, nom), migration in de_la_maison().items()
        for operation in migration.operations
        if not operation.reversible and not mention(migration, "IRREVERSIBLE")
    ]
    assert muettes == []
    # La règle voit ce qu’elle doit voir.
    assert not migrations.RunPython(lambda *_: None).reversible


def test_l_etat_publie_precede_les_migrations_d_aujourd_hui():
    """Une migration publiée ne disparaît ni ne change de nom : les bases en service la portent déjà."""
    assert set(PUBLIE["migrations"].items()) <= set(de_la_maison())


def test_le_plan_dit_ce_qui_demande_d_arreter_l_ancienne_version():
    """À chaud : ce que l’ancien code peut ignorer. À froid : ce qu’il lirait, ou ce qu’il ne saurait pas écrire."""
    court, long = models.CharField(max_length=10), models.CharField(max_length=20)
    a_chaud = [
        migrations.AddField("battement", "note", models.CharField(max_length=5, null=True)),
        migrations.AddField("battement", "rang", models.IntegerField(db_default=0)),
        migrations.AlterField("battement", "nom", models.CharField("autre mot", max_length=40, unique=True)),
        migrations.CreateModel("Neuve", [("id", models.AutoField(primary_key=True)), ("a", court)]),
        migrations.AlterField("neuve", "a", long),
        ajout_seul("notifications_battement"),
    ]
    a_froid = [
        migrations.AddField("battement", "obligee", models.CharField(max_length=5, default="x")),
        migrations.AlterField("battement", "nom", models.CharField(max_length=10, unique=True)),
        migrations.RemoveField("battement", "le"),
        migrations.RunPython(lambda *_: None),
    ]
    migration = migrations.Migration("9999_essai", "notifications")
    migration.operations = [*a_chaud, *a_froid]
    etat = MigrationLoader(None).project_state(("notifications", PUBLIE["migrations"]["notifications"]))
    assert raisons(migration, etat) == (
        "AddField battement.obligee",
        "AlterField battement.nom",
        "RemoveField battement.le",
        "RunPython",
    )
