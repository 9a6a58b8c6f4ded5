"""Attester sa formation, la consigner pour quelqu’un, l’annuler ; l’avertissement du douzième mois (O-09)."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from encadrement.accueil.a_faire import taches_de
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.parametres.actions import regler
from encadrement.personnes.models import Personne
from encadrement.protection.actions.attestations import annuler_attestation, attester_formation
from encadrement.protection.droits import DROITS_ATTESTATION, AttestationRequise, est_attestee
from encadrement.protection.models import Attestation, premiere_date_valide
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import ajouter_mois, jour_local
from tests.encadrement.acces.trois_faces import desaccords
from tests.encadrement.protection import scenes
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

JOUR = datetime.timedelta(days=1)


def relire(personne):
    return Personne.objects.get(pk=personne.pk)


def gestes(personne):
    return [tache.geste for tache in taches_de(relire(personne)) if tache.dossier == "Protection des renseignements"]


def test_une_formation_vaut_douze_mois_jamais_un_jour_de_plus(distribution):
    d = distribution
    for suivie_le in (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28), datetime.date(2025, 1, 31)):
        scenes.sans_attestation(d.mentore)
        attestation = Attestation.objects.create(
            personne=d.mentore, titre="F", suivie_le=suivie_le, consignee_par=d.mentore
        )
        siennes = Attestation.objects.filter(pk=attestation.pk)
        fin = attestation.vaut_jusqu_au
        assert [siennes.en_vigueur(fin + ecart * JOUR).exists() for ecart in (0, 1)] == [True, False]
        assert [siennes.en_vigueur(suivie_le - ecart * JOUR).exists() for ecart in (0, 1)] == [True, False]


def test_on_atteste_par_la_page_et_l_on_revient_ou_l_on_allait(distribution, client_de):
    d = distribution
    scenes.sans_attestation(d.mentore)
    client, suite = client_de(d.mentore), "/concertation/orientations/?etat=a_faire"
    page = client.get(reverse("protection:attestations"), {"suite": suite})
    saisie = {**champs_de(page), "titre": scenes.TITRE, "suivie_le": jour_local()}
    fichier = SimpleUploadedFile("preuve.txt", b"Suivie.")
    rendu = client.post(reverse("protection:attestations"), {**saisie, "fichier": fichier})
    assert rendu.url == suite
    attestation = Attestation.objects.get(personne=d.mentore)
    assert (attestation.fichier.nom, attestation.consignee_par) == ("preuve.txt", d.mentore)
    assert Entree.objects.get(acte="protection.attester").details["personne"] == d.mentore.matricule
    # Un second clic n’en fait pas une seconde ; une suite d’ailleurs ne mène pas ailleurs.
    ailleurs = client.post(reverse("protection:attestations"), {**saisie, "suite": "//ailleurs.exemple/"})
    assert ailleurs.url == reverse("protection:attestations")
    assert Attestation.objects.filter(personne=d.mentore).count() == 1


@pytest.mark.parametrize(
    ("suivie_le", "phrase"),
    [
        (lambda jour: jour + JOUR, "à venir"),
        (lambda jour: premiere_date_valide(jour) - JOUR, "plus de douze mois"),
    ],
)
def test_une_date_a_venir_ou_trop_ancienne_est_refusee_par_la_page_et_par_l_action(
    distribution, client_de, suivie_le, phrase
):
    d = distribution
    scenes.sans_attestation(d.mentore)
    date = suivie_le(jour_local())
    page = client_de(d.mentore).post(reverse("protection:attestations"), {"titre": "Zibeline", "suivie_le": date})
    assert "Zibeline" in page.text
    assert phrase.replace("douze", "12") in texte_de(page)
    with pytest.raises(ErreurMetier, match=phrase):
        attester_formation(d.mentore, par=d.mentore, titre="F", suivie_le=date)
    assert not est_attestee(d.mentore)


def test_la_prp_consigne_pour_quelqu_un_et_l_annulation_ferme_a_la_requete_suivante(distribution, client_de):
    d = distribution
    scenes.sans_attestation(d.membre)
    client = client_de(d.prp)
    saisie = {"personne": d.membre.matricule, "titre": scenes.TITRE, "suivie_le": jour_local()}
    assert client.post(reverse("protection:attestation_consigner"), saisie).status_code == 302
    attestation = d.membre.attestations.get()
    assert (attestation.consignee_par, est_attestee(d.membre)) == (d.prp, True)
    assert "Kim Gagné" in client.get(reverse("protection:attestations_toutes"), {"qui": "gagne"}).text
    adresse = reverse("protection:attestation_annuler", args=[attestation.uuid])
    assert "Écrivez pourquoi" in client.post(adresse, {"motif": " "}).text
    assert client.post(adresse, {"motif": "Ce n’est pas la bonne."}).status_code == 302
    assert not est_attestee(d.membre)
    assert "Ce n’est pas la bonne." in client_de(d.membre).get(reverse("protection:attestations")).text
    # Le motif reste au dossier : le courriel ne le dit pas.
    assert not Courriel.objects.filter(texte__contains="pas la bonne").exists()
    assert set(Courriel.objects.filter(a=d.membre).values_list("gabarit", flat=True)) == {
        "protection/attestation_consignee",
        "protection/attestation_annulee",
    }
    with pytest.raises(ErreurMetier, match="déjà annulée"):
        annuler_attestation(attestation, par=d.prp, motif="Encore.")


def test_le_douzieme_mois_avertit_deux_fois_et_se_tait_une_fois_renouvelee(distribution, time_machine):
    d = distribution
    debut = datetime.datetime(2030, 6, 3, 16, tzinfo=datetime.UTC)
    time_machine.move_to(debut, tick=False)
    scenes.sans_attestation(*(personne for _, personne in d))
    attester_formation(d.mentore, par=d.mentore, titre="F", suivie_le=ajouter_mois(jour_local(), -11) + JOUR)
    balayer_rappels()
    assert (gestes(d.mentore), Courriel.objects.filter(a=d.mentore).count()) == ([], 0)
    for ecart, attendus in ((2, 1), (27, 2), (28, 2)):
        time_machine.move_to(debut + ecart * JOUR, tick=False)
        balayer_rappels()
        recus = Courriel.objects.filter(a=d.mentore, gabarit="protection/rappel_attestation")
        assert (recus.count(), gestes(d.mentore)) == (attendus, ["Renouveler ma formation"]), ecart
    attester_formation(d.mentore, par=d.mentore, titre="F", suivie_le=jour_local())
    time_machine.move_to(debut + 29 * JOUR, tick=False)
    balayer_rappels()
    assert (gestes(d.mentore), recus.count()) == ([], 2)


def test_avertir_plus_tot_vaut_pour_les_formations_en_cours_sans_redoubler(distribution, time_machine):
    """Quarante-cinq jours avant le douzième mois, puis à son début."""
    d = distribution
    debut = datetime.datetime(2030, 6, 3, 16, tzinfo=datetime.UTC)
    time_machine.move_to(debut, tick=False)
    scenes.sans_attestation(*(personne for _, personne in d))
    attester_formation(d.mentore, par=d.mentore, titre="F", suivie_le=ajouter_mois(jour_local(), -11) + 40 * JOUR)
    assert balayer_rappels() == 0
    regler("protection.rappels.attestation", par=d.dsm, valeur=[-45, 0], motif="Essai.", vue=0)
    assert balayer_rappels() == 1
    regler("protection.rappels.attestation", par=d.dsm, valeur=[-30, 0], motif="Essai.", vue=1)
    time_machine.move_to(debut + 15 * JOUR, tick=False)
    assert balayer_rappels() == 0
    time_machine.move_to(debut + 42 * JOUR, tick=False)
    assert balayer_rappels() == 1


def test_qui_coordonne_sans_formation_l_apprend_a_faire_les_autres_non(distribution):
    d = distribution
    scenes.sans_attestation(d.coordonnatrice, d.mentore)
    assert gestes(d.coordonnatrice) == ["Attester ma formation"]
    assert gestes(d.mentore) == []


def test_les_trois_faces_du_droit_s_accordent(distribution):
    scenes.attestation(distribution)
    assert desaccords(DROITS_ATTESTATION, Attestation.objects.all()[:3], distribution) == []


def test_la_personne_sans_formation_a_le_droit_mais_pas_encore_le_geste(distribution):
    """Le préalable s’ajoute au droit : il ne le remplace pas, et ne se juge qu’après lui."""
    from encadrement.acces.matrice import AccesRefuse
    from encadrement.acces.roles import TouteLaMaison
    from encadrement.protection.droits import FORMATION

    d = distribution
    scenes.sans_attestation(d.mentore)
    attestation = scenes.attestation(d, d.membre)
    tous = TouteLaMaison("tous", "tous")
    matrice = type(DROITS_ATTESTATION).__new__(type(DROITS_ATTESTATION))
    matrice.modele, matrice.code = Attestation, "essai"
    acte = type(DROITS_ATTESTATION.actes["voir"])
    matrice.actes = {
        "voir": acte("Voir", (tous,), prealables=(FORMATION,)),
        "jamais": acte("Jamais", (), prealables=(FORMATION,)),
    }
    assert matrice.peut(d.mentore, "voir", attestation)
    for geste in (
        lambda: matrice.exiger(d.mentore, "voir", attestation),
        lambda: matrice.trouver(d.mentore, uuid=attestation.uuid),
    ):
        with pytest.raises(AttestationRequise):
            geste()
    with pytest.raises(AccesRefuse):
        matrice.exiger(d.mentore, "jamais", attestation)
    assert matrice.trouver(d.membre, uuid=attestation.uuid) == attestation
