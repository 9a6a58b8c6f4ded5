"""La démonstration montre tout : un dossier dans chaque état, et deux années dont les chiffres vivent."""

import datetime

import pytest

from concertation.models import (
    AccesExceptionnel,
    DeclarationInteret,
    Exclusion,
    ImpasseRecurrente,
    Nomination,
    Orientation,
    RencontreComite,
    SituationComplexe,
    Theme,
)
from concertation.rappels.taches import taches
from encadrement.outils.demo import comptes, histoire_concertation
from encadrement.socle import coffre
from encadrement.socle.temps import jour_local

pytestmark = pytest.mark.django_db


def test_chaque_etat_a_son_dossier_et_deux_annees_sont_passees(django_capture_on_commit_callbacks):
    troupe = comptes.installer()
    with django_capture_on_commit_callbacks(execute=True):
        histoire_concertation.jouer(troupe)
    for modele in (SituationComplexe, Orientation, RencontreComite, ImpasseRecurrente):
        etats = set(dict(modele._meta.get_field("etat").flatchoices))
        assert set(modele.objects.values_list("etat", flat=True)) == etats, modele
    _le_comite_se_reunit_chaque_mois()
    _seul_le_dossier_detruit_na_plus_de_cle()
    assert Nomination.objects.filter(approuvee_le=None).count() == 1
    assert Nomination.objects.en_vigueur().filter(est_substitut=True).exists()
    assert Theme.objects.count() >= 3
    assert Exclusion.objects.filter(levee_le=None).exists()
    assert sum(acces.attend for acces in AccesExceptionnel.objects.all()) == 1
    assert DeclarationInteret.objects.count() >= 10
    # Chacun de la troupe que le comité concerne a quelque chose à faire.
    for nom in ("coordonnatrice", "representante", "mentore", "gestionnaire", "dsm", "prp"):
        assert list(taches(getattr(troupe, nom))), nom


def _le_comite_se_reunit_chaque_mois():
    jour = jour_local()
    tenues = RencontreComite.objects.filter(etat="tenue", debut__date__gte=jour - datetime.timedelta(days=740))
    assert len({rencontre.jour.replace(day=1) for rencontre in tenues}) >= 22
    convoquees = RencontreComite.objects.filter(etat="convoquee", debut__date__gte=jour)
    assert convoquees.get().inscriptions.filter(reportee=False).count() == 2
    assert RencontreComite.objects.filter(etat="planifiee", debut__date__gt=jour).exists()


def _seul_le_dossier_detruit_na_plus_de_cle():
    sans_cle = [situation for situation in SituationComplexe.objects.all() if not coffre.a_une_cle(situation.uuid)]
    assert [situation.etat for situation in sans_cle] == ["detruite"]
