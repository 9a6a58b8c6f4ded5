"""Le cycle de mentorat entier, du bottin à la clôture, à travers TLS, sur une installation de production mise à l’essai.

L’histoire est celle de tests/navigateur/test_cycle_mentorat.py, jouée à l’écran par des gens qui se connectent; chaque PDF
vient du travailleur. Elle dure du 31 août 2026 au 8 mars 2027 : à chaque saut, le script ferme les sessions et lance votre
COMMANDE suivie de la date, qui relance web, travailleur et métronome ce jour-là. L’horloge de PostgreSQL et de nginx ne
bouge pas, et rien n’en dépend. De quoi dater un service : dans /etc/encadrement/reglages, PYTHONPATH=un dossier qui
contient time_machine et ce sitecustomize.py, et DECALAGE en secondes.

    import os, time, time_machine
    time_machine.travel(time.time() + int(os.environ["DECALAGE"])).start()

Une base neuve, à cette date : importer_rh encadrement/outils/donnees/rh-essai.csv, nommer_premiers_roles --dsm 90007
--pilote 90009, et à chacun de QUI le mot de passe de tests/factories.py. Jamais sur la vraie installation.
Le sceau que chaque PDF doit porter se donne comme à l’application : SCEAU_PKCS12 et SCEAU_PHRASE_FILE.
Usage : python bench/cycle_tls.py https://encadrement.exemple.qc.ca COMMANDE
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import preparation  # noqa: F401  (la racine du projet sur le chemin, et Django pour lire l’histoire)
from django.conf import settings
from playwright.sync_api import expect, sync_playwright

from encadrement.outils.instances import chromium
from tests.factories import MOT_DE_PASSE
from tests.navigateur import pdf_scelle
from tests.navigateur import test_cycle_mentorat as histoire
from tests.navigateur.conftest import LARGEUR, OPTIONS, PATIENCE
from tests.navigateur.gestes import annonce, appuyer, deposer, dossier

QUI = {
    "mentor": "90001",
    "mentore": "90002",
    "gestionnaire": "90003",
    "gestionnaire_mentor": "90004",
    "directrice": "90005",
    "appr": "90006",
    "dsm": "90007",
    "drhcaj": "90008",
    "pilote": "90009",
    "pdga": "10001",
}
ROLES = (("90006", "appr"), ("90008", "drhcaj"))
UNE_MINUTE = 60_000


class Ecrans:
    """L’écran de chacun, connecté par le formulaire; changer de jour ferme les sessions et relance les services."""

    def __init__(self, navigateur, adresse, commande):
        self.navigateur, self.adresse, self.commande = navigateur, adresse, commande
        self.pages, self.fautes = {}, []

    def __getitem__(self, nom):
        if nom not in self.pages:
            self.pages[nom] = self._connecter(QUI[nom])
        return self.pages[nom]

    def _connecter(self, matricule):
        # L’autorité d’un certificat d’essai n’est pas connue de Chromium.
        contexte = self.navigateur.new_context(
            base_url=self.adresse,
            locale="fr-CA",
            timezone_id="America/Toronto",
            viewport=LARGEUR,
            ignore_https_errors=True,
        )
        contexte.set_default_timeout(PATIENCE)
        page = contexte.new_page()
        page.on("pageerror", lambda erreur: self.fautes.append(str(erreur)))
        page.goto("/compte/login/")
        page.get_by_label("Matricule ou courriel").fill(matricule)
        page.get_by_label("Mot de passe").fill(MOT_DE_PASSE)
        appuyer(page, "Se connecter")
        page.wait_for_url(f"{self.adresse}/")
        return page

    def au(self, jour):
        for page in self.pages.values():
            page.context.close()
        self.pages.clear()
        subprocess.run([*self.commande, jour], check=True)
        print(f"— le {jour}", flush=True)


def donner_les_roles(ecrans):
    """Le pilote propose, la DSM approuve."""
    for matricule, role in ROLES:
        page = ecrans["pilote"]
        page.goto("/roles/proposer/")
        page.get_by_role("textbox", name="Personne").fill(matricule)
        page.get_by_label("Rôle").select_option(role)
        page.get_by_label("Motif").fill("Installation")
        appuyer(page, "Proposer")
        annonce(page, "attend d’être approuvé")
        page = ecrans["dsm"]
        page.goto("/roles/")
        dossier(page).get_by_role("link", name="Approuver").click()
        appuyer(page, "Approuver")
        annonce(page, "tient maintenant ce rôle")


def telecharger_du_travailleur(page, nature):
    """Rend les octets du PDF, depuis le dossier."""
    return remettre(page, nature, dossier(page).get_by_role("link", name=f"{nature} (PDF").click)


def remettre(page, nature, demander):
    """Rend les octets du PDF demandé : remis aussitôt s’il est fait, sinon par la page qui fait patienter."""
    depart = time.monotonic()
    with page.expect_download(timeout=UNE_MINUTE) as attente:
        demander()
        pret = page.get_by_role("link", name="Télécharger le PDF")
        while not attente.is_done() and time.monotonic() - depart < UNE_MINUTE / 1000:
            if pret.count():
                pret.click()
                break
            page.wait_for_timeout(500)
    print(f"  {nature} : PDF remis en {time.monotonic() - depart:.1f} s", flush=True)
    return attente.value.path().read_bytes()


def attester_les_heures(ecrans, entente, dossier_temporaire):
    """Le mentor reçoit son attestation, que « Vérifier » reconnaît."""
    page = ecrans["mentor"]
    page.goto(entente)
    octets = remettre(page, "Attestation d’heures", lambda: appuyer(page, "Mon attestation d’heures (PDF)"))
    pdf_scelle.exiger_valide(octets, dossier_temporaire)
    deposer(page, octets)
    expect(page.get_by_role("status")).to_contain_text("Ce fichier est authentique")


def jouer(ecrans, dossier_temporaire):
    """Joue l’histoire jusqu’à l’attestation d’heures."""
    ecrans.au("2026-08-31")
    donner_les_roles(ecrans)
    # La directrice est mentor aussi : le jumelage doit l’écarter, elle dirige le mentoré.
    histoire.inscrire_le_mentor(
        {"mentor": ecrans["directrice"], "gestionnaire_mentor": ecrans["pdga"], "dsm": ecrans["dsm"]}
    )
    histoire.inscrire_le_mentor(ecrans)
    histoire.demander_et_accepter(ecrans)
    histoire.jumeler(ecrans)
    histoire.rediger_a_deux(ecrans)
    histoire.signer_a_deux(ecrans)
    entente = histoire.approuver(ecrans, dossier_temporaire)
    histoire.transmettre_et_liberer(ecrans, entente)
    histoire.tenir_le_journal(ecrans, entente)
    histoire.prendre_des_notes(ecrans, entente)
    histoire.faire_la_mi_temps(ecrans, entente, dossier_temporaire)
    histoire.se_voir_refuser_la_prolongation(ecrans, entente)
    histoire.evaluer_et_clore(ecrans, entente, dossier_temporaire)
    histoire.lire_chacun_selon_son_role(ecrans, entente)
    histoire.evaluer_la_mesure(ecrans)
    attester_les_heures(ecrans, entente, dossier_temporaire)


def main(adresse, *commande):
    histoire.telecharger = telecharger_du_travailleur
    settings.SCEAU_PKCS12 = os.environ["SCEAU_PKCS12"]
    settings.SCEAU_PHRASE = Path(os.environ["SCEAU_PHRASE_FILE"]).read_text().strip()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as dossier_temporaire:
        navigateur = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        ecrans = Ecrans(navigateur, adresse.rstrip("/"), commande)
        jouer(ecrans, Path(dossier_temporaire))
        navigateur.close()
    for faute in ecrans.fautes:
        print(f"script en erreur : {faute}")
    print("Le cycle est joué jusqu’à la clôture." if not ecrans.fautes else "Le cycle est joué, avec ces fautes.")
    return not ecrans.fautes


if __name__ == "__main__":
    sys.exit(not main(*sys.argv[1:]))
