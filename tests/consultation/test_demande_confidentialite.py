"""Aucun contenu clinique ne sort du dossier : ni courriel, ni agenda, ni journal, ni adresse (N-08, Q-19, O-17)."""

import json

import pytest
from django.db import connection
from django.urls import reverse

from consultation.models import DemandeConsultation
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from tests.consultation import scenes
from tests.consultation.gestes import FERMETURE, adresse, saisie

pytestmark = pytest.mark.django_db
CANARI = "Zibeline"


def _dit(mot):
    return f"{CANARI} {mot}"


def _jouer(d, client_de):
    """Toute la vie d’une demande, par les pages, chaque texte portant le canari ; rend la demande et les adresses vues."""
    vues = []

    def poster(nom, page, **envoi):
        reponse = client_de(d[nom]).post(adresse(page, demande), envoi)
        assert reponse.status_code == 302, (page, reponse.status_code)
        vues.append(reponse.url)

    scenes.les_sujets(d)
    fiche, premiere = scenes.fiche_inscrite(d), scenes.autre_fiche(d)
    client_de(d.mentore).post(reverse("consultation:demande_ouvrir"))
    demande = DemandeConsultation.objects.get()
    textes = {champ: _dit(champ) for champ in ("question", "contexte", "recherches", "constats", "disponibilites")}
    poster("mentore", "demande_modifier", **saisie(demande, **textes, sujet_libre=_dit("sujet")))
    jour = scenes.jour_local().isoformat()
    poster("mentore", "demande_soumettre")
    poster("gestionnaire", "demande_autoriser", discutee_le=jour)
    poster("mentore", "demande_choisir_expert", choix=f"expert:{premiere.uuid}")
    poster("animatrice", "demande_decliner", motif=_dit("motif"))
    poster("mentore", "demande_choisir_expert", choix=f"expert:{fiche.uuid}")
    poster("mentor", "demande_proposer_moment", jour="2099-09-08", heure="13:30", lieu="Salle 2")
    poster("mentore", "demande_refuser_moment", disponibilites=_dit("disponibilités"))
    poster("mentor", "demande_proposer_moment", jour="2099-09-09", heure="13:30", lieu="Salle 2")
    poster("mentore", "demande_accepter_moment")
    poster("mentor", "demande_rencontres", jour=jour, duree="45 min", mode="teams")
    poster("mentor", "demande_rendre_avis", avis=_dit("avis"))
    poster("mentore", "demande_fermer", suite_au_dossier="denouee", **{**FERMETURE, "commentaire": _dit("commentaire")})
    return demande, vues


@pytest.mark.exigence("R-177", "R-180", "R-204", "R-209")
def test_une_vie_entiere_ne_laisse_aucun_contenu_clinique_hors_du_dossier(distribution, client_de):
    demande, vues = _jouer(distribution, client_de)
    envoyes = Courriel.objects.exclude(gabarit__startswith="consultation/fiche_")
    assert envoyes.count() >= 9
    for courriel in envoyes:
        ecrit = courriel.objet + courriel.texte + courriel.html + courriel.calendrier.replace("\r\n ", "")
        assert CANARI not in ecrit, courriel.gabarit
        assert "/consultation/demandes/" in ecrit
    # Les adresses où l’on est mené, les titres que le navigateur garde, le journal.
    assert CANARI not in " ".join(vues)
    assert CANARI not in json.dumps(list(Entree.objects.values()), default=str)
    page = client_de(distribution.mentore).get(adresse("demande", demande)).content.decode()
    titre = page.partition("<title>")[2].partition("</title>")[0]
    assert CANARI not in titre
    assert CANARI in page


def test_les_textes_cliniques_sont_chiffres_au_repos(distribution, client_de):
    _jouer(distribution, client_de)
    with connection.cursor() as curseur:
        curseur.execute("SELECT question, contexte, recherches, constats FROM consultation_demandeconsultation")
        (ligne,) = curseur.fetchall()
        curseur.execute("SELECT avis FROM consultation_sollicitation")
        avis = curseur.fetchall()
    assert CANARI not in str(ligne) + str(avis)
    assert all(ligne)


def test_la_liste_ne_montre_ni_question_ni_sujet(distribution, client_de):
    scenes.demande_soumise(distribution)
    page = client_de(distribution.gestionnaire).get(reverse("consultation:demandes")).content.decode()
    assert "minégligence" not in page
