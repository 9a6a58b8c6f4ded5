"""Un instantané donne un document, un document donne un seul PDF, qui ne change plus."""

import threading

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.utils import DatabaseError
from kombu.exceptions import OperationalError

from encadrement.documents import actions, coup_de_pouce
from encadrement.documents.actions import demander_document, produire, produire_documents
from encadrement.documents.models import Document, Etat, Horodatage
from encadrement.journal.models import Entree, LigneInalterable
from tests.encadrement.documents import contenus


def fichiers_gardes():
    def parcourir(dossier):
        if not default_storage.exists(dossier):
            return
        dossiers, noms = default_storage.listdir(dossier)
        yield from (f"{dossier}/{nom}" for nom in noms)
        for sous in dossiers:
            yield from parcourir(f"{dossier}/{sous}")

    return list(parcourir("documents"))


def test_demander_deux_fois_rend_le_meme_document(figer_et_signer):
    instantane = figer_et_signer()

    premier, second = demander_document(instantane), demander_document(instantane)

    assert premier == second
    assert Document.objects.count() == 1


def test_les_numeros_se_suivent_sans_trou_dans_l_annee(figer_et_signer, time_machine):
    time_machine.move_to("2026-11-22T12:00:00-05:00", tick=False)

    numeros = [
        demander_document(figer_et_signer(contenus.entente(numero=f"M-2026-000{rang}"))).numero for rang in (1, 2, 3)
    ]

    assert numeros == ["EC-2026-00001", "EC-2026-00002", "EC-2026-00003"]


def test_une_demande_annulee_avec_sa_transaction_ne_consomme_pas_de_numero(figer_et_signer):
    instantane = figer_et_signer()
    with transaction.atomic():
        abandonne = demander_document(instantane).numero
        transaction.set_rollback(True)

    assert demander_document(instantane).numero == abandonne


def test_le_coup_de_pouce_part_apres_la_transaction(
    figer_et_signer, django_capture_on_commit_callbacks, coups_de_pouce
):
    instantane = figer_et_signer()
    with django_capture_on_commit_callbacks(execute=True):
        demander_document(instantane)
        assert coups_de_pouce == []

    assert coups_de_pouce == ["encadrement.documents.tasks.balayer_documents"]


@pytest.mark.parametrize("panne", [OperationalError("courtier"), ConnectionRefusedError()])
def test_un_courtier_en_panne_n_arrete_rien(monkeypatch, panne):
    def tomber():
        raise panne

    monkeypatch.setattr(coup_de_pouce, "_reveils", [tomber])

    coup_de_pouce.pousser()


def test_un_document_produit_porte_son_fichier_son_empreinte_et_sa_trace_au_journal(produit, octets):
    assert produit.etat == Etat.PRODUIT
    assert produit.horodatage == Horodatage.ABSENT
    assert octets.startswith(b"%PDF-")
    entree = Entree.objects.get(acte="document.produire")
    assert entree.details["empreinte"] == produit.empreinte_pdf


def test_le_nom_du_fichier_ne_dit_rien_de_personne(produit):
    assert str(produit.uuid) in produit.fichier.name
    assert "cayouette" not in produit.fichier.name.lower()


def test_produire_deux_fois_rend_le_meme_pdf(produit):
    encore = produire(produit)

    assert encore.empreinte_pdf == produit.empreinte_pdf
    assert len(fichiers_gardes()) == 1


def test_un_document_produit_ne_se_corrige_ni_ne_s_efface(produit):
    produit.empreinte_pdf = "0" * 64
    with pytest.raises(LigneInalterable):
        produit.save()
    with pytest.raises(LigneInalterable):
        produit.delete()


@pytest.mark.postgresql
def test_la_base_refuse_aussi_de_changer_un_document_produit(produit):
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=produit.pk).update(empreinte_pdf="0" * 64)


def test_une_reclamation_recente_ne_se_reprend_pas_une_ancienne_oui(document, vieillir):
    Document.objects.filter(pk=document.pk).update(etat=Etat.EN_COURS, essais=1)
    vieillir(document, minutes=9)
    assert produire(document).etat == Etat.EN_COURS

    vieillir(document, minutes=11)
    assert produire(document).etat == Etat.PRODUIT


def test_un_travailleur_en_retard_efface_son_brouillon(document, monkeypatch):
    """Pendant qu’il rend, un autre reprend la réclamation et conclut."""
    vrai = actions.sceller

    def doubler(octets):
        Document.objects.filter(pk=document.pk).update(essais=7)
        return vrai(octets)

    monkeypatch.setattr(actions, "sceller", doubler)

    assert produire(document).etat == Etat.EN_COURS
    assert fichiers_gardes() == []


@pytest.mark.parametrize("panne", [RuntimeError, OSError, KeyError, MemoryError])
def test_une_panne_du_moteur_laisse_un_echec_qui_se_reprend(document, monkeypatch, vieillir, panne):
    def tomber(_):
        raise panne("contenu à ne jamais noter")

    with monkeypatch.context() as patch:
        patch.setattr(actions, "rendre", tomber)
        rate = produire(document)

    assert (rate.etat, rate.erreur) == (Etat.ECHEC, panne.__name__)
    assert produire(document).etat == Etat.ECHEC, "la pause après un échec n’est pas écoulée"
    vieillir(document, minutes=2)
    assert produire(document).etat == Etat.PRODUIT


def test_un_document_malade_n_en_retient_aucun_autre(figer_et_signer):
    malade = demander_document(figer_et_signer(gabarit="mentorat/gabarit_absent"))
    sain = demander_document(figer_et_signer())

    assert produire_documents() == 1
    malade.refresh_from_db()
    sain.refresh_from_db()
    assert (malade.etat, malade.erreur) == (Etat.ECHEC, "TemplateDoesNotExist")
    assert sain.etat == Etat.PRODUIT


def test_un_contenu_qui_ne_correspond_plus_a_son_empreinte_ne_donne_pas_de_document(document, monkeypatch):
    monkeypatch.setattr("encadrement.signatures.models.Instantane.est_intact", False)

    assert produire(document).erreur == "InstantaneAltere"


def test_le_pdf_vient_de_l_instantane_et_non_des_lignes_vivantes(document, partie):
    avant = actions.rendre(document).empreinte
    partie.nom = "Nouveau-Nom"
    partie.save()

    produit = produire(document)

    assert produit.empreinte_rendu == avant
    assert actions.rendre(Document.objects.get(pk=document.pk)).empreinte == avant


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_dix_productions_simultanees_ne_donnent_qu_un_pdf(document):
    depart = threading.Barrier(10)
    resultats = []

    def travailler():
        depart.wait()
        resultats.append(produire(document).etat)
        connection.close()

    fils = [threading.Thread(target=travailler) for _ in range(10)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()

    document.refresh_from_db()
    assert len(resultats) == 10
    assert document.etat == Etat.PRODUIT
    assert document.essais == 1
    assert len(fichiers_gardes()) == 1
    assert Entree.objects.filter(acte="document.produire").count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_dix_demandes_simultanees_ne_donnent_qu_un_document(figer_et_signer):
    instantane = figer_et_signer()
    depart = threading.Barrier(10)
    numeros = []

    def demander():
        depart.wait()
        numeros.append(demander_document(instantane).numero)
        connection.close()

    fils = [threading.Thread(target=demander) for _ in range(10)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()

    assert len(numeros) == 10
    assert len(set(numeros)) == 1
