"""Restaurer : tout vérifier à côté, puis remplacer d’un coup ; ce qui était là avant est mis de côté, jamais effacé."""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from concertation.actions.conservation import rejouer_destruction
from concertation.models import EtatSituation, SituationComplexe
from encadrement.journal.actions import consigner
from encadrement.journal.ancres import fichier_des_ancres
from encadrement.outils.mise_a_niveau import appliquer
from encadrement.outils.sauvegarde import cles as cles_
from encadrement.outils.sauvegarde import lecture, manifeste, moteurs, retenue, verification
from encadrement.outils.sauvegarde.ecriture import ANCRES, ENVOIS, FICHIERS
from encadrement.outils.sauvegarde.refus import RestaurationRefusee
from encadrement.personnes.models import MATRICULE_SYSTEME, Personne
from encadrement.socle import coffre


def restaurer(archive, *, cles=None, remplacer=False):
    """Restaure l’archive dans la base et le dossier des réglages, et rend le Constat.

    Lève RestaurationRefusee, sans rien toucher, si l’archive est abîmée ou trop récente, ou si la destination a déjà servi.
    """
    copie = cles_.lire(cles) if cles else cles_.Copie()
    constat = verification.Constat()
    manifeste.exiger_compatible(lecture.lire_manifeste(archive))
    if not remplacer and not destination_vide():
        raise RestaurationRefusee(
            "Cette base ou ce dossier de fichiers contient déjà des données. Sauvegardez-les, puis ajoutez --remplacer "
            "si c’est bien eux que cette archive doit remplacer."
        )
    with _chantier() as chantier:
        lu = lecture.extraire(archive, chantier)
        _remplacer(chantier)
        constat.ecarts += [f"Déjà à la sauvegarde\xa0: {ecart}" for ecart in lu.ecarts]
        moteurs.actuel().prendre_son_temps()
        verification.comparer(lu, constat)
        appliquer()
        constat.ecarts += retenue.rattraper()
        retenue.reconnaitre_les_partis(chantier / ENVOIS)
    _remettre_les_cles(copie)
    _consigner(lu)
    verification.verifier(constat, avec_cles=bool(cles or coffre.cles()))
    return constat


def destination_vide():
    """Dit si la base n’a jamais servi, et si aucun fichier n’y est gardé."""
    if any(chemin.is_file() for chemin in _stockage().rglob("*")):
        return False
    tables = connection.introspection.table_names()
    if "personnes_personne" not in tables:
        return not tables
    with connection.cursor() as curseur:
        curseur.execute("SELECT count(*) FROM personnes_personne WHERE matricule <> %s", [MATRICULE_SYSTEME])
        return curseur.fetchone()[0] == 0


def exercer(archive, *, cles=None):
    """Joue toute la restauration dans une base et un dossier jetables ; rend vrai si elle tient. Rien d’autre n’est touché.

    Un autre processus, avec les mêmes réglages : la base en service n’est pas même ouverte par lui.
    """
    manifeste.exiger_compatible(lecture.lire_manifeste(archive))
    with _chantier() as chantier, moteurs.actuel().base_jetable() as base:
        environnement = _environnement(chantier, base)
        commande = [sys.executable, "manage.py", "restaurer", str(Path(archive).resolve())]
        commande += ["--cles", str(Path(cles).resolve())] if cles else []
        return subprocess.run(commande, cwd=settings.RACINE, env=environnement, check=False).returncode == 0


def _environnement(chantier, base):
    """Rend les réglages d’aujourd’hui, pointés vers la base et les dossiers jetables."""
    siens = {**base, "ENCADREMENT_VAR": str(chantier), "COFFRE": str(chantier / "coffre")}
    if settings.MODE_ESSAI:
        # Ailleurs elles sont déjà dans l’environnement ; l’essai les garde dans le dossier qu’on quitte.
        siens["CLES_CHAMPS"] = ",".join(settings.CLES_CHAMPS)
    autres = {nom: valeur for nom, valeur in os.environ.items() if nom.removesuffix("_FILE") not in siens}
    return {**autres, **siens}


@contextmanager
def _chantier():
    """Un dossier à côté des données, sur le même disque, lisible du seul compte."""
    _stockage().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_stockage().parent, prefix=".restauration-") as chantier:
        yield Path(chantier)


def _stockage():
    return Path(default_storage.path(""))


def _remplacer(chantier):
    """Met en place les fichiers, les ancres, puis la base ; si la base ne se recharge pas, tout revient en place."""
    moteur, quand = moteurs.actuel(), timezone.localtime().strftime("%Y%m%d-%H%M%S")
    (chantier / FICHIERS).mkdir(mode=0o700, exist_ok=True)
    poses, fait = [], False
    try:
        for neuf, place in ((chantier / FICHIERS, _stockage()), (chantier / ANCRES, fichier_des_ancres())):
            ancien = place.with_name(f"{place.name}-avant-{quand}")
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            poses.append((place, ancien))
            if place.exists():
                place.rename(ancien)
            if neuf.exists():
                neuf.rename(place)
        moteur.charger(chantier / moteur.MEMBRE, retenue.SQL)
        fait = True
    finally:
        for place, ancien in () if fait else poses:
            _revenir(place, ancien)
    # Les types de contenu ont changé de numéros.
    ContentType.objects.clear_cache()


def _revenir(place, ancien):
    if ancien.exists():
        shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
        ancien.rename(place)


def _remettre_les_cles(copie):
    """Remet les clés, sauf les détruites ; rejoue dans la base les destructions qu’elle ne connaissait pas encore."""
    detruites_en_base = SituationComplexe.objects.filter(etat=EtatSituation.DETRUITE)
    cles_.restaurer_les_cles(copie, detruites=detruites_en_base.values_list("uuid", flat=True))
    oubliees = SituationComplexe.objects.filter(uuid__in=coffre.detruites()).exclude(etat=EtatSituation.DETRUITE)
    for situation in oubliees:
        rejouer_destruction(situation)


def _consigner(lu):
    consigner(
        "sauvegarde.restaurer",
        par=Personne.objects.systeme(),
        chaine="sauvegarde",
        details={"fait_le": lu.fait_le, "application": lu.application, "journal": lu.journal},
    )
