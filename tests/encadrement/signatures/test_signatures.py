"""On signe un contenu figé ; changer le contenu rend les signatures caduques."""

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from encadrement.journal.models import Entree, LigneInalterable
from encadrement.signatures.actions import Confirmation, figer, signatures_valides, signer
from encadrement.signatures.models import Instantane, Methode, Signature, canoniser, empreinte_de
from encadrement.socle.erreurs import ErreurMetier, Perime
from tests.encadrement.signatures.conftest import Titre
from tests.factories import PersonneFactory

CONFIRMATION = Confirmation(adresse="10.20.30.40", engagement="Je m’engage.")


def test_le_meme_contenu_donne_le_meme_instantane(objet, instantane):
    encore = figer(objet, "essai", {"rang": 1, "objectif": "Rédiger seul une évaluation"}, gabarit=instantane.gabarit)

    assert encore == instantane
    assert encore.est_intact


def test_un_contenu_different_donne_un_autre_instantane(objet, instantane, contenu):
    autre = figer(objet, "essai", contenu | {"rang": 2}, gabarit=instantane.gabarit)

    assert autre != instantane


def test_l_empreinte_ne_depend_pas_de_l_ordre_des_cles_et_garde_les_accents():
    assert empreinte_de({"a": 1, "é": 2}) == empreinte_de({"é": 2, "a": 1})
    assert canoniser({"é": "œ"}) == '{"é":"œ"}'


def test_signer_garde_qui_a_quel_titre_comment_d_ou_et_sur_quoi(instantane, personne):
    signature = signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)

    assert (signature.nom, signature.titre, signature.titre_libelle) == ("Rosalie Cayouette", "mentor", "le mentor")
    assert (signature.methode, signature.adresse) == (Methode.MOT_DE_PASSE, "10.20.30.40")
    assert signature.engagement == "Je m’engage."
    assert signature.au_nom_de is None
    entree = Entree.objects.get(acte="signature")
    assert entree.details == {"nature": "essai", "empreinte": instantane.empreinte}


def test_le_nom_de_la_personne_representee_est_fige_avec_la_signature(instantane, personne):
    absente = PersonneFactory(prenom="Noémie", nom="L’Heureux")
    signature = signer(instantane, par=personne, role=Titre(represente=absente), confirmation=CONFIRMATION)
    absente.nom = "Autre"
    absente.save()

    signature.refresh_from_db()

    assert signature.au_nom_de == absente
    assert signature.au_nom_de_nom == "Noémie L’Heureux"


def test_un_titre_ne_signe_qu_une_fois(instantane, personne):
    signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)

    with pytest.raises(ErreurMetier, match="déjà une signature à ce titre"):
        signer(instantane, par=PersonneFactory(), role=Titre(), confirmation=CONFIRMATION)


def test_la_meme_personne_ne_signe_pas_a_deux_titres(instantane, personne):
    signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)

    with pytest.raises(ErreurMetier, match="à un autre titre"):
        signer(instantane, par=personne, role=Titre("gestionnaire", "le gestionnaire"), confirmation=CONFIRMATION)


def test_signer_un_autre_contenu_que_celui_qu_on_a_lu_est_refuse(instantane, personne):
    lue = Confirmation(empreinte_lue="0" * 64, engagement="Je m’engage.")

    with pytest.raises(Perime):
        signer(instantane, par=personne, role=Titre(), confirmation=lue)
    assert not Signature.objects.exists()


def test_un_contenu_altere_en_base_ne_se_signe_pas(instantane, personne, monkeypatch):
    monkeypatch.setattr(Instantane, "est_intact", False)

    with pytest.raises(ErreurMetier, match="ne correspond plus à son empreinte"):
        signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)


def test_une_signature_ne_compte_que_pour_le_contenu_signe(objet, instantane, contenu, personne):
    signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)

    assert {signature.titre for signature in signatures_valides(objet, "essai", contenu)} == {"mentor"}
    assert signatures_valides(objet, "essai", contenu | {"rang": 2}) == []
    assert signatures_valides(objet, "autre", contenu) == []


@pytest.mark.parametrize(
    "agir", [lambda ligne: ligne.save(), lambda ligne: ligne.delete()], ids=["corriger", "effacer"]
)
def test_ni_l_instantane_ni_la_signature_ne_changent(instantane, personne, agir):
    signature = signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)

    for ligne in (instantane, signature):
        with pytest.raises(LigneInalterable):
            agir(ligne)


@pytest.mark.postgresql
def test_la_base_refuse_aussi_de_changer_une_signature(instantane, personne):
    signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("UPDATE signatures_signature SET nom = 'Autre'")


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_quatre_signatures_simultanees_au_meme_titre_n_en_laissent_qu_une(instantane):
    personnes = [PersonneFactory() for _ in range(4)]
    depart = threading.Barrier(4)
    refus = []

    def tenter(personne):
        depart.wait()
        try:
            signer(instantane, par=personne, role=Titre(), confirmation=CONFIRMATION)
        except ErreurMetier as erreur:
            refus.append(erreur.message)
        finally:
            connection.close()

    fils = [threading.Thread(target=tenter, args=[personne]) for personne in personnes]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()

    assert Signature.objects.count() == 1
    assert refus == ["Ce document porte déjà une signature à ce titre."] * 3
