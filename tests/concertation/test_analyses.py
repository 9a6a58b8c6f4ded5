"""L’analyse mensuelle des accès : bâtie d’elle-même, conclue, signée, scellée ; chaque règle trouve ce qu’elle dit (O-10)."""

import datetime

import pytest
from django.core.management import call_command
from django.urls import reverse

from concertation.actions import analyses, exclusions
from concertation.actions.constats import PLANCHER
from concertation.droits import DROITS_ANALYSE, DROITS_CONSTAT
from concertation.models import AnalyseMensuelle, Constat, SorteConstat
from concertation.rappels.taches import taches
from encadrement.acces.matrice import AccesRefuse
from encadrement.documents.acces_documents import peut_voir
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.personnes.models import Attribution, Personne, RoleAttribue
from encadrement.signatures.actions import Confirmation
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.concertation import analysees, scenes
from tests.encadrement.acces.trois_faces import desaccords
from tests.factories import MOT_DE_PASSE
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db

S = SorteConstat
CONFIRMATION = Confirmation(engagement="Je signe.")


def sortes(analyse):
    return {(constat.sorte, constat.lecteur.nom) for constat in analyse.constats.select_related("lecteur")}


def test_un_mois_ordinaire_n_a_pas_de_constat_et_s_analyse_une_seule_fois(distribution, time_machine):
    d = distribution
    lue = analysees.situation(d)
    analysees.lire(lue, d.mentore, jour=analysees.mois_dernier() - datetime.timedelta(days=5))
    for personne in (d.mentore, d.gestionnaire, d.coordonnatrice):
        analysees.lire(lue, personne)
    call_command("analyser_acces")
    courante, precedente = AnalyseMensuelle.objects.all()
    assert (courante.mois, precedente.lectures) == (analysees.mois_dernier(), 1)
    assert (courante.part, courante.lectures, courante.lecteurs, courante.constats.count()) == ("prp", 3, 3, 0)
    assert analyses.batir_les_analyses() == []
    assert {c.a for c in Courriel.objects.filter(gabarit="concertation/analyse_a_signer")} == {d.prp}


def test_chaque_regle_trouve_ce_qu_elle_dit_et_rien_d_autre(distribution, client_de):
    d = distribution
    lue = analysees.situation(d)
    # La coordonnatrice porte désormais le nom de l’intervenant ; la gestionnaire lit trop, le samedi, et a un lien.
    Personne.objects.filter(pk=d.coordonnatrice.pk).update(nom="Labbé-Saint-Onge")
    analysees.lire(lue, d.mentore, fois=2)
    analysees.lire(lue, d.coordonnatrice)
    analysees.lire(lue, d.gestionnaire, fois=PLANCHER)
    analysees.lire(lue, d.gestionnaire, jour=analysees.mardi() + datetime.timedelta(days=4))
    exclusions.declarer(lue, par=d.gestionnaire, en_conflit=True)
    insistante, autre = client_de(d.animatrice), client_de(d.secretaire)
    with scenes.au(analysees.mardi()):
        for _ in range(3):
            insistante.get(lue.get_absolute_url())
        # Deux essais, et des essais sur rien, ne font pas un constat.
        for _ in range(2):
            autre.get(lue.get_absolute_url())
            autre.get("/concertation/situations/00000000-0000-4000-8000-000000000000/")
    (analyse,) = analyses.batir_analyse(analysees.mois_dernier())
    assert sortes(analyse) == {
        (S.MEME_NOM, "Labbé-Saint-Onge"),
        (S.LIEN, "Arsenault"),
        (S.HORS_HEURES, "Arsenault"),
        (S.VOLUME, "Arsenault"),
        (S.REFUS, "Huard"),
    }
    assert analyse.constats.get(sorte=S.HORS_HEURES).entrees == [
        Entree.objects.filter(par=d.gestionnaire, acte="concertation.lecture").last().pk
    ]


def test_ce_qui_vise_le_responsable_ou_lui_est_cache_va_a_la_dsm(distribution, client_de):
    d = distribution
    part = analysees.part_dsm(d)
    constat = part.constats.get()
    assert (constat.sorte, constat.lecteur) == (S.EXCEPTION, d.prp)
    assert AnalyseMensuelle.objects.get(part="prp").lectures == 0
    assert client_de(d.prp).get(part.get_absolute_url()).status_code == 404
    assert client_de(d.dsm).get(constat.get_absolute_url()).status_code == 200
    assert [t.dossier for t in taches(Personne.objects.get(pk=d.dsm.pk)) if t.url == part.get_absolute_url()]


