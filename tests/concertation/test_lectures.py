"""Chaque lecture est au journal, exactement : qui, à quel titre, quels champs, pourquoi, dans l’ordre (O-02, S-16, S-11)."""

import datetime
import json
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from concertation.actions import exclusions, plans, recits
from concertation.models import Recit
from encadrement.acces.matrice import AccesRefuse
from encadrement.journal.ancres import ancrer
from encadrement.journal.models import Entree, Tete
from encadrement.socle import coffre
from encadrement.socle.coffre import CoffreFerme
from tests.concertation import scenes
from tests.concertation.gestes import adresse, declares, lectures

pytestmark = pytest.mark.django_db

N = 40


@pytest.fixture
def d(distribution):
    return distribution


def brutes(situation=None):
    """Rend (qui, titre, champs, pourquoi) de chaque lecture du journal, dans l’ordre où elles y sont."""
    entrees = Entree.objects.filter(acte=recits.LECTURE).order_by("id")
    if situation is not None:
        entrees = entrees.filter(objet_uuid=situation.uuid)
    return [(e.par, e.titre, tuple(e.details["champs"]), e.details["pourquoi"]) for e in entrees]


# — Autant d’entrées que de lectures


def test_s_16_n_lectures_au_hasard_donnent_exactement_n_entrees(d):
    """Récits, plans et orientations, de plusieurs personnes : 100 % présentes, aucune de trop, dans l’ordre."""
    hasard = random.Random(7)
    situation = scenes.situation_en_suivi(d)
    lecteurs = declares(situation, d.coordonnatrice, d.gestionnaire, d.delegue, d.autre_gestionnaire) and {
        d.coordonnatrice: "le coordonnateur du comité",
        d.gestionnaire: "son gestionnaire",
        d.delegue: "son gestionnaire",
        d.autre_gestionnaire: "une personne conviée",
        d.mentore: "l’intervenant responsable",
    }
    orientations = list(situation.orientations.order_by("rang"))
    deja, attendues = len(brutes()), []
    for rang in range(N):
        qui, pourquoi = hasard.choice(list(lecteurs)), f"essai {rang}"
        sorte = hasard.choice(["recit", "orientation", "plan"])
        if sorte == "recit":
            champs = tuple(hasard.sample(Recit.CHAMPS, hasard.randint(1, len(Recit.CHAMPS))))
            recits.lire_recit(situation, par=qui, champs=champs, pourquoi=pourquoi)
        elif sorte == "plan":
            champs = (*recits.CHAMPS_DU_PLAN, *(f"orientation {o.rang}" for o in orientations))
            recits.lire_plan(situation, par=qui, pourquoi=pourquoi)
        else:
            orientation = hasard.choice(orientations)
            champs = (f"orientation {orientation.rang}",)
            recits.lire_orientation(orientation, par=qui, pourquoi=pourquoi)
        attendues.append((qui, champs, pourquoi))
    ecrites = brutes()[deja:]
    assert [(qui, champs, pourquoi) for qui, _, champs, pourquoi in ecrites] == attendues
    # Le titre est celui auquel on lit ; qui répond d’une orientation la lit à ce titre-là.
    for qui, titre, champs, _ in ecrites:
        if not champs[0].startswith("orientation"):
            assert titre.startswith(lecteurs[qui]), (qui, titre)
        assert titre


def test_s_16_chaque_page_qui_montre_le_recit_en_consigne_une_lecture_et_une_seule(d, client_de):
    situation = declares(scenes.situation_convoquee(d), d.coordonnatrice, d.gestionnaire, d.collegue)
    adresses = [situation.get_absolute_url(), adresse("situation_plan", situation)]
    for personne in (d.mentore, d.coordonnatrice, d.gestionnaire, d.collegue):
        for page in adresses:
            avant = len(brutes())
            reponse = client_de(personne).get(page)
            montre = (
                scenes.RECIT["question"][:25] in reponse.text or scenes.RECIT["precision_impasse"][:25] in reponse.text
            )
            ajoutees = brutes()[avant:]
            if montre:
                assert len(ajoutees) == 1, (personne, page)
                assert ajoutees[0][0] == personne
            elif reponse.status_code != 200:
                assert ajoutees == [], (personne, page)


def test_la_lecture_nomme_les_champs_montres_et_eux_seuls(d):
    situation = declares(scenes.situation_transmise(d), d.coordonnatrice)
    montres = recits.lire_recit(situation, par=d.coordonnatrice, champs=("question", "attentes"), pourquoi="essai")
    assert set(montres) == {"question", "attentes"}
    assert lectures(situation)[-1] == (d.coordonnatrice, "essai", ["question", "attentes"])


def test_rediger_sa_demande_est_une_lecture_aussi(d, client_de):
    situation = scenes.situation_en_redaction(d)
    avant = len(brutes())
    client_de(d.mentore).get(adresse("situation_modifier", situation))
    assert len(brutes()) == avant + 1
    assert brutes()[-1][0] == d.mentore


# — Une lecture refusée n’a pas lieu, et n’est pas au journal


