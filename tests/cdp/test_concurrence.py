"""Plusieurs personnes au même instant, sur PostgreSQL : un seul effet, et une phrase pour les autres."""

import pytest

from cdp.actions import (
    adhesions,
    annees,
    communautes,
    comptes_rendus,
    heures,
    ordre_du_jour,
    rencontres,
    suivis,
    vie,
)
from cdp.models import (
    Adhesion,
    Communaute,
    Depassement,
    Heures,
    PassageAdhesion,
    PassageCommunaute,
    PassageDepassement,
    PassagePlan,
    PassageRapport,
    PassageRencontre,
    PlanAnnuel,
    RencontreCdp,
    SuiviCdp,
    Vote,
)
from encadrement.documents.models import Document
from encadrement.journal.models import Entree
from encadrement.personnes.models import Personne
from encadrement.rencontres.models import Sorte
from encadrement.signatures.models import Signature
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.cdp import scenes
from tests.cdp.traces import courriels
from tests.distribution import monter
from tests.ensemble import ensemble

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SIGNER = {"confirmation": scenes.CONFIRMATION}


@pytest.fixture
def d(transactional_db):
    Personne.objects.systeme()
    return monter()


def relire(objet):
    return type(objet).objects.get(pk=objet.pk)


def un_seul(*gestes):
    """Joue les gestes ensemble : un seul réussit, chacun des autres reçoit une phrase ; rend les phrases."""
    rendus = ensemble(*gestes)
    phrases = [str(rendu) for rendu in rendus if isinstance(rendu, ErreurMetier)]
    assert len(phrases) == len(gestes) - 1, rendus
    assert all(len(phrase) > 20 for phrase in phrases)
    return phrases


def _plan_a_soumettre(d):
    plan = scenes.plan_en_redaction(d)
    gestes = [lambda par=par: annees.soumettre(relire(plan), par=par, **SIGNER) for par in (d.animatrice, d.secretaire)]
    return gestes, lambda: (
        PassagePlan.objects.filter(transition="soumettre").count(),
        Signature.objects.count(),
        len(courriels("plan_a_approuver")),
    )


def _plan_a_approuver(d):
    plan = scenes.plan_soumis(d)
    gestes = [lambda: annees.approuver_plan(relire(plan), par=d.parrain, **SIGNER)] * 2
    return gestes, lambda: (
        PassagePlan.objects.filter(transition="approuver").count(),
        Signature.objects.filter(personne=d.parrain).count(),
        Document.objects.count(),
    )


def _rapport_a_approuver(d):
    rapport = scenes.rapport_soumis(d)
    gestes = [lambda: annees.approuver_rapport(relire(rapport), par=d.parrain, renouveler=True, **SIGNER)] * 2
    return gestes, lambda: (
        PassageRapport.objects.filter(transition="approuver").count(),
        PassageCommunaute.objects.filter(transition="renouveler").count(),
        PlanAnnuel.objects.filter(annee=rapport.annee + 1).count(),
    )


def _approuver_ou_renvoyer(d):
    plan = scenes.plan_soumis(d)
    gestes = [
        lambda: annees.approuver_plan(relire(plan), par=d.parrain, **SIGNER),
        lambda: annees.renvoyer(relire(plan), par=d.parrain, motif="Revoir."),
    ]
    return gestes, lambda: (PassagePlan.objects.filter(transition__in=("approuver", "renvoyer")).count(),)


def _compte_rendu_a_publier(d):
    rencontre = scenes.rencontre_redigee(d)
    gestes = [
        lambda par=par: comptes_rendus.publier_compte_rendu(relire(rencontre), par=par)
        for par in (d.animatrice, d.secretaire)
    ]
    return gestes, lambda: (
        PassageRencontre.objects.filter(transition="publier").count(),
        courriels("compte_rendu_publie").count("Kim"),
    )


def _invitation_de_la_meme_personne(d):
    communaute = scenes.communaute_active(d)
    gestes = [
        lambda par=par: adhesions.inviter(relire(communaute), d.executif_cm, par=par)
        for par in (d.animatrice, d.secretaire)
    ]
    return gestes, lambda: (
        Adhesion.objects.filter(personne=d.executif_cm).count(),
        courriels("adhesion_invitation").count("Anne-Sophie"),
    )


def _invitee_et_en_demande(d):
    communaute = scenes.communaute_active(d)
    gestes = [
        lambda: adhesions.inviter(relire(communaute), d.executif_cm, par=d.animatrice),
        lambda: adhesions.demander_adhesion(relire(communaute), par=d.executif_cm),
    ]
    return gestes, lambda: (Adhesion.objects.filter(personne=d.executif_cm).count(),)


