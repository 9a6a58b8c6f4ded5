"""Qui peut quoi dans une communauté : le tableau attendu, écrit à la main, et trois faces qui s’accordent."""

import pytest

from cdp import droits
from cdp.actions import adhesions, communautes, rencontres
from cdp.models import Communaute, RencontreCdp, RoleCdp
from encadrement.personnes.models import Delegation
from encadrement.socle.temps import jour_local
from tests.cdp import scenes
from tests.encadrement.acces.trois_faces import desaccords, permis, relire

pytestmark = pytest.mark.django_db

APPR = ("appr", "appr_liaison")
DU_CM = {
    "mentor", "mentore", "collegue", "executif_cm", *APPR, "coordonnatrice", "pilote", "prp", "superutilisateur",
    "ancien_membre",
}  # fmt: skip

# --- La communauté ----------------------------------------------------------------------------------------------

MEMBRE = {"voir", "voir_vie", "publier", "voir_rencontres", "voir_annee", "consigner_heures", "demander_heures"}
RESPONSABLE = MEMBRE | {
    "modifier", "preparer", "inviter", "planifier", "ecrire_annee", "voir_heures", "demander_heures_autrui",
    "voir_napperon",
}  # fmt: skip
ANIMATRICE = RESPONSABLE | {"proposer", "nommer", "partager", "sonder"}
PARRAIN = {
    "agreer", "retourner", "renouveler", "suspendre", "reprendre", "dissoudre", "changer_parrain", "nommer",
    "voir_rencontres", "voir_annee", "voir_heures", "suivre",
}  # fmt: skip
DSM = {"voir", "changer_parrain", "voir_rencontres", "voir_annee", "voir_heures", "voir_napperon", "suivre"}
TOUJOURS = {
    "animatrice": ANIMATRICE,
    "secretaire": RESPONSABLE,
    "membre": MEMBRE,
    "parrain": PARRAIN,
    "dsm": DSM,
    **{nom: DSM | {"preparer"} for nom in APPR},
}
SCENES = {
    "en_preparation": scenes.communaute_prete,
    "proposee": scenes.communaute_proposee,
    "active": scenes.communaute_active,
    "suspendue": lambda d: _finie(d, communautes.suspendre_communaute),
    "dissoute": lambda d: _finie(d, communautes.dissoudre_communaute),
}


def _finie(d, verbe):
    communaute = scenes.communaute_active(d)
    verbe(communaute, par=d.parrain, motif="Motif.")
    return Communaute.objects.get(pk=communaute.pk)


def _attendu(distribution, etat):
    attendu = {nom: set(TOUJOURS.get(nom, ())) for nom, _ in distribution}
    if etat == "en_preparation":
        attendu["parrain"].remove("changer_parrain")
    else:
        attendu["parrain"].add("voir")
    if etat in {"en_preparation", "proposee"}:
        # Avant l’agrément, le groupe-noyau cherche encore son parrain.
        for nom in ("animatrice", "secretaire"):
            attendu[nom].add("changer_parrain")
    if etat in {"active", "suspendue", "dissoute"}:
        for nom in set(attendu) - {"inactif"}:
            attendu[nom] |= {"voir", "voir_napperon"}
    if etat == "active":
        for nom in DU_CM:
            attendu[nom].add("demander_adhesion")
    return attendu


def ecarts(obtenu, attendu):
    """Rend ce que chacun peut de trop, ou de moins, que le tableau."""
    return {nom: sorted(obtenu[nom] ^ attendu[nom]) for nom in obtenu if obtenu[nom] != attendu[nom]}


def par_nom(distribution, **actes):
    """Rend {personnage: actes}, vide pour ceux qui ne sont pas nommés."""
    return {nom: set() for nom, _ in distribution} | actes


@pytest.mark.exigence("R-119", "R-137", "R-158", "R-159", "R-160", "R-381", "R-382")
@pytest.mark.parametrize("etat", SCENES)
def test_chaque_titre_peut_dans_la_communaute_ce_que_dit_le_tableau(distribution, etat):
    communaute = SCENES[etat](distribution)
    assert communaute.etat == etat
    assert ecarts(permis(droits.DROITS_COMMUNAUTE, communaute, distribution), _attendu(distribution, etat)) == {}
    assert desaccords(droits.DROITS_COMMUNAUTE, [communaute], distribution) == []