def _refus(d, situation):
    return {
        "pas son titre": (lambda: recits.lire_recit(situation, par=d.dsm), AccesRefuse),
        "pas déclaré": (lambda: recits.lire_recit(situation, par=d.gestionnaire), recits.DeclarationRequise),
        "exclu": (lambda: recits.lire_recit(situation, par=d.coordonnatrice), AccesRefuse),
        "plan, pas son titre": (lambda: recits.lire_plan(situation, par=d.appr), AccesRefuse),
        "orientation, pas son titre": (
            lambda: recits.lire_orientation(situation.orientations.first(), par=d.executif_cm),
            AccesRefuse,
        ),
    }


@pytest.mark.parametrize(
    "cas", ["pas son titre", "pas déclaré", "exclu", "plan, pas son titre", "orientation, pas son titre"]
)
def test_une_lecture_refusee_n_en_ecrit_pas(d, cas):
    situation = scenes.situation_en_suivi(d)
    exclusions.exclure(situation, par=d.mentore, personne=d.coordonnatrice)
    avant = len(brutes())
    geste, refus = _refus(d, situation)[cas]
    with pytest.raises(refus):
        geste()
    assert len(brutes()) == avant


def test_une_lecture_que_le_journal_ne_garde_pas_ne_montre_rien(d, client_de, monkeypatch):
    situation = declares(scenes.situation_en_suivi(d), d.coordonnatrice)
    orientation = situation.orientations.first()

    def casser(*args, **kwargs):
        raise RuntimeError("le journal est plein")

    monkeypatch.setattr(recits, "consigner", casser)
    # Le coffre ne s’ouvre même pas : le journal passe d’abord.
    monkeypatch.setattr(coffre, "dechiffrer", lambda *_: pytest.fail("le coffre s’est ouvert avant le journal"))
    for geste in (
        lambda: recits.lire_recit(situation, par=d.coordonnatrice),
        lambda: recits.lire_plan(situation, par=d.coordonnatrice),
        lambda: recits.lire_orientation(orientation, par=d.coordonnatrice),
    ):
        with pytest.raises(RuntimeError):
            geste()
    client = client_de(d.coordonnatrice)
    client.raise_request_exception = False
    for page in (situation.get_absolute_url(), adresse("situation_plan", situation), orientation.get_absolute_url()):
        reponse = client.get(page)
        assert reponse.status_code == 500, page
        assert scenes.RECIT["question"][:20] not in reponse.text
        assert scenes.ORIENTATIONS[0][0] not in reponse.text


def test_un_coffre_ferme_annule_aussi_l_entree(d):
    """Le journal ne dit pas « lu » de ce qui n’a pas pu l’être."""
    situation = declares(scenes.situation_transmise(d), d.coordonnatrice)
    coffre.detruire_cle(situation.uuid)
    avant = len(brutes())
    with pytest.raises(CoffreFerme):
        recits.lire_recit(situation, par=d.coordonnatrice)
    assert len(brutes()) == avant


def test_le_journal_d_une_situation_n_a_rien_de_son_contenu(d):
    situation = scenes.situation_fermee(d)
    scenes.lu(situation, d.coordonnatrice)
    journal = json.dumps([[e.acte, e.titre, e.details] for e in Entree.objects.all()], ensure_ascii=False)
    for texte in (*scenes.RECIT.values(), *(texte for texte, _ in scenes.ORIENTATIONS), scenes.RAISON):
        assert texte[:20] not in journal


# — Altérer le journal se voit, même en tenant la base


@pytest.fixture
def consigne(d, time_machine):
    """Une situation lue par trois personnes, le journal ancré hors de la base ; rend sa chaîne."""
    situation = scenes.situation_transmise(d)
    for personne in (d.mentore, d.coordonnatrice, d.gestionnaire):
        scenes.lu(situation, personne)
    time_machine.move_to(datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=10))
    ancrer()
    call_command("verifier_journal")
    return f"concertation.situationcomplexe:{situation.uuid}"


def _sql(requete, *valeurs):
    """Écrit comme qui tient la base en superutilisateur : déclencheurs désarmés."""
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
            curseur.execute("ALTER TABLE journal_entree DISABLE TRIGGER USER")
        curseur.execute(requete, valeurs)
        if connection.vendor == "postgresql":
            curseur.execute("ALTER TABLE journal_entree ENABLE TRIGGER USER")


def _derniere(chaine):
    return Entree.objects.filter(chaine=chaine, acte=recits.LECTURE).order_by("-rang").first()


def _rechainer(chaine):
    precedente = ""
    for rang, entree in enumerate(Entree.objects.filter(chaine=chaine).order_by("rang"), start=1):
        ancien, entree.rang, entree.precedente = entree.rang, rang, precedente
        precedente = entree.calculer_empreinte()
        _sql(
            "UPDATE journal_entree SET rang = %s, precedente = %s, empreinte = %s WHERE chaine = %s AND rang = %s",
            rang,
            entree.precedente,
            precedente,
            chaine,
            ancien,
        )
    Tete.objects.filter(chaine=chaine).update(rang=rang, empreinte=precedente)


def changer_qui(chaine, d):
    _sql("UPDATE journal_entree SET par_id = %s WHERE id = %s", d.collegue.pk, _derniere(chaine).pk)