def _invitation_acceptee_deux_fois(d):
    adhesion = scenes.adhesion_invitee(d)
    gestes = [lambda: adhesions.accepter_invitation(relire(adhesion), par=d.executif_cm)] * 3
    return gestes, lambda: (PassageAdhesion.objects.filter(adhesion=adhesion).count(),)


def _points_a_reordonner(d):
    rencontre = scenes.rencontre_planifiee(d)
    ordre = list(rencontre.points.filter(sorte=Sorte.AUTRE).values_list("pk", flat=True))
    version = relire(rencontre).version_ordre
    ordres = (ordre[::-1], [ordre[1], ordre[0], ordre[2]])
    gestes = [
        lambda ordre=ordre, par=par: ordre_du_jour.reordonner(relire(rencontre), ordre, par=par, version=version)
        for ordre, par in zip(ordres, (d.animatrice, d.secretaire), strict=True)
    ]
    return gestes, lambda: (
        relire(rencontre).version_ordre - version,
        sum(
            list(rencontre.points.filter(sorte=Sorte.AUTRE).order_by("rang").values_list("pk", flat=True)) == ordre
            for ordre in ordres
        ),
    )


def _plan_a_ouvrir(d):
    communaute = scenes.communaute_active(d)
    gestes = [
        lambda par=par: annees.ouvrir_plan(relire(communaute), communaute.annee.debut_annee, par=par)
        for par in (d.animatrice, d.secretaire)
    ]
    return gestes, lambda: (PlanAnnuel.objects.count(), PlanAnnuel.objects.get().lignes.count() - 3)


def _communaute_du_meme_nom(d):
    gestes = [lambda par=par: communautes.ouvrir_communaute(par=par, nom="CdP") for par in (d.membre, d.secretaire)]
    return gestes, lambda: (Communaute.objects.filter(nom="CdP").count(),)


def _communaute_a_agreer(d):
    communaute = scenes.communaute_proposee(d)
    gestes = [lambda: communautes.agreer_communaute(relire(communaute), par=d.parrain)] * 2
    return gestes, lambda: (PassageCommunaute.objects.filter(transition="agreer").count(),)


def _rencontres_au_meme_moment(d):
    communaute = scenes.communaute_active(d)
    moment = scenes.moment(20)
    gestes = [
        lambda par=par: rencontres.planifier_rencontres(
            relire(communaute), [moment], par=par, mode="virtuelle", lien=scenes.LIEN
        )
        for par in (d.animatrice, d.secretaire)
    ]
    return gestes, lambda: (RencontreCdp.objects.count(), RencontreCdp.objects.get().points.count() - 5)


def _rencontre_a_convoquer(d):
    rencontre = scenes.rencontre_planifiee(d)
    gestes = [
        lambda par=par: rencontres.convoquer_rencontre(relire(rencontre), par=par)
        for par in (d.animatrice, d.secretaire)
    ]
    return gestes, lambda: (
        PassageRencontre.objects.filter(transition="convoquer").count(),
        courriels("rencontre_convoquee").count("Kim"),
    )


def _suivi_a_clore(d):
    suivi = scenes.rencontre_publiee(d).suivis.get(personne=d.secretaire)
    gestes = [lambda par=par: suivis.clore_suivi(relire(suivi), par=par) for par in (d.animatrice, d.secretaire)]
    return gestes, lambda: (
        SuiviCdp.objects.filter(clos_le__isnull=False).count(),
        Entree.objects.filter(acte="cdp.suivi.clore").count(),
    )


def _heures_a_accorder(d):
    demande = scenes.heures_demandees(d)
    gestes = [
        lambda: heures.accorder_heures(relire(demande), par=d.parrain),
        lambda: heures.refuser_heures(relire(demande), par=d.parrain, motif="Non."),
    ]
    return gestes, lambda: (PassageDepassement.objects.count(),)


def _heures_pour_tous_a_demander(d):
    communaute = scenes.communaute_active(d)
    gestes = [
        lambda par=par: heures.demander_heures(
            relire(communaute), par=par, annee=2026, minutes=60, justification="Mandat.", personne=None
        )
        for par in (d.animatrice, d.secretaire)
    ]
    return gestes, lambda: (Depassement.objects.count(),)


def _dernieres_heures_du_plafond(d):
    communaute = scenes.communaute_active(d)
    scenes.heures_consignees(d, communaute, minutes=1400)
    gestes = [
        lambda sorte=sorte: heures.consigner_heures(
            relire(communaute), par=d.membre, jour=jour_local(), sorte=sorte, minutes=40
        )
        for sorte in ("preparation", "recherche")
    ]
    return gestes, lambda: (Heures.objects.filter(minutes=40).count(),)


