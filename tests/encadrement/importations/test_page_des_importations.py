"""La page du pilote : téléverser, lire la différence, appliquer ce qu’on a lu, revenir exactement à l’état d’avant."""

import datetime
import os
import time

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from encadrement.accueil.a_faire import taches_de
from encadrement.fichiers.actions import effacer_les_orphelins
from encadrement.importations import actions, conservation, depots, dossier
from encadrement.importations.models import EtatImportation, Importation
from encadrement.incidents.actions import signaler_incident
from encadrement.journal.models import Entree
from encadrement.mouvements.models import Mouvement
from encadrement.notifications.models import Courriel
from encadrement.outils.sauvegarde.releve import fichiers_designes
from encadrement.personnes.models import Direction, Installation, Personne, Service, TitreEmploi
from encadrement.socle.erreurs import ErreurMetier
from encadrement.trajectoire.transition import TransitionImpossible
from tests.encadrement.importations import scenes
from tests.encadrement.importations.extraits import BRUTE, extrait, rangee, rangee_de
from tests.encadrement.mouvements.scenes import acquitte, depart_du_mentore
from tests.ensemble import ensemble
from tests.factories import PersonneFactory


def photo():
    """Tout ce qu’une importation peut toucher, ligne par ligne, identifiants compris."""
    modeles = (Personne, Service, Direction, Installation, TitreEmploi, Mouvement)
    lignes = {modele.__name__: list(modele.objects.order_by("pk").values()) for modele in modeles}
    for ligne in lignes["Personne"]:
        ligne.pop("last_login")
    return lignes


def test_le_pilote_televerse_l_extrait_brut_lit_applique_et_annule(client_de, distribution):
    d = distribution
    Personne.objects.systeme()
    client, avant = client_de(d.pilote), photo()
    brut = SimpleUploadedFile("rh.csv", BRUTE.read_bytes(), "text/csv")
    page = client.post(reverse("importations:liste"), {"fichier": brut}, follow=True)
    assert photo() == avant
    texte = page.content.decode()
    for attendu in ("Arrivées", "Lignes refusées", "Ligne 36, colonne DATE_EMBAUCHE", "Absentes du fichier"):
        assert attendu in texte
    importation = Importation.objects.get()
    with depots.ouvrir(importation.fichier) as garde:
        assert garde.read() == BRUTE.read_bytes()
    assert "Confirmer une importation RH" in [tache.geste for tache in taches_de(Personne.objects.get(pk=d.pilote.pk))]
    adresse = reverse("importations:importation_appliquer", args=[importation.uuid])
    empreinte = client.get(adresse).context["empreinte"]
    # Entre la lecture et le clic, la base a bougé : ce n’est plus la différence que le pilote a lue.
    intruse = Personne.objects.create_user("10022", nom="Athot", prenom="André", courriel="")
    assert client.post(adresse, {"empreinte": empreinte}).status_code == 409
    intruse.delete()
    assert client.post(adresse, {"empreinte": empreinte}).status_code == 302
    importation.refresh_from_db()
    assert importation.etat == EtatImportation.APPLIQUEE
    assert Personne.objects.filter(matricule="10022").exists()
    assert "Arrivées" in client.get(importation.get_absolute_url()).text
    annuler = reverse("importations:importation_annuler", args=[importation.uuid])
    assert client.post(annuler, {"motif": "Mauvais mois."}).status_code == 302
    assert photo() == avant
    gestes = list(Entree.objects.filter(acte__startswith="importations.").values_list("acte", flat=True))
    assert gestes.count("importations.rh") == 1
    assert "importations.importation.annuler" in gestes


