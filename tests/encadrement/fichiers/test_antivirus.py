"""L’antivirus : il dit oui, il dit non, il ne dit rien, il n’existe pas (F-12)."""

import pytest

from encadrement.fichiers.actions import deposer, examiner_de_nouveau, inspecter, ouvrir
from encadrement.fichiers.models import Examen, Fichier
from encadrement.fichiers.refus import FichierRefuse
from encadrement.journal.models import Entree
from encadrement.socle.erreurs import ErreurMetier
from tests.encadrement.fichiers.contenus import PDF, televerse
from tests.encadrement.fichiers.faux_clamd import EICAR, faux_clamd

pytestmark = pytest.mark.django_db

INFECTE = PDF + EICAR


@pytest.fixture(params=["prise", "tcp"])
def adresse(request, tmp_path):
    return tmp_path / "clamd.ctl" if request.param == "prise" else None


def test_un_fichier_sain_est_garde(settings, adresse, distribution):
    with faux_clamd(settings, adresse) as clamd:
        fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    assert fichier.examen == Examen.SAIN
    assert fichier.examine_le is not None
    assert clamd.recus == [PDF]


def test_un_fichier_infecte_est_refuse(settings, adresse, distribution):
    with faux_clamd(settings, adresse), pytest.raises(FichierRefuse, match="virus"):
        deposer(televerse("a.pdf", INFECTE), par=distribution.mentor)
    assert not Fichier.objects.exists()


def test_un_gros_fichier_arrive_entier(settings, adresse):
    gros = PDF + bytes(range(256)) * 20_000
    with faux_clamd(settings, adresse) as clamd:
        assert inspecter(televerse("a.pdf", gros)).examen == Examen.SAIN
    assert clamd.recus == [gros]


@pytest.mark.parametrize("panne", ["muet", "goutte", "coupe", "charabia"])
def test_un_antivirus_en_panne_fait_refuser(settings, adresse, distribution, panne):
    settings.CLAMD_DELAI = 0.5
    with faux_clamd(settings, adresse, panne=panne), pytest.raises(FichierRefuse, match="antivirus ne répond pas"):
        deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    assert not Fichier.objects.exists()


def test_un_fichier_que_lantivirus_refuse_de_lire_est_refuse(settings, adresse):
    gros = PDF + bytes(8 * 1024 * 1024)
    with faux_clamd(settings, adresse, maximum=1000), pytest.raises(FichierRefuse, match="antivirus ne répond pas"):
        inspecter(televerse("a.pdf", gros))


@pytest.mark.parametrize("absente", ["unix:///nulle/part.ctl", "tcp://127.0.0.1:1", "http://127.0.0.1", "", "unix://"])
def test_un_antivirus_absent_fait_refuser(settings, absente):
    settings.ANTIVIRUS, settings.CLAMD_ADRESSE = "encadrement.fichiers.clamd.examiner", absente
    with pytest.raises(FichierRefuse, match="antivirus ne répond pas"):
        inspecter(televerse("a.pdf", PDF))


def test_sans_antivirus_le_fichier_est_garde_et_le_dit(distribution):
    fichier = deposer(televerse("a.pdf", INFECTE), par=distribution.mentor)
    assert fichier.get_examen_display() == "pas encore examiné"
    with ouvrir(fichier) as flux:
        assert flux.read() == INFECTE


def test_un_fichier_jamais_examine_lest_avant_detre_remis(settings, adresse, distribution):
    sain = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    infecte = deposer(televerse("b.pdf", INFECTE), par=distribution.mentor)
    with faux_clamd(settings, adresse) as clamd:
        ouvrir(sain).close()
        with pytest.raises(ErreurMetier, match="virus"):
            ouvrir(infecte)
        ouvrir(Fichier.objects.get(pk=sain.pk)).close()
        assert examiner_de_nouveau(sain).examen == Examen.SAIN
    assert len(clamd.recus) == 2
    assert list(Fichier.objects.presents()) == [sain]
    assert Fichier.objects.get(pk=infecte.pk).examen == Examen.REFUSE
    assert Entree.objects.filter(acte="fichier.examiner").count() == 2


def test_un_fichier_jamais_examine_nest_pas_remis_si_lantivirus_est_en_panne(settings, distribution):
    fichier = deposer(televerse("a.pdf", PDF), par=distribution.mentor)
    settings.ANTIVIRUS, settings.CLAMD_ADRESSE = "encadrement.fichiers.clamd.examiner", "tcp://127.0.0.1:1"
    with pytest.raises(ErreurMetier, match="antivirus ne répond pas"):
        ouvrir(fichier)
    assert Fichier.objects.get(pk=fichier.pk).examen == Examen.EN_ATTENTE