def _heures_a_retirer(d):
    consignees = scenes.heures_consignees(d)
    copies = [relire(consignees), relire(consignees)]
    gestes = [lambda copie=copie: heures.retirer_heures(copie, par=d.membre) for copie in copies]
    return gestes, lambda: (Entree.objects.filter(acte="cdp.heures.retirer").count(),)


def _point_a_retirer(d):
    rencontre = scenes.rencontre_planifiee(d)
    point = rencontre.points.filter(sorte=Sorte.AUTRE).first()
    copies = [relire(point), relire(point)]
    gestes = [lambda copie=copie: ordre_du_jour.retirer_point(copie, par=d.animatrice) for copie in copies]
    return gestes, lambda: (Entree.objects.filter(acte="cdp.point.retirer").count(),)


CAS = (
    _plan_a_soumettre,
    _plan_a_approuver,
    _rapport_a_approuver,
    _approuver_ou_renvoyer,
    _compte_rendu_a_publier,
    _invitation_de_la_meme_personne,
    _invitee_et_en_demande,
    _invitation_acceptee_deux_fois,
    _points_a_reordonner,
    _plan_a_ouvrir,
    _communaute_du_meme_nom,
    _communaute_a_agreer,
    _rencontres_au_meme_moment,
    _rencontre_a_convoquer,
    _suivi_a_clore,
    _heures_a_accorder,
    _heures_pour_tous_a_demander,
    _dernieres_heures_du_plafond,
    _heures_a_retirer,
    _point_a_retirer,
)


@pytest.mark.parametrize("cas", CAS, ids=lambda cas: cas.__name__.strip("_"))
def test_au_meme_instant_un_seul_effet_et_une_phrase_pour_lautre(d, cas):
    gestes, effets = cas(d)
    un_seul(*gestes)
    assert set(effets()) == {1}, effets()


@pytest.mark.exigence("R-469")
def test_deux_votes_de_la_meme_personne_nen_font_quun(d):
    sujet = scenes.sujet_propose(d)
    rendus = ensemble(*[lambda: vie.voter(relire(sujet), par=d.secretaire)] * 4)
    assert not [rendu for rendu in rendus if isinstance(rendu, Exception)]
    assert Vote.objects.filter(sujet=sujet, personne=d.secretaire).count() == 1


def test_modifier_un_point_quon_retire_ecrit_ou_refuse_sans_erreur(d):
    rencontre = scenes.rencontre_planifiee(d)
    point = rencontre.points.filter(sorte=Sorte.AUTRE).first()
    copies = [relire(point), relire(point)]
    rendus = ensemble(
        lambda: ordre_du_jour.modifier_point(copies[0], par=d.secretaire, minutes=5),
        lambda: ordre_du_jour.retirer_point(copies[1], par=d.animatrice),
    )
    assert rendus[1] is None
    assert rencontre.points.filter(sorte=Sorte.AUTRE).count() == 2


def test_ecrire_le_compte_rendu_pendant_quon_le_publie_est_publie_ou_refuse_jamais_perdu(d):
    rencontre = scenes.rencontre_redigee(d)
    point = rencontre.points.get(sorte=Sorte.FIN)
    ecrit, _ = ensemble(
        lambda: comptes_rendus.ecrire_compte_rendu(
            relire(rencontre), par=d.secretaire, saisi={f"point-{point.pk}": "Levée à 16 h 30."}, temoins={}
        ),
        lambda: comptes_rendus.publier_compte_rendu(relire(rencontre), par=d.animatrice),
    )
    publiee = relire(rencontre)
    assert publiee.etat == "publiee"
    sommaires = {p["numero"]: p["sommaire"] for p in publiee.compte_rendu.donnees["points"]}
    assert sommaires["7"] == relire(point).sommaire
    assert (sommaires["7"] != "") == (ecrit == [])


def test_deux_departs_le_meme_jour_laissent_une_communaute_que_le_parrain_peut_relever(d):
    communaute = scenes.communaute_active(d)
    ensemble(
        *(
            lambda nom=nom: adhesions.quitter(scenes.adhesion_de(d, nom), par=d[nom], raison="Départ.")
            for nom in ("animatrice", "secretaire")
        )
    )
    assert communaute.adhesions.actives().count() == 1
    adhesions.nommer(relire(communaute), scenes.adhesion_de(d, "membre"), par=d.parrain, role="animateur")
    assert communaute.animateurs().count() == 1