def test_changer_et_partir_reviennent_aussi_exactement(distribution):
    d = distribution
    depart_du_mentore(d)
    premiere = Importation.objects.get()
    avant = photo()
    seconde = scenes.appliquee(
        d,
        rangee_de(d.collegue, MATRICULE_SUPERIEUR=d.autre_gestionnaire.matricule, NOM="Bujold-Roy", COURRIEL=""),
        rangee_de(d.mentor, DIRECTION="Direction neuve", SERVICE="Service neuf", DATE_EMBAUCHE="1999-09-09"),
        rangee_de(d.secretaire, STATUT="Inactif"),
    )
    assert photo() != avant
    # Dans l’ordre inverse : tant que la seconde tient, la première n’a pas bougé et reste annulable.
    depots.annuler_importation(seconde, par=d.pilote, motif="Erreur.")
    assert photo() == avant
    depots.annuler_importation(premiere, par=d.pilote, motif="Erreur.")
    assert Personne.objects.get(pk=d.mentore.pk).is_active
    assert not Mouvement.objects.exists()


def _elle_supervise(d, arrivee):
    PersonneFactory(superieur=arrivee)


def _elle_change(d, arrivee):
    Personne.objects.filter(pk=d.collegue.pk).update(nom="Autrement")


def _le_service_sert(d, arrivee):
    PersonneFactory(service=Service.objects.get(nom="Service neuf"))


def _elle_signe(d, arrivee):
    signaler_incident(par=arrivee, zone="personnel", circonstances="Un papier oublié.")


@pytest.mark.parametrize(
    ("accrocher", "raison"),
    [
        (_elle_supervise, "Guylaine Cyr sert déjà ailleurs (personne)"),
        (_elle_change, "Zoé Autrement a changé depuis"),
        (_le_service_sert, "Service neuf"),
        (_elle_signe, "Guylaine Cyr sert déjà ailleurs"),
    ],
)
def test_on_n_annule_plus_ce_dont_quelque_chose_depend_et_la_page_dit_quoi(client_de, distribution, accrocher, raison):
    d = distribution
    importation = scenes.appliquee(d)
    accrocher(d, Personne.objects.get(matricule="20001"))
    avant = photo()
    adresse = reverse("importations:importation_annuler", args=[importation.uuid])
    refus = client_de(d.pilote).post(adresse, {"motif": "Erreur."})
    assert refus.status_code == 409
    assert raison in refus.text
    assert photo() == avant


def test_une_decision_prise_sur_un_depart_empeche_de_l_annuler(distribution):
    acquitte(distribution)
    with pytest.raises(TransitionImpossible, match="a déjà décidé des dossiers"):
        depots.annuler_importation(Importation.objects.get(), par=distribution.pilote, motif="Erreur.")


@pytest.mark.parametrize(
    ("contenu", "nom", "phrase"),
    [(b"a;b\n1;2\n", "x.csv", "à commencer par MATRICULE"), (b"%PDF-1.7\n", "x.pdf", "est un fichier CSV")],
)
def test_un_fichier_illisible_est_refuse_sans_rien_laisser(client_de, distribution, contenu, nom, phrase):
    envoi = {"fichier": SimpleUploadedFile(nom, contenu)}
    page = client_de(distribution.pilote).post(reverse("importations:liste"), envoi)
    assert phrase in page.text
    assert not Importation.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_deux_importations_au_meme_instant_une_seule_s_applique(distribution, monkeypatch):
    d = distribution
    # Créé pendant l’essai, ce compte ferait attendre la seconde à la place du verrou.
    Personne.objects.systeme()
    vraie = actions.creer_ce_qui_manque

    def lente(*arguments):
        # L’autre a tout le temps de comparer avant que celle-ci écrive : seul le verrou la retient.
        time.sleep(0.5)
        return vraie(*arguments)

    monkeypatch.setattr(actions, "creer_ce_qui_manque", lente)
    deux = [scenes.en_attente(d), scenes.en_attente(d, rangee(NOM="Cyr-Roy"))]
    lues = [depots.empreinte_de(depots.rapport_de(depots.ecart_de(i))) for i in deux]
    rendus = ensemble(
        *(
            lambda i=i, e=e: depots.appliquer_importation(i, par=d.pilote, empreinte=e)
            for i, e in zip(deux, lues, strict=True)
        )
    )
    assert sum(isinstance(rendu, ErreurMetier) for rendu in rendus) == 1
    assert Importation.objects.filter(etat=EtatImportation.APPLIQUEE).count() == 1
    assert Personne.objects.filter(matricule="20001").count() == 1


