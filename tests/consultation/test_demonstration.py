"""La démonstration montre tout : un dossier dans chaque état, et deux années dont les chiffres vivent."""

import datetime

import pytest

from consultation.models import (
    DemandeConsultation,
    EtatConsultation,
    FicheExpert,
    LigneSuivi,
    Materiel,
    Plage,
    ReglageDirection,
    SujetConsultation,
)
from consultation.rappels.taches import taches
from encadrement.demandes.models import DemandeService
from encadrement.outils.demo import comptes, histoire_consultation
from encadrement.socle.temps import jour_local

pytestmark = pytest.mark.django_db


def test_chaque_etat_a_son_dossier_et_deux_annees_sont_passees():
    troupe = comptes.installer()
    histoire_consultation.jouer(troupe)
    for modele in (FicheExpert, DemandeConsultation, DemandeService):
        etats = set(dict(modele._meta.get_field("etat").flatchoices))
        assert set(modele.objects.values_list("etat", flat=True)) == etats, modele
    lignes = LigneSuivi.objects.all()
    assert DemandeConsultation.objects.filter(etat=EtatConsultation.FERMEE).count() >= 30
    assert lignes.earliest("jour").jour < jour_local() - datetime.timedelta(days=640)
    assert len({ligne.jour.replace(day=1) for ligne in lignes}) >= 18
    for champ, nombre in (("expert", 6), ("sujet", 8), ("direction", 4)):
        assert len(set(lignes.exclude(**{champ: None}).values_list(champ, flat=True))) >= nombre, champ
    assert lignes.filter(sollicitation=None, acheminement=None).count() >= 5
    assert lignes.exclude(expert_externe="").exists()
    assert Plage.objects.libres().count() >= 3
    assert SujetConsultation.objects.filter(a_classer=True).count() == 2
    assert Materiel.objects.exists()
    assert ReglageDirection.objects.get().approbation == "informative"
    # Chacun de la troupe que la consultation concerne a quelque chose à faire.
    for nom in ("mentor", "mentore", "gestionnaire", "appr", "dsm"):
        assert list(taches(getattr(troupe, nom))), nom
