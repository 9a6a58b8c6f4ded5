"""Le résumé : un courriel par personne et par période, jamais deux."""

import datetime

import pytest

from encadrement.notifications.actions import choisir_cadence
from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.models import GABARIT_RESUME, Courriel, EtatCourriel
from encadrement.notifications.resumes import regrouper_resumes
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db

LUNDI = datetime.date(2026, 11, 16)


@pytest.fixture
def le(time_machine):
    """Place l’horloge à midi, heure locale, ce jour-là."""

    def le(jour):
        time_machine.move_to(datetime.datetime.combine(jour, datetime.time(17), datetime.UTC), tick=False)

    le(LUNDI)
    return le


def jours(nombre):
    return LUNDI + datetime.timedelta(days=nombre)


def resumes_de(personne):
    return Courriel.objects.filter(a=personne, gabarit=GABARIT_RESUME)


def test_le_resume_quotidien_reprend_la_veille_en_un_seul_courriel(annoncer, le, courrier):
    personne = PersonneFactory(prenom="Zoé")
    annoncer(personne, cle="un", urgent=False, url="/un/")
    annoncer(personne, cle="deux", urgent=False, url="/deux/")
    assert regrouper_resumes() == 0
    le(jours(1))
    assert [regrouper_resumes() for _ in range(3)] == [1, 0, 0]
    resume = resumes_de(personne).get()
    assert resume.objet == "Encadrement clinique\xa0: 2 nouvelles"
    assert resume.texte.startswith("Bonjour Zoé,")
    assert "/un/" in resume.texte
    assert "/deux/" in resume.html
    assert resume.reprises.count() == 2
    expedier_courriels()
    assert len(courrier.recus) == 1


def test_une_seule_nouvelle_se_dit_au_singulier(annoncer, le):
    personne = PersonneFactory()
    annoncer(personne, urgent=False)
    regrouper_resumes(jours(1))
    assert resumes_de(personne).get().objet == "Encadrement clinique\xa0: une nouvelle"


def test_ce_qui_est_urgent_n_entre_pas_dans_le_resume(annoncer, le):
    annoncer(PersonneFactory())
    assert regrouper_resumes(jours(1)) == 0


def test_ce_qui_arrive_apres_le_resume_attend_le_suivant(annoncer, le):
    personne = PersonneFactory()
    annoncer(personne, cle="un", urgent=False)
    le(jours(1))
    regrouper_resumes()
    annoncer(personne, cle="deux", urgent=False)
    assert regrouper_resumes() == 0
    le(jours(2))
    assert regrouper_resumes() == 1
    assert resumes_de(personne).count() == 2


def test_la_fin_de_semaine_repousse_au_lundi(annoncer, le):
    annoncer(PersonneFactory(), urgent=False)
    assert [regrouper_resumes(jours(n)) for n in (5, 6, 7)] == [0, 0, 1]


def test_deux_jours_sans_metronome_un_seul_resume(annoncer, le):
    personne = PersonneFactory()
    for n in range(3):
        le(jours(n))
        annoncer(personne, cle=str(n), urgent=False)
    le(jours(3))
    assert regrouper_resumes() == 1
    assert resumes_de(personne).get().reprises.count() == 3


def test_le_resume_hebdomadaire_part_le_lundi_une_fois(annoncer, le):
    personne = PersonneFactory()
    choisir_cadence(personne, "hebdomadaire")
    for n in (1, 3):
        le(jours(n))
        annoncer(personne, cle=str(n), urgent=False)
        assert regrouper_resumes() == 0
    assert [regrouper_resumes(jours(n)) for n in (4, 7, 7, 8, 14)] == [0, 1, 0, 0, 0]
    assert resumes_de(personne).get().reprises.count() == 2


def test_un_lundi_ferie_le_resume_hebdomadaire_part_le_mardi(annoncer, le):
    le(datetime.date(2026, 9, 3))
    personne = PersonneFactory()
    choisir_cadence(personne, "hebdomadaire")
    annoncer(personne, urgent=False)
    fete_du_travail = datetime.date(2026, 9, 7)
    assert regrouper_resumes(fete_du_travail) == 0
    assert regrouper_resumes(fete_du_travail + datetime.timedelta(days=1)) == 1


def test_changer_de_preference_ne_perd_pas_ce_qui_attendait(annoncer, le):
    personne = PersonneFactory()
    choisir_cadence(personne, "hebdomadaire")
    annoncer(personne, urgent=False)
    choisir_cadence(personne, "immediat")
    assert regrouper_resumes(jours(1)) == 1


def test_un_compte_ferme_n_a_plus_de_resume(annoncer, le):
    personne = PersonneFactory()
    annoncer(personne, urgent=False)
    personne.is_active = False
    personne.save(update_fields=["is_active"])
    assert regrouper_resumes(jours(1)) == 0
    assert Courriel.objects.get().etat == EtatCourriel.ABANDONNE


def test_un_resume_de_cent_cinquante_nouvelles_reste_lisible(annoncer, le):
    personne, objet = PersonneFactory(), PersonneFactory()
    for n in range(150):
        annoncer(personne, cle=str(n), objet=objet, urgent=False)
    regrouper_resumes(jours(1))
    resume = resumes_de(personne).get()
    assert "Et 50 de plus" in resume.texte
    assert resume.reprises.count() == 150


def test_une_cadence_inconnue_est_refusee():
    with pytest.raises(ValueError, match="chaque heure"):
        choisir_cadence(PersonneFactory(), "chaque heure")