# — Le dossier surveillé


@pytest.fixture
def surveille(tmp_path, settings):
    """Rend un geste qui dépose un extrait au repos dans le dossier surveillé."""
    settings.IMPORTATIONS_DOSSIER = str(tmp_path / "rh")
    (tmp_path / "rh").mkdir()

    def deposer(nom, *rangees, age=120):
        chemin = tmp_path / "rh" / nom
        chemin.write_bytes(extrait(*rangees).getvalue())
        os.utime(chemin, (time.time() - age,) * 2)
        return chemin

    return deposer


def _noms(dossier_):
    return sorted(chemin.name for chemin in dossier_.iterdir()) if dossier_.exists() else []


def test_un_fichier_du_dossier_est_une_importation_puis_il_est_range(distribution, surveille):
    d = distribution
    chemin = surveille("a.csv", rangee_de(d.collegue, NOM="Bujold-Roy"))
    en_copie = surveille("b.csv", rangee_de(d.collegue, NOM="Autre"), age=5)
    assert dossier.importer_le_dossier() == 1
    d.collegue.refresh_from_db()
    assert d.collegue.nom == "Bujold-Roy"
    assert not chemin.exists()
    assert en_copie.exists()
    assert len(_noms(chemin.parent / "traites")) == 1
    importation = Importation.objects.get()
    assert importation.deposee_par == Personne.objects.systeme()
    depots.annuler_importation(importation, par=d.pilote, motif="Essai.")


def _panne(*_):
    raise OSError("disque plein")


def test_un_fichier_deja_pris_mais_pas_range_n_est_pas_repris(distribution, surveille, monkeypatch):
    d = distribution
    chemin = surveille("a.csv", rangee_de(d.collegue, NOM="Bujold-Roy"))
    with monkeypatch.context() as panne:
        panne.setattr(dossier.shutil, "move", _panne)
        with pytest.raises(OSError, match="disque plein"):
            dossier.importer_le_dossier()
    depots.annuler_importation(Importation.objects.get(), par=d.pilote, motif="Essai.")
    dossier.importer_le_dossier()
    d.collegue.refresh_from_db()
    assert d.collegue.nom == "Bujold"
    assert Importation.objects.count() == 1
    assert not chemin.exists()


def test_un_fichier_que_le_systeme_refuse_n_arrete_pas_les_autres(distribution, surveille, monkeypatch):
    d = distribution
    ferme, bon = surveille("a.csv", age=300), surveille("b.csv", rangee_de(d.collegue, NOM="Bujold-Roy"))
    vrai = dossier.importer_du_dossier
    monkeypatch.setattr(
        dossier, "importer_du_dossier", lambda chemin, cle: _panne() if chemin == ferme else vrai(chemin, cle=cle)
    )
    with pytest.raises(OSError, match="disque plein"):
        dossier.importer_le_dossier()
    d.collegue.refresh_from_db()
    assert d.collegue.nom == "Bujold-Roy"
    assert not bon.exists()
    assert ferme.exists()


def test_une_difference_trop_grande_attend_le_pilote(distribution, surveille, settings):
    d = distribution
    surveille("a.csv", *(rangee(MATRICULE=f"3{n:04d}", COURRIEL="") for n in range(11)))
    dossier.importer_le_dossier()
    importation = Importation.objects.get()
    assert importation.etat == EtatImportation.EN_ATTENTE
    assert "11 personnes" in importation.attente
    assert not Personne.objects.filter(matricule="30001").exists()
    assert Courriel.objects.filter(a=d.pilote, objet__contains="à confirmer").exists()
    depots.appliquer_importation(importation, par=d.pilote)
    assert Personne.objects.filter(matricule="30001").exists()


