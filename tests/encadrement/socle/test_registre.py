"""Les réglages de production : un seul registre, deux fichiers qui en sortent, et un refus clair de démarrer."""

import ast
import os
import subprocess
import sys

import pytest
from django.conf import settings

from encadrement.outils.management.commands.reglages import EXEMPLE, PAGE, avec_la_table, exemple
from encadrement.outils.management.commands.verifier import environnement_de_production
from encadrement.settings.lecture import fautes
from encadrement.settings.registre import REGLAGES

DOSSIER = settings.RACINE / "encadrement" / "settings"
CLE = "c3VpdGUtZC1lc3NhaXMtY2xlLWRlLTMyLW9jdGV0cyE="


@pytest.fixture
def bons():
    return environnement_de_production()


def trouvees(environnement):
    return [(faute.id, faute.quoi) for faute in fautes(environnement)]


def test_les_fichiers_concordent_avec_le_registre():
    """« manage.py reglages --ecrire » les refait."""
    assert (settings.RACINE / EXEMPLE).read_text() == exemple()
    page = (settings.RACINE / PAGE).read_text()
    assert page == avec_la_table(page)
    assert "| `SECRET_KEY`" in page


def test_chaque_reglage_sert_et_passe_par_le_registre():
    lus, a_cote = set(), []
    for module in ("base", "oidc", "prod", "postgresql"):
        for noeud in ast.walk(ast.parse((DOSSIER / f"{module}.py").read_text())):
            if isinstance(noeud, ast.Call) and isinstance(noeud.func, ast.Name) and noeud.func.id == "lire":
                lus.add(noeud.args[0].value)
            elif isinstance(noeud, ast.Attribute) and noeud.attr == "environ":
                a_cote.append(module)
    # La seule exception : le PGHOST de la suite et de la démonstration, que la production ne lit pas.
    assert set(a_cote) <= {"postgresql", "base"}
    assert lus == {nom for nom in REGLAGES if not nom.startswith("DJANGO_")}


def test_aucun_secret_na_de_defaut():
    secrets = [reglage for reglage in REGLAGES.values() if reglage.secret]
    assert {"SECRET_KEY", "CLES_CHAMPS", "SCEAU_PHRASE", "PGPASSWORD"} <= {reglage.nom for reglage in secrets}
    assert not any(reglage.defaut or reglage.exemple for reglage in secrets)


def test_tout_ce_qui_manque_se_dit_a_la_fois():
    obligatoires = {reglage.nom for reglage in REGLAGES.values() if reglage.obligatoire}
    assert {quoi.split()[0] for _, quoi in trouvees({})} == obligatoires
    assert {identifiant for identifiant, _ in trouvees({})} == {"encadrement.E001"}
    assert all(faute.ligne.startswith(faute.quoi.split()[0]) for faute in fautes({}))


def test_de_bons_reglages_passent(bons):
    assert trouvees(bons) == []