def test_une_situation_cachee_apres_coup_ne_se_lit_plus_dans_l_analyse_ni_son_document(distribution, client_de):
    d = distribution
    analyse = analysees.conclue(d)
    document = analyses.signer_analyse(analyse, par=d.prp, confirmation=CONFIRMATION)
    assert peut_voir(d.prp, document)
    lue = Constat.objects.get().situation
    exclusions.exclure(lue, par=d.mentore, personne=d.prp)
    page = client_de(d.prp).get(analyse.get_absolute_url())
    assert lue.numero not in page.text
    assert not peut_voir(d.prp, document)


def test_par_les_pages_conclure_puis_signer_et_plus_rien_ne_change(distribution, client_de):
    d = distribution
    constat = analysees.constat(d)
    analyse, client = constat.analyse, client_de(d.prp)
    signer = reverse("concertation:analyse_signer", args=[analyse.uuid])
    saisie = {"engagement": "on", "mot_de_passe": MOT_DE_PASSE}
    refus = client.post(signer, {**champs_de(client.get(signer)), **saisie})
    assert (refus.status_code, "Il reste 1 constat à conclure" in texte_de(refus)) == (409, True)
    page = client.get(constat.get_absolute_url())
    assert "21 h" in page.text.replace("\xa0", " ")
    sans_note = client.post(constat.get_absolute_url(), {"conclusion": "rappel"})
    assert "Écrivez ce qui mène" in sans_note.text
    assert client.post(constat.get_absolute_url(), {"conclusion": "rappel", "note": "Vu avec elle."}).status_code == 302
    page = client.get(signer)
    assert "Vu avec elle." in page.text
    # Ce qu’on signe est ce qu’on a lu : une conclusion changée entre-temps se relit d’abord.
    lu = champs_de(page)
    client.post(constat.get_absolute_url(), {"conclusion": "justifie", "note": "Garde de soir."})
    assert client.post(signer, {**lu, **saisie}).status_code == 409
    assert client.post(signer, {**champs_de(client.get(signer)), **saisie}).status_code == 302
    analyse.refresh_from_db()
    assert analyse.etat == "signee"
    with pytest.raises(ErreurMetier, match="ne change plus"):
        analyses.conclure_constat(constat, par=d.prp, conclusion="incident", note="x")
    assert client.post(constat.get_absolute_url(), {"conclusion": "incident", "note": "x"}).status_code == 409
    assert [e.acte for e in Entree.objects.filter(objet_uuid=analyse.uuid)][-1] == "signature"


def test_nul_ne_conclut_sur_ses_propres_acces(distribution):
    d = distribution
    constat = analysees.constat(d)
    Attribution.objects.create(
        personne=d.coordonnatrice,
        role=RoleAttribue.PRP,
        debut=jour_local(),
        motif="Intérim",
        proposee_par=d.pilote,
        approuvee_par=d.dsm,
    )
    with pytest.raises(AccesRefuse):
        analyses.conclure_constat(
            constat, par=Personne.objects.get(pk=d.coordonnatrice.pk), conclusion="justifie", note=""
        )
    assert desaccords(DROITS_ANALYSE, AnalyseMensuelle.objects.all(), distribution, ["voir", "signer"]) == []
    assert desaccords(DROITS_CONSTAT, Constat.objects.all(), distribution) == []


def test_une_analyse_oubliee_se_relance(distribution, time_machine):
    d = distribution
    time_machine.move_to(datetime.datetime(2030, 6, 3, 16, tzinfo=datetime.UTC), tick=False)
    AnalyseMensuelle.objects.create(mois=analysees.mois_dernier(), part="prp")
    time_machine.move_to(datetime.datetime(2030, 6, 7, 16, tzinfo=datetime.UTC), tick=False)
    balayer_rappels()
    recus = Courriel.objects.filter(rappels__isnull=False, objet_type="concertation.analysemensuelle")
    assert {courriel.a for courriel in recus} == {d.prp}