def changer_les_champs(chaine, d):
    _sql("UPDATE journal_entree SET details = %s WHERE id = %s", json.dumps({"champs": []}), _derniere(chaine).pk)


def changer_l_heure(chaine, d):
    hier = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
    _sql("UPDATE journal_entree SET quand = %s WHERE id = %s", hier, _derniere(chaine).pk)


def retirer_une_lecture(chaine, d):
    _sql("DELETE FROM journal_entree WHERE id = %s", _derniere(chaine).pk)


def retirer_toute_la_chaine_et_sa_tete(chaine, d):
    _sql("DELETE FROM journal_entree WHERE chaine = %s", chaine)
    Tete.objects.filter(chaine=chaine).delete()


def permuter_deux_lectures(chaine, d):
    un, deux = Entree.objects.filter(chaine=chaine, acte=recits.LECTURE).order_by("rang")[:2]
    _sql("UPDATE journal_entree SET rang = 9999 WHERE id = %s", un.pk)
    _sql("UPDATE journal_entree SET rang = %s WHERE id = %s", un.rang, deux.pk)
    _sql("UPDATE journal_entree SET rang = %s WHERE id = %s", deux.rang, un.pk)


def retirer_puis_tout_recalculer(chaine, d):
    retirer_une_lecture(chaine, d)
    _rechainer(chaine)


def changer_puis_tout_recalculer(chaine, d):
    changer_qui(chaine, d)
    _rechainer(chaine)


def permuter_puis_tout_recalculer(chaine, d):
    permuter_deux_lectures(chaine, d)
    _rechainer(chaine)


@pytest.mark.parametrize(
    "alterer",
    [
        changer_qui,
        changer_les_champs,
        changer_l_heure,
        retirer_une_lecture,
        retirer_toute_la_chaine_et_sa_tete,
        permuter_deux_lectures,
        retirer_puis_tout_recalculer,
        changer_puis_tout_recalculer,
        permuter_puis_tout_recalculer,
    ],
    ids=lambda alterer: alterer.__name__,
)
def test_s_11_alterer_une_lecture_en_superutilisateur_se_trouve(d, consigne, alterer):
    alterer(consigne, d)
    with pytest.raises(CommandError, match="altéré"):
        call_command("verifier_journal")


# — L’annexe des lectures


def test_la_page_des_lectures_dit_ce_que_le_journal_dit(d, client_de):
    situation = scenes.situation_en_suivi(d)
    declares(situation, d.coordonnatrice)
    recits.lire_recit(situation, par=d.coordonnatrice, champs=("question",), pourquoi="préparation")
    recits.lire_orientation(situation.orientations.get(rang=2), par=d.delegue)
    plans.commencer_orientation(situation.orientations.get(rang=2), par=d.delegue)
    page = client_de(d.prp).get(adresse("situation_lectures", situation))
    montrees = [(entree.par, champs) for entree, _, champs in page.context["lignes"]]
    assert len(montrees) == len(lectures(situation))
    assert [titre for _, titre, _ in page.context["lignes"]][:2] == [
        "la personne responsable",
        "le coordonnateur du comité",
    ]
    assert montrees[:2] == [(d.delegue, ["orientation 2"]), (d.coordonnatrice, ["question posée au comité"])]


def test_les_lectures_ne_se_montrent_qu_a_qui_y_a_droit(d, client_de):
    situation = scenes.situation_convoquee(d)
    ouvrent = {
        nom
        for nom, personne in d
        if nom != "inactif"
        and client_de(personne).get(adresse("situation_lectures", situation)).status_code == 200
        and client_de(personne)
        .get(reverse("concertation:situation_lectures_exporter", args=[situation.uuid]))
        .status_code
        == 200
    }
    assert ouvrent == {"mentore", "coordonnatrice", "prp"}


def test_un_acces_prolonge_dit_sa_raison_a_qui_voit_les_lectures_et_cela_se_consigne(distribution, client_de):
    d = distribution
    situation = scenes.situation_convoquee(d)
    participation = situation.participations.filter(personne=d.autre_gestionnaire).get()
    client = client_de(d.prp)
    adresse = reverse("concertation:situation_lectures", args=[situation.uuid])
    avant = Entree.objects.filter(acte="concertation.lecture").count()
    assert "Accès prolongés" not in client.get(adresse).text
    assert Entree.objects.filter(acte="concertation.lecture").count() == avant
    scenes.convocations.prolonger_acces(participation, par=d.coordonnatrice, jours=5, motif="Zibeline : suivi à finir.")
    page = client.get(adresse).text
    assert "Zibeline : suivi à finir." in page
    assert str(d.autre_gestionnaire) in page
    lecture = Entree.objects.filter(acte="concertation.lecture").latest("id")
    assert (lecture.par, lecture.details["champs"]) == (d.prp, ["raisons des prolongations d’accès"])
    assert "Zibeline" not in str(list(Entree.objects.values_list("details", flat=True)))
    coffre.detruire_cle(situation.uuid)
    assert "Contenu détruit." in client.get(adresse).text
