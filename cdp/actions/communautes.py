"""Les verbes de la communauté : la mettre en route, l’agréer, la renouveler, la dissoudre (R-117 à R-119, R-156 à R-159)."""

from django.db import transaction

from cdp.actions.adhesions import devenir_animateur, inviter
from cdp.actions.annonces import annoncer, membres, responsables
from cdp.actions.rencontres import emporter_rencontres
from cdp.droits import DROITS_COMMUNAUTE, GESTIONNAIRE
from cdp.models import AGREEES, EN_COURS, Besoin, Communaute, EtatCommunaute, ReponseDemarrage, RoleCdp
from cdp.models.demarrage import questions
from cdp.trajectoire import COMMUNAUTE
from encadrement.acces.attribues import APPR, DSM
from encadrement.acces.matrice import AccesRefuse
from encadrement.journal.actions import consigner
from encadrement.notifications.annonces import boite_dsm
from encadrement.socle.bd import unicite
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.fusion import fusionner
from encadrement.socle.temps import jour_local

NOM_PRIS = "Une autre communauté porte déjà ce nom : demandez à en être, ou précisez le vôtre."
CHAMPS_FICHE = (
    "nom",
    "domaine",
    "groupe",
    "pratique",
    "precision_besoins",
    "clientele",
    "themes",
    "retombees",
    "regles_internes",
    "accueil",
    "lien_teams",
)
BESOINS = tuple(f"besoin_{besoin}" for besoin in Besoin.values)


def peut_ouvrir(personne):
    """Dit si la personne peut mettre une communauté en route : membre du CM, gestionnaire, APPR ou DSM (R-156)."""
    return (
        personne.membre_cm
        or bool(personne.roles_attribues & {APPR.code, DSM.code})
        or personne.supervisees.filter(is_active=True).exists()
    )


@transaction.atomic
def ouvrir_communaute(*, par, nom, animateur=None, domaine=""):
    """Met une communauté en préparation ; qui la met en route l’anime, ou invite quelqu’un à l’animer (R-382)."""
    if not peut_ouvrir(par):
        raise AccesRefuse("Mettre une communauté en route revient à un membre du CM, à un gestionnaire ou à la DSM.")
    _exiger_nom_libre(nom)
    communaute = Communaute(nom=nom, creee_par=par, domaine=domaine)
    communaute.recalculer_cle()
    with unicite(NOM_PRIS):
        communaute.save()
    if animateur is None or animateur.pk == par.pk:
        devenir_animateur(communaute, par)
    else:
        inviter(communaute, animateur, par=par, role=RoleCdp.ANIMATEUR)
    consigner("cdp.communaute.ouvrir", communaute, par=par)
    return communaute


def _exiger_nom_libre(nom, sauf=None):
    autres = Communaute.objects.filter(nom__iexact=nom.strip()).exclude(etat=EtatCommunaute.DISSOUTE)
    if autres.exclude(pk=getattr(sauf, "pk", None)).exists():
        raise ErreurMetier(NOM_PRIS)


def _exiger_vivante(communaute):
    if communaute.etat == EtatCommunaute.DISSOUTE:
        raise ErreurMetier("Cette communauté est dissoute : sa fiche ne se modifie plus.")


def valeurs_fiche(communaute):
    """Rend les valeurs modifiables de la fiche, pour le formulaire et la fusion ; chaque besoin y a sa case."""
    valeurs = {champ: getattr(communaute, champ) for champ in CHAMPS_FICHE}
    return valeurs | {case: case.removeprefix("besoin_") in communaute.besoins for case in BESOINS}