def test_un_fichier_illisible_du_dossier_est_mis_de_cote_avec_la_raison(distribution, surveille):
    chemin = surveille("a.csv")
    chemin.write_bytes(b"a;b\n1;2\n")
    os.utime(chemin, (time.time() - 120,) * 2)
    dossier.importer_le_dossier()
    refuses = chemin.parent / "refuses"
    assert len(_noms(refuses)) == 2
    assert "MATRICULE" in next(refuses.glob("*.raison.txt")).read_text()
    assert not Importation.objects.exists()
    # Le pilote l’apprend : personne ne regarde ce dossier.
    recu = Courriel.objects.get(gabarit="importations/extrait_refuse")
    assert recu.a == distribution.pilote
    assert "L’extrait a.csv" in recu.texte
    assert "nommer les colonnes" in recu.texte
    assert Entree.objects.filter(acte="importations.refuser").count() == 1


# — La conservation


@pytest.fixture
def un_an_plus_tard(time_machine):
    """Avance d’un an et d’un jour, à la demande."""
    return lambda: time_machine.move_to(timezone.now() + datetime.timedelta(days=367), tick=False)


def test_douze_mois_apres_il_ne_reste_de_l_extrait_que_sa_trace(distribution, client_de, un_an_plus_tard):
    d = distribution
    importation = scenes.appliquee(d)
    nom = importation.fichier.contenu.name
    assert conservation.purger() == 0
    un_an_plus_tard()
    recente = scenes.appliquee(d, rangee_de(d.mentore, NOM="Neuf"))
    assert conservation.purger() == 1
    assert conservation.purger() == 0
    effacer_les_orphelins()
    assert not default_storage.exists(nom)
    assert default_storage.exists(recente.fichier.contenu.name)
    importation = Importation.objects.select_related("fichier").get(pk=importation.pk)
    assert not importation.fichier.contenu
    assert importation.fichier.empreinte
    assert importation.retour == {}
    assert "Nouvelle" not in str(importation.rapport)
    assert Entree.objects.filter(acte__in=["importations.rh", "importations.detruire"]).count() == 3
    page = client_de(d.pilote).get(importation.get_absolute_url()).text
    assert "ont été détruits" in page
    assert d.collegue.matricule not in page
    with pytest.raises(TransitionImpossible, match="sont détruits"):
        depots.annuler_importation(importation, par=d.pilote, motif="Trop tard.")
    with connection.cursor() as curseur:
        assert nom not in fichiers_designes(curseur)


def test_celle_que_le_pilote_n_a_jamais_confirmee_se_detruit_et_s_abandonne(distribution, client_de, un_an_plus_tard):
    d = distribution
    importation = scenes.en_attente(d)
    un_an_plus_tard()
    assert conservation.purger() == 1
    client = client_de(d.pilote)
    assert d.collegue.matricule not in client.get(importation.get_absolute_url()).text
    adresse = reverse("importations:importation_appliquer", args=[importation.uuid])
    assert client.post(adresse, {"empreinte": ""}).status_code == 409
    depots.abandonner_importation(Importation.objects.get(), par=d.pilote)


def test_les_extraits_ranges_du_dossier_surveille_se_detruisent_aussi(distribution, surveille, un_an_plus_tard):
    chemin = surveille("a.csv", rangee_de(distribution.collegue, NOM="Bujold-Roy"))
    dossier.importer_le_dossier()
    en_attente = surveille("b.csv", rangee_de(distribution.collegue, NOM="Autre"))
    conservation.purger()
    assert len(_noms(chemin.parent / "traites")) == 1
    un_an_plus_tard()
    conservation.purger()
    assert _noms(chemin.parent / "traites") == []
    assert en_attente.exists()