def test_qui_met_en_route_une_communaute_pour_un_autre_la_prepare_puis_nen_est_plus(distribution):
    d = distribution
    communaute = communautes.ouvrir_communaute(par=d.gestionnaire, nom="CdP du deuil", animateur=d.membre)
    obtenu = permis(droits.DROITS_COMMUNAUTE, communaute, d)
    assert obtenu["gestionnaire"] == {
        "voir",
        "modifier",
        "preparer",
        "proposer",
        "inviter",
        "nommer",
        "changer_parrain",
        "voir_napperon",
    }
    assert obtenu["membre"] == set()
    adhesions.accepter_invitation(communaute.adhesions.get(), par=d.membre)
    active = scenes.communaute_active(d)
    assert "modifier" not in permis(droits.DROITS_COMMUNAUTE, active, d)["gestionnaire"]


@pytest.mark.parametrize("acte", ["agreer", "retourner", "renouveler", "suspendre", "reprendre", "dissoudre"])
def test_un_membre_a_qui_le_parrain_delegue_ne_decide_pas_de_sa_communaute(distribution, acte):
    d = distribution
    communaute = scenes.communaute_proposee(d)
    for nom in ("membre", "delegue"):
        Delegation.objects.create(de=d.parrain, a=d[nom], debut=jour_local(), fin=jour_local())
    assert not droits.DROITS_COMMUNAUTE.peut(relire(d.membre), acte, communaute)
    assert droits.DROITS_COMMUNAUTE.peut(relire(d.delegue), acte, communaute)
    assert desaccords(droits.DROITS_COMMUNAUTE, [communaute], d, [acte]) == []


# --- L’adhésion -------------------------------------------------------------------------------------------------


@pytest.mark.exigence("R-116")
def test_une_demande_se_tranche_par_lanimatrice_et_se_retire_par_qui_la_faite(distribution):
    adhesion = scenes.adhesion_demandee(distribution)
    interesse = {
        "voir", "retirer", "accepter_invitation", "decliner", "quitter", "voir_presences", "attester",
    }  # fmt: skip
    attendu = par_nom(
        distribution,
        executif_cm=interesse,
        autre_gestionnaire={"voir_presences"},
        animatrice={"voir", "accepter", "refuser", "annuler", "remplacer", "voir_presences", "attester"},
        secretaire={"voir", "voir_presences", "attester"},
    )
    assert ecarts(permis(droits.DROITS_ADHESION, adhesion, distribution), attendu) == {}
    assert desaccords(droits.DROITS_ADHESION, [adhesion], distribution) == []


@pytest.mark.exigence("R-116", "R-118", "R-420")
def test_chacun_quitte_de_son_gre_et_seul_le_mandat_de_lanimatrice_se_reconduit(distribution):
    d = distribution
    sienne = scenes.adhesion_de(d, "animatrice")
    attendu = par_nom(
        d,
        animatrice={
            "voir", "retirer", "accepter_invitation", "decliner", "annuler", "quitter", "reconduire",
            "voir_presences", "attester",
        },
        secretaire={"voir", "voir_presences", "attester"},
        parrain={"voir", "reconduire"},
    )  # fmt: skip
    assert ecarts(permis(droits.DROITS_ADHESION, sienne, d), attendu) == {}
    assert "reconduire" not in permis(droits.DROITS_ADHESION, scenes.adhesion_de(d, "membre"), d)["membre"]
    assert desaccords(droits.DROITS_ADHESION, d.animatrice.adhesions.all(), d) == []


def test_ladhesion_finie_reste_a_qui_la_vecue_et_a_son_gestionnaire(distribution):
    finie = distribution.ancien_membre.adhesions.first() or scenes.communaute_prete(distribution).adhesions.get(
        personne=distribution.ancien_membre
    )
    obtenu = permis(droits.DROITS_ADHESION, finie, distribution)
    assert {"voir", "voir_presences", "attester"} <= obtenu["ancien_membre"]
    # Le parrain est le supérieur de la personne : c’est à ce titre, et à lui seul, qu’il lit ses présences.
    assert obtenu["parrain"] == {"voir_presences"}
    assert desaccords(droits.DROITS_ADHESION, [finie], distribution) == []