@transaction.atomic
def ecrire_fiche(communaute, *, par, saisi, temoins, libelles=None):
    """Enregistre ce que la personne a changé à la fiche sans écraser l’autre ; rend les conflits (R-381, R-450)."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "modifier", communaute)
    _exiger_vivante(communaute)
    a_ecrire, conflits = fusionner(valeurs_fiche(communaute), temoins, saisi, libelles)
    _ecrire_les_champs(communaute, a_ecrire, par)
    return conflits


def _ecrire_les_champs(communaute, a_ecrire, par):
    if not a_ecrire:
        return
    if "nom" in a_ecrire:
        _exiger_nom_libre(a_ecrire["nom"], sauf=communaute)
    cases = {case: cochee for case, cochee in a_ecrire.items() if case in BESOINS}
    champs = {champ: valeur for champ, valeur in a_ecrire.items() if champ not in cases}
    if cases:
        coches = valeurs_fiche(communaute) | cases
        champs["besoins"] = [case.removeprefix("besoin_") for case in BESOINS if coches[case]]
    for champ, valeur in champs.items():
        setattr(communaute, champ, valeur)
    communaute.recalculer_cle()
    with unicite(NOM_PRIS):
        communaute.save(update_fields=[*champs, "cle_recherche"])
    if communaute.etat in AGREEES:
        consigner("cdp.communaute.modifier", communaute, par=par, details={"champs": sorted(champs)})


@transaction.atomic
def ajouter_titre_emploi(communaute, titre, *, par):
    """Ajoute un titre d’emploi à ceux que la communauté réunit (R-114)."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "modifier", communaute)
    _exiger_vivante(communaute)
    communaute.titres_emploi.add(titre)
    consigner("cdp.communaute.titre", communaute, par=par, details={"ajoute": titre.code})


