"""L’histoire de masse : rejouable, reproductible, cohérente, sans un nom réel ni un geste prêté à quelqu’un (décision 0019)."""

import datetime
import itertools

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction

from concertation.models import EtatSituation, Recit, SituationComplexe
from encadrement.documents.models import Document
from encadrement.journal.actions import anomalies
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.outils.horloge import au
from encadrement.outils.peuplement import gens
from encadrement.outils.peuplement.ensemble import peupler
from encadrement.outils.peuplement.lignes import ACTE
from encadrement.outils.peuplement.noms import NOMS, PRENOMS
from encadrement.personnes.models import Personne
from encadrement.signatures.models import Signature
from encadrement.socle import coffre
from encadrement.sondages.models import Campagne, Lot, Reponse
from encadrement.trajectoire.models import PassageAbstrait
from mentorat.models import Entente
from tests.factories import PersonneFactory

PERSONNES = 70
JOUR = datetime.date(2026, 11, 16)


@pytest.fixture
def histoire(db, settings):
    """Deux années de soixante-dix personnes ; un dossier du comité fermé depuis un an est déjà détruit."""
    settings.CONSERVATION_SITUATIONS_ANNEES = 1
    with au(JOUR):
        peupler(PERSONNES, 2)
        yield


def comptes():
    return {modele._meta.label: modele._base_manager.count() for modele in apps.get_models()}


def test_rejouer_ne_double_rien_et_grandir_garde_les_premiers(histoire):
    avant, premiers = comptes(), list(Personne.objects.order_by("pk").values_list("uuid", "superieur"))
    peupler(PERSONNES, 2)
    assert comptes() == avant
    peupler(PERSONNES + 40, 2)
    assert list(Personne.objects.order_by("pk").values_list("uuid", "superieur"))[: len(premiers)] == premiers
    assert Personne.objects.filter(matricule__startswith=gens.PREFIXE).count() == PERSONNES + 40
    assert Entente.objects.count() > avant["mentorat.Entente"]
    assert list(anomalies()) == []


def test_la_meme_graine_redonne_les_memes_gens(db):
    def jouer(graine):
        with au(JOUR), transaction.atomic():
            peupler(36, 0, graine=graine)
            inventees = Personne.objects.filter(matricule__startswith=gens.PREFIXE).order_by("matricule")
            lues = list(inventees.values_list("uuid", "nom", "date_embauche"))
            transaction.set_rollback(True)
        return lues

    assert jouer(1) == jouer(1) != jouer(2)


def test_chaque_dossier_est_la_ou_ses_passages_le_menent(histoire):
    """Une histoire qui se contredirait fausserait tous les délais."""
    vus = set()
    for modele in PassageAbstrait.__subclasses__():
        vers = next(
            f for f in modele._meta.concrete_fields if f.is_relation and f.remote_field.related_name == "passages"
        )
        passages = modele.objects.select_related(vers.name).order_by(vers.attname, "pk")
        for objet, suite in itertools.groupby(passages, key=lambda passage: getattr(passage, vers.name)):
            suite = list(suite)
            vus.add(modele.__name__)
            assert [p.de for p in suite[1:]] == [p.vers for p in suite[:-1]], objet
            assert suite[-1].vers == objet.etat, objet
            quand = [p.quand for p in suite]
            assert quand == sorted(quand), objet
            assert quand[-1] <= datetime.datetime(2026, 11, 17, 5, tzinfo=datetime.UTC), objet
    assert {"PassageEntente", "PassageConsultation", "PassageSituation", "PassageRencontre", "PassageRapport"} <= vus


def test_personne_de_reel_et_aucun_geste_prete(histoire):
    inventees = Personne.objects.filter(matricule__startswith=gens.PREFIXE)
    assert set(inventees.values_list("nom", flat=True)) <= set(NOMS)
    assert set(inventees.values_list("prenom", flat=True)) <= set(PRENOMS)
    assert not any(personne.has_usable_password() for personne in inventees)
    assert all(courriel.endswith(".exemple") for courriel in inventees.values_list("courriel", flat=True))
    assert not (Signature.objects.exists())
    assert not (Document.objects.exists())
    assert not (Courriel.objects.exists())
    assert set(Entree.objects.values_list("acte", "par__matricule")) == {(ACTE, "systeme")}
    assert list(anomalies()) == []


def test_une_situation_conservee_a_sa_cle_et_rien_de_reel(histoire):
    situations = list(SituationComplexe.objects.all())
    assert {EtatSituation.DETRUITE, EtatSituation.FERMEE} <= {situation.etat for situation in situations}
    for situation in situations:
        detruite = situation.etat == EtatSituation.DETRUITE
        recit = Recit.objects.filter(situation=situation).first()
        assert coffre.a_une_cle(situation.uuid) != detruite
        assert (recit is None) == detruite == (not situation.orientations.exists())
        if recit:
            assert set(coffre.dechiffrer(situation.uuid, recit.chiffre).values()) == {
                "Contenu d’essai : aucune situation réelle."
            }


def test_les_sondages_sont_fermes_et_rien_ne_parait_sous_cinq(histoire):
    assert not Campagne.objects.filter(fermee_le=None).exists()
    for campagne in Campagne.objects.filter(lot=None):
        repondants = campagne.invitations.filter(remplie=True).values("personne").distinct().count()
        assert repondants < 5
    for lot in Lot.objects.all():
        remplies = lot.campagnes.filter(invitations__remplie=True)
        assert lot.repondants == remplies.values("invitations__personne").distinct().count()
        assert lot.reponses == Reponse.objects.filter(campagne__lot=lot).count() == remplies.count()


def test_peupler_une_vraie_base_est_refuse(db):
    PersonneFactory()
    with pytest.raises(CommandError, match="base vide"):
        call_command("demo", personnes=60)
    assert not Personne.objects.filter(matricule__startswith=gens.PREFIXE).exists()