# --- Le plan et le rapport --------------------------------------------------------------------------------------

_ECRIVENT = {"voir", "modifier", "soumettre", "rouvrir"}


@pytest.mark.exigence("R-120", "R-139", "R-158", "R-163", "R-366", "R-379")
@pytest.mark.parametrize(
    ("scene", "soumis"),
    [
        ("plan_en_redaction", False),
        ("plan_soumis", True),
        ("plan_approuve", True),
        ("rapport_en_redaction", False),
        ("rapport_soumis", True),
        ("rapport_approuve", True),
    ],
)
def test_le_plan_et_le_rapport_secrivent_par_les_responsables_et_sapprouvent_par_le_parrain(
    distribution, scene, soumis
):
    document = getattr(scenes, scene)(distribution)
    matrice = droits.DROITS_PLAN if scene.startswith("plan") else droits.DROITS_RAPPORT
    lu = {"voir"} if soumis else set()
    attendu = par_nom(
        distribution,
        animatrice=_ECRIVENT,
        secretaire=_ECRIVENT,
        membre={"voir"},
        parrain={"approuver", "renvoyer"} | lu,
        dsm=lu,
        appr=lu,
        appr_liaison=lu,
    )
    assert ecarts(permis(matrice, document, distribution), attendu) == {}
    assert desaccords(matrice, [document], distribution) == []


# --- La rencontre : le compte rendu est à la communauté ---------------------------------------------------------

_TIENNENT = {
    "voir", "voir_ordre_du_jour", "lire_compte_rendu", "modifier", "proposer_point", "convoquer", "deplacer",
    "lire_suivis", "annuler", "repondre", "tenir", "ecrire_compte_rendu", "publier", "rouvrir", "adopter",
}  # fmt: skip
_LISENT = {"voir", "voir_ordre_du_jour", "lire_suivis", "proposer_point", "repondre"}


@pytest.mark.exigence("R-120", "R-160", "R-426")
@pytest.mark.parametrize(
    "scene", ["rencontre_planifiee", "rencontre_redigee", "rencontre_publiee", "rencontre_adoptee"]
)
def test_le_compte_rendu_nest_lu_du_parrain_et_de_la_dsm_que_si_la_communaute_le_leur_ouvre(distribution, scene):
    d = distribution
    rencontre = getattr(scenes, scene)(d)
    publie = {"lire_compte_rendu"} if scene in {"rencontre_publiee", "rencontre_adoptee"} else set()
    for au_parrain, a_la_dsm in [(False, False), (True, False), (False, True), (True, True)]:
        communautes.partager(rencontre.communaute, par=d.animatrice, au_parrain=au_parrain, a_la_dsm=a_la_dsm)
        rencontre = RencontreCdp.objects.get(pk=rencontre.pk)
        dsm = {"voir"} | (publie if a_la_dsm else set())
        attendu = par_nom(
            d,
            animatrice=_TIENNENT,
            secretaire=_TIENNENT,
            membre=_LISENT | publie,
            parrain={"voir", "emporter"} | (publie if au_parrain else set()),
            dsm=dsm,
            appr=dsm,
            appr_liaison=dsm,
        )
        assert ecarts(permis(droits.DROITS_RENCONTRE, rencontre, d), attendu) == {}, (au_parrain, a_la_dsm)
    assert desaccords(droits.DROITS_RENCONTRE, [rencontre], d) == []
    communautes.partager(rencontre.communaute, par=d.animatrice, au_parrain=False, a_la_dsm=False)
    assert desaccords(droits.DROITS_RENCONTRE, RencontreCdp.objects.all(), d, ["lire_compte_rendu"]) == []