@pytest.mark.parametrize(
    ("change", "identifiant", "dit"),
    [
        ({"SECRET_KEY": "trop-courte"}, "E002", "au moins 50 signes"),
        ({"SECRET_KEY": "a" * 60}, "E002", "tirés au hasard"),
        ({"ALLOWED_HOSTS": "*"}, "E002", "sans *"),
        ({"ALLOWED_HOSTS": "https://encadrement.exemple"}, "E002", "sans https://"),
        ({"ADRESSE_PUBLIQUE": "http://encadrement.exemple"}, "E002", "https://"),
        ({"ADRESSE_PUBLIQUE": "https://encadrement.exemple/page"}, "E002", "sans rien après"),
        ({"ADRESSE_PUBLIQUE": "https://autre.exemple"}, "E005", "autre.exemple"),
        ({"CLES_CHAMPS": f"{CLE},pas-une-cle"}, "E002", "la clé no 2"),
        ({"REDIS_URL": "127.0.0.1:6379"}, "E002", "redis://"),
        ({"COFFRE": "coffre"}, "E002", "un chemin complet"),
        ({"EMAIL_PORT": "vingt-cinq"}, "E002", "nombre de 1 à 65535"),
        ({"EMAIL_USE_TLS": "oui"}, "E002", "1 pour oui"),
        ({"COURRIEL_DSM": "la DSM"}, "E002", "une adresse de courriel"),
        ({"JOURS_CHOMES": "24 décembre"}, "E002", "2026-12-24"),
        ({"HEURE_DES_RELANCES": "24"}, "E002", "nombre de 0 à 23"),
        ({"NIVEAU_DES_JOURNAUX": "info"}, "E002", "DEBUG, INFO"),
        ({"CLAMD_ADRESSE": "/run/clamav/clamd.ctl"}, "E002", "unix:///chemin"),
        ({"OIDC_GROUPES": "EC-APPR"}, "E002", "groupe=rôle"),
        ({"DATABASE_HOST": "base", "PGPASSWORD": ""}, "E005", "PGPASSWORD manque"),
        ({"EMAIL_HOST_USER": "ec"}, "E005", "EMAIL_HOST_PASSWORD manque"),
        ({"OIDC_ISSUER": "https://x.exemple", "OIDC_CLIENT_ID": "ec"}, "E005", "OIDC_CLIENT_SECRET manque"),
        ({"SECRET_KEY_FILE": "/dev/null"}, "E004", "gardez-en un"),
        ({"EMAIL_HOST": "", "EMAIL_HOST_FILE": "/nulle/part"}, "E003", "ne se lit pas"),
    ],
)
def test_une_valeur_fausse_se_dit_sans_montrer_de_secret(bons, change, identifiant, dit):
    ((trouve, quoi),) = trouvees({**bons, **change})
    assert trouve == f"encadrement.{identifiant}"
    assert dit in quoi
    secrets = [change[nom] for nom in change if nom in REGLAGES and REGLAGES[nom].secret and change[nom]]
    assert not any(secret in quoi for secret in secrets)


def test_un_secret_se_donne_par_un_fichier(bons, tmp_path):
    for nom in ("SECRET_KEY", "CLES_CHAMPS"):
        (tmp_path / nom).write_text(bons.pop(nom) + "\n")
        bons[f"{nom}_FILE"] = str(tmp_path / nom)
    assert trouvees(bons) == []
    relu = _lancer([sys.executable, "-c", "from encadrement.settings import prod; print(prod.SECRET_KEY)"], bons)
    sortie, _ = relu.communicate(timeout=60)
    assert sortie.strip() == (tmp_path / "SECRET_KEY").read_text().strip()


COMMANDES = {
    "web": ("-m", "gunicorn", "encadrement.wsgi:application", "--bind", "127.0.0.1:0", "--no-control-socket"),
    "travailleur": ("-m", "celery", "-A", "encadrement", "worker", "--concurrency", "1"),
    "métronome": ("-m", "celery", "-A", "encadrement", "beat", "--schedule", "{metronome}", "--pidfile="),
    "commande": ("manage.py", "migrate", "--plan"),
}


def test_rien_ne_demarre_avec_un_mauvais_reglage_et_aucune_trace_python_ne_parait(bons, tmp_path):
    """Un réglage absent, puis un contrôle grave : web, travailleur, métronome et commandes s’arrêtent, en clair."""
    (tmp_path / "vide").mkdir()
    mauvais = {
        "encadrement.E001": ({**bons, "EMAIL_HOST": ""}, ("web", "travailleur", "métronome", "commande")),
        "encadrement.E007": ({**bons, "ENCADREMENT_STATIC": str(tmp_path / "vide")}, ("web", "métronome")),
    }
    lances = {
        (quoi, identifiant): _lancer(
            [sys.executable, *(mot.format(metronome=tmp_path / "metronome") for mot in COMMANDES[quoi])], environnement
        )
        for identifiant, (environnement, quois) in mauvais.items()
        for quoi in quois
    }
    try:
        for (quoi, identifiant), lance in lances.items():
            sortie, erreurs = lance.communicate(timeout=120)
            assert lance.returncode not in {0, -15}, quoi
            assert identifiant in erreurs, (quoi, identifiant, erreurs)
            assert "Traceback" not in sortie + erreurs, (quoi, erreurs)
    finally:
        # Ce qui aurait démarré malgré tout ne survit pas à l’essai.
        for lance in lances.values():
            lance.kill()


def _lancer(commande, environnement):
    return subprocess.Popen(
        commande,
        env={"PATH": os.environ["PATH"], **environnement},
        cwd=settings.RACINE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
