"""Figer l’état publié : une base PostgreSQL de cette version, vécue, d’où partira la prochaine mise à niveau.

À lancer une fois par version publiée, sur une base vide (docs/mise-a-niveau.md) :
PGDATABASE=… DJANGO_SETTINGS_MODULE=encadrement.settings.test python -m tests.encadrement.outils.publier
"""

import datetime
import json
import lzma
import os
import subprocess
from pathlib import Path

VIDAGE = Path(__file__).with_name("etat_publie.sql.xz")


def vivre():
    """Joue, par les vraies actions, au moins un dossier de chaque mesure."""
    from encadrement.documents.actions import produire_documents
    from encadrement.fichiers.actions import deposer
    from encadrement.journal.actions import consigner
    from encadrement.notifications.envoi import expedier_courriels
    from encadrement.outils.horloge import au
    from encadrement.socle.temps import jour_local
    from tests.cdp import scenes as cdp
    from tests.concertation import scenes as concertation
    from tests.consultation import scenes as consultation
    from tests.distribution import monter
    from tests.encadrement.fichiers.contenus import png, televerse
    from tests.encadrement.incidents import scenes as incidents
    from tests.mentorat import scenes as mentorat

    d = monter()
    with au(jour_local() - datetime.timedelta(days=200)):
        finie = mentorat.entente(d, "close")
        mentorat.evaluer_la_mesure(mentorat.invitation(finie, d.mentor))
        cdp.rapport_approuve(d)
    cdp.outil_depose(d, cdp.rencontre_adoptee(d).communaute)
    consultation.demande_fermee(d)
    consultation.soutien_clos(d)
    concertation.situation_detruite(d)
    concertation.situation_en_suivi(d)
    concertation.exception_approuvee(d)
    incidents.clos(d)
    consigner("essai.piece", deposer(televerse("schema.png", png()), par=d.mentor), par=d.mentor)
    produire_documents()
    expedier_courriels(limite=20)


def vider():
    """Rend la base en SQL, sans ce qu’un psql plus ancien ne comprendrait pas."""
    commande = ["pg_dump", "--no-owner", "--no-privileges", "--no-comments"]
    texte = subprocess.run(commande, capture_output=True, text=True, check=True).stdout
    return "".join(ligne for ligne in texte.splitlines(keepends=True) if not ligne.startswith(("\\restrict", "\\unre")))


def dernieres_migrations():
    """Rend {application: dernière migration appliquée} des applications de la maison."""
    from django.db.migrations.recorder import MigrationRecorder

    appliquees = MigrationRecorder.Migration.objects.values_list("app", "name")
    return {app: nom for app, nom in sorted(appliquees) if app in applications()}


def applications():
    """Rend le nom de chaque application de la maison."""
    from django.apps import apps

    from tests.sources import MESURES

    return {app.label for app in apps.get_app_configs() if app.name.split(".")[0] in ("encadrement", *MESURES)}


def publier():
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    vivre()
    VIDAGE.write_bytes(lzma.compress(vider().encode(), preset=9))
    etat = {"version": os.environ.get("VERSION_PUBLIEE", "0.1.0"), "migrations": dernieres_migrations()}
    json_ = settings.RACINE / "encadrement" / "outils" / "etat_publie.json"
    json_.write_text(json.dumps(etat, ensure_ascii=False, indent=2) + "\n")
    print(f"{VIDAGE.name} : {VIDAGE.stat().st_size} octets")  # noqa: T201


if __name__ == "__main__":
    publier()