@transaction.atomic
def retirer_titre_emploi(communaute, titre, *, par):
    """Retire un titre d’emploi de ceux que la communauté réunit."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "modifier", communaute)
    _exiger_vivante(communaute)
    communaute.titres_emploi.remove(titre)
    consigner("cdp.communaute.titre", communaute, par=par, details={"retire": titre.code})


def valeurs_demarrage(communaute, codes=None):
    """Rend {code: réponse} de l’assistant ; une question qui écrit la fiche en rend la valeur."""
    ecrites = dict(communaute.reponses_demarrage.values_list("question", "texte"))
    return {
        code: getattr(communaute, question.champ) if question.champ else ecrites.get(code, "")
        for code, question in questions().items()
        if codes is None or code in codes
    }


@transaction.atomic
def repondre_au_demarrage(communaute, *, par, saisi, temoins, libelles=None):
    """Enregistre les réponses à l’assistant de démarrage, une question à la fois ; rend les conflits (R-476)."""
    communaute.verrouiller()
    DROITS_COMMUNAUTE.exiger(par, "preparer", communaute)
    _exiger_vivante(communaute)
    connues = questions()
    a_ecrire, conflits = fusionner(valeurs_demarrage(communaute, saisi), temoins, saisi, libelles)
    _ecrire_les_champs(
        communaute, {connues[code].champ: texte for code, texte in a_ecrire.items() if connues[code].champ}, par
    )
    for code, texte in a_ecrire.items():
        if not connues[code].champ:
            ReponseDemarrage.objects.update_or_create(
                communaute=communaute, question=code, defaults={"texte": texte, "modifiee_par": par}
            )
    return conflits


@transaction.atomic
def proposer_communaute(communaute, *, par, raison=""):
    """Le groupe-noyau propose la communauté au gestionnaire qui la parrainera (R-119)."""
    passage = communaute.franchir(COMMUNAUTE["proposer"], par=par, raison=raison)
    annoncer("communaute_proposee", communaute, DROITS_COMMUNAUTE.personnes("agreer", communaute), passage.pk)
    return passage


@transaction.atomic
def agreer_communaute(communaute, *, par):
    """Le parrain agrée la communauté : elle est active et à l’annuaire ; la DSM en est avisée (R-119, R-158)."""
    passage = communaute.franchir(COMMUNAUTE["agreer"], par=par)
    communaute.agreee_le, communaute.renouvelee_pour = jour_local(), communaute.annee.debut_annee
    communaute.save(update_fields=["agreee_le", "renouvelee_pour"])
    annoncer("communaute_agreee", communaute, membres(communaute), passage.pk)
    autres = [boite_dsm(), *GESTIONNAIRE.personnes(communaute).exclude(pk=communaute.parrain_id)]
    annoncer("communaute_nouvelle", communaute, autres, passage.pk, urgent=False)
    return passage


@transaction.atomic
def retourner_communaute(communaute, *, par, motif):
    """Le parrain retourne la proposition au groupe-noyau, avec un commentaire."""
    passage = communaute.franchir(COMMUNAUTE["retourner"], par=par, motif=motif)
    annoncer("communaute_retournee", communaute, {*responsables(communaute), communaute.creee_par}, passage.pk)
    return passage


@transaction.atomic
def suspendre_communaute(communaute, *, par, motif):
    """Le parrain suspend les activités ; les rencontres à venir sont annulées."""
    passage = communaute.franchir(COMMUNAUTE["suspendre"], par=par, motif=motif)
    emporter_rencontres(communaute, par=par)
    annoncer("communaute_suspendue", communaute, membres(communaute), passage.pk)
    return passage


@transaction.atomic
def reprendre_communaute(communaute, *, par):
    """Le parrain rouvre une communauté suspendue."""
    passage = communaute.franchir(COMMUNAUTE["reprendre"], par=par)
    annoncer("communaute_reprise", communaute, membres(communaute), passage.pk)
    return passage


@transaction.atomic
def dissoudre_communaute(communaute, *, par, motif):
    """Le parrain dissout la communauté ; ses membres d’alors gardent l’accès à ce qu’ils y ont fait."""
    a = membres(communaute)
    passage = communaute.franchir(COMMUNAUTE["dissoudre"], par=par, motif=motif)
    emporter_rencontres(communaute, par=par)
    annoncer("communaute_dissoute", communaute, [*a, boite_dsm()], passage.pk)
    return passage


@transaction.atomic
def changer_parrain(communaute, parrain, *, par):
    """Désigne un autre gestionnaire parrain ; les deux en sont avisés (R-119)."""
    communaute.verrouiller()
    titre = DROITS_COMMUNAUTE.exiger(par, "changer_parrain", communaute)
    _exiger_vivante(communaute)
    _exiger_un_gestionnaire(communaute, parrain)
    ancien, communaute.parrain = communaute.parrain, parrain
    communaute.save(update_fields=["parrain"])
    consigner("cdp.communaute.changer_parrain", communaute, par=par, titre=titre.libelle)
    if communaute.etat != EtatCommunaute.EN_PREPARATION:
        # Pendant la préparation, le parrain pressenti ne voit rien encore : la proposition l’avisera.
        a = [personne for personne in (ancien, parrain, *responsables(communaute)) if personne is not None]
        annoncer("parrain_change", communaute, a, f"{parrain.pk}-{jour_local()}")
    return communaute


def _exiger_un_gestionnaire(communaute, parrain):
    if not parrain.is_active:
        raise ErreurMetier("Cette personne n’est plus à l’emploi de l’établissement.")
    if not parrain.supervisees.filter(is_active=True).exists():
        raise ErreurMetier(
            f"{parrain} n’a pas d’équipe : un gestionnaire parraine chaque communauté.", exigences=["R-119", "R-426"]
        )
    if communaute.adhesions.filter(personne=parrain, etat__in=EN_COURS).exists():
        raise ErreurMetier(
            "Le parrain approuve le plan et le rapport : il ne peut pas être aussi membre.", exigences=["R-119"]
        )


@transaction.atomic
def partager(communaute, *, par, au_parrain, a_la_dsm):
    """La communauté choisit à qui elle ouvre ses comptes rendus ; le choix est consigné (D10, X-5)."""
    communaute.verrouiller()
    titre = DROITS_COMMUNAUTE.exiger(par, "partager", communaute)
    if (communaute.partage_parrain, communaute.partage_dsm) == (au_parrain, a_la_dsm):
        return communaute
    communaute.partage_parrain, communaute.partage_dsm = au_parrain, a_la_dsm
    communaute.save(update_fields=["partage_parrain", "partage_dsm"])
    details = {"parrain": au_parrain, "dsm": a_la_dsm}
    fait = consigner("cdp.communaute.partager", communaute, par=par, titre=titre.libelle, details=details)
    annoncer("partage_change", communaute, membres(communaute, sauf=par), fait.pk, urgent=False)
    return communaute