def test_la_personne_invitee_ne_lit_que_lordre_du_jour_de_cette_rencontre(distribution):
    d = distribution
    rencontre = scenes.rencontre_convoquee(d)
    autre = scenes.rencontre_planifiee(d, dans=40)
    rencontres.inviter_a_la_rencontre(rencontre, par=d.animatrice, personne=d.ancien_membre)
    assert permis(droits.DROITS_RENCONTRE, rencontre, d)["ancien_membre"] == {
        "voir", "voir_ordre_du_jour", "repondre"
    }  # fmt: skip
    assert permis(droits.DROITS_RENCONTRE, autre, d)["ancien_membre"] == set()
    assert desaccords(droits.DROITS_RENCONTRE, [rencontre, autre], d) == []


# --- Les suivis, les heures, la vie -----------------------------------------------------------------------------


def test_un_suivi_se_clot_par_qui_en_est_charge_ou_par_les_responsables(distribution):
    suivi = scenes.rencontre_publiee(distribution).suivis.get(personne=distribution.secretaire)
    adhesions.nommer(
        suivi.communaute, scenes.adhesion_de(distribution, "secretaire"), par=distribution.animatrice,
        role=RoleCdp.MEMBRE,
    )  # fmt: skip
    attendu = par_nom(
        distribution, animatrice={"voir", "clore", "modifier"}, secretaire={"voir", "clore"}, membre={"voir"}
    )
    assert ecarts(permis(droits.DROITS_SUIVI, suivi, distribution), attendu) == {}
    assert desaccords(droits.DROITS_SUIVI, [suivi], distribution) == []


def test_qui_a_quitte_la_communaute_clot_encore_le_suivi_dont_il_setait_charge(distribution):
    suivi = scenes.suivi_ouvert(distribution)
    charge = next(nom for nom, personne in distribution if personne == suivi.personne)
    adhesion = suivi.communaute.adhesions.actives().get(personne=suivi.personne)
    adhesions.quitter(adhesion, par=suivi.personne)
    assert permis(droits.DROITS_SUIVI, suivi, distribution)[charge] == {"voir", "clore"}
    assert desaccords(droits.DROITS_SUIVI, [suivi], distribution) == []


def test_les_heures_se_corrigent_par_qui_les_a_consignees(distribution):
    heures = scenes.heures_consignees(distribution)
    attendu = par_nom(distribution, membre={"voir", "modifier"})
    assert ecarts(permis(droits.DROITS_HEURES, heures, distribution), attendu) == {}
    assert desaccords(droits.DROITS_HEURES, [heures], distribution) == []


@pytest.mark.exigence("R-128", "R-423")
def test_seul_le_parrain_accorde_des_heures_et_jamais_a_lui_meme(distribution):
    d = distribution
    demande = scenes.heures_demandees(d)
    attendu = par_nom(
        d, animatrice={"voir"}, secretaire={"voir"}, membre={"voir"}, parrain={"voir", "accorder", "refuser"}
    )
    assert ecarts(permis(droits.DROITS_DEPASSEMENT, demande, d), attendu) == {}
    Delegation.objects.create(de=d.parrain, a=d.animatrice, debut=jour_local(), fin=jour_local())
    assert not droits.DROITS_DEPASSEMENT.peut(relire(d.animatrice), "accorder", demande)
    assert desaccords(droits.DROITS_DEPASSEMENT, [demande], d) == []


@pytest.mark.parametrize(
    ("scene", "matrice", "acte"),
    [
        ("outil_depose", droits.DROITS_OUTIL, None),
        ("sujet_propose", droits.DROITS_SUJET, "voter"),
        ("appel_lance", droits.DROITS_APPEL, "repondre"),
        ("reponse_donnee", droits.DROITS_REPONSE, None),
    ],
)
def test_la_vie_entre_les_rencontres_reste_entre_membres(distribution, scene, matrice, acte):
    publication = getattr(scenes, scene)(distribution)
    auteur = "secretaire" if scene == "reponse_donnee" else "membre"
    membre = {"voir"} | ({acte} if acte else set())
    attendu = par_nom(distribution, animatrice=membre | {"retirer"}, secretaire=membre, membre=membre)
    attendu[auteur] = membre | {"retirer"}
    assert ecarts(permis(matrice, publication, distribution), attendu) == {}
    assert desaccords(matrice, [publication], distribution) == []
