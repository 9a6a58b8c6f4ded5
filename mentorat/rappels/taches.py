"""Les gestes que le mentorat attend d’une personne, pour la page « À faire ».

La pastille du menu les compte à chaque page : tout se lit en deux requêtes, quel que soit le nombre de dossiers (une de
plus pour qui reçoit les copies).
"""

import datetime
import operator
from collections import namedtuple
from functools import reduce

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse

from encadrement.acces.requetes import RequeteParPersonne
from encadrement.accueil.mesures import Tache
from encadrement.personnes.models import RoleAttribue
from encadrement.signatures.models import Signature
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.trajectoire.dessin import condition_attendue
from mentorat.droits import DROITS_ENTENTE
from mentorat.models import (
    Activite,
    Bilan,
    Cessation,
    Destinataire,
    Entente,
    EtatActivite,
    EtatEntente,
    EtatFiche,
    EtatObjectif,
    FicheMentor,
    Objectif,
    Sorte,
    Transmission,
)
from mentorat.rappels.echeances import delai_sans_rencontre
from mentorat.trajectoire import (
    TRAJECTOIRE_DEMANDE,
    TRAJECTOIRE_ENTENTE,
    TRAJECTOIRE_FICHE,
    TRAJECTOIRE_MESENTENTE,
    TRAJECTOIRE_PROLONGATION,
)

AVANT_LA_MI_TEMPS = datetime.timedelta(days=14)
AVANT_LA_FIN = datetime.timedelta(days=30)
AVANT_LA_CONFIRMATION = datetime.timedelta(days=30)
COPIES_MONTREES = 20


def taches(personne):
    """Rend tout ce que le mentorat attend de cette personne aujourd’hui."""
    jour = jour_local()
    return [*_des_ententes(personne, jour), *_des_autres_dossiers(personne, jour), *_des_copies(personne)]


def _tache(geste, dossier, nom, uuid, jour, *, echeance=None, **options):
    return Tache(
        geste=geste,
        dossier=dossier,
        url=reverse(f"mentorat:{nom}", args=[uuid]),
        echeance=echeance,
        retard=echeance is not None and echeance < jour,
        **options,
    )


# — Les ententes : ce que l’état attend, et ce que le calendrier appelle tant qu’elles sont actives


def _des_ententes(personne, jour):
    for entente in map(_LigneEntente._make, _ENTENTES.lignes(personne, jour)):
        if entente.etat == EtatEntente.ACTIVE:
            yield from _du_calendrier(entente, jour)
        else:
            yield _de_l_etat(entente, jour)


_LigneEntente = namedtuple(
    "_LigneEntente",
    (
        *("uuid", "numero", "etat", "depuis", "fin", "mi_temps_le", "sans_rencontre_depuis"),
        *("prenom", "nom", "autre_prenom", "autre_nom", "fin_consignee", "mi_temps_confirmee", "finale_ecrite"),
    ),
)


def _ententes(personne, jour):
    consignee = Exists(Cessation.objects.filter(entente=OuterRef("pk"), retiree=False, rencontre_le__isnull=False))
    finale = Bilan.objects.filter(entente=OuterRef("pk"), sorte=Sorte.FINAL)
    attendues = condition_attendue(
        personne,
        TRAJECTOIRE_ENTENTE,
        signer=~Exists(Signature.objects.filter(instantane=OuterRef("instantane"), personne=personne)),
        signer_finale=~Exists(finale.filter(instantane__signatures__personne=personne)),
        consigner_fin=~consignee,
        constater_fin=consignee,
    )
    miennes = Q(mentor=personne) | Q(mentore=personne)
    return (
        Entente.objects.filter(attendues | (Q(etat=EtatEntente.ACTIVE) & miennes))
        .order_by()
        .values_list(
            *_LigneEntente._fields[:7],
            *("mentor__prenom", "mentor__nom", "mentore__prenom", "mentore__nom"),
            consignee,
            _confirmee_par(personne),
            _ecrite(finale),
        )
    )


_ENTENTES = RequeteParPersonne(_ententes)


def _confirmee_par(personne):
    """La personne a confirmé la mi-temps ; reste l’autre."""
    bilans = Bilan.objects.filter(entente=OuterRef("pk"), sorte=Sorte.MI_TEMPS)
    comme_mentor = Q(entente__mentor=personne, confirme_mentor_le__isnull=False)
    return Exists(bilans.filter(comme_mentor | Q(entente__mentore=personne, confirme_mentore_le__isnull=False)))


def _ecrite(finale):
    """L’évaluation finale a ses trois zones et une couleur à chaque ligne : il ne reste qu’à la signer."""
    remplie = finale.exclude(forces="").exclude(cibles="").exclude(recommandations="")
    objectifs = Objectif.objects.filter(entente=OuterRef("pk"))
    activites = Activite.objects.filter(objectif__entente=OuterRef("pk"))
    colorie = EtatObjectif.objects.filter(objectif=OuterRef("pk"), bilan__sorte=Sorte.FINAL)
    coloriee = EtatActivite.objects.filter(activite=OuterRef("pk"), bilan__sorte=Sorte.FINAL)
    return Exists(remplie) & ~Exists(objectifs.filter(~Exists(colorie))) & ~Exists(activites.filter(~Exists(coloriee)))


def _nom(ligne):
    """Le nom d’une entente, celui que la rédaction des courriels et les pages lui donnent."""
    return f"Entente {ligne.numero} : {ligne.prenom} {ligne.nom} et {ligne.autre_prenom} {ligne.autre_nom}"


def _de_l_etat(entente, jour):
    code = _CODES[entente.etat]
    if entente.etat == EtatEntente.FIN_DEMANDEE and entente.fin_consignee:
        code = "constater_fin"
    transition = TRAJECTOIRE_ENTENTE[code]
    geste, nom, echeance = transition.libelle, f"entente_{code}", None
    if entente.etat == EtatEntente.BROUILLON:
        geste, nom = "Rédiger l’entente", "entente_modifier"
    elif entente.etat == EtatEntente.EN_EVALUATION:
        echeance = entente.fin
        if not entente.finale_ecrite:
            geste, nom = "Remplir l’évaluation finale", "entente_finale"
    return _tache(
        geste, _nom(entente), nom, entente.uuid, jour, echeance=echeance, depuis=entente.depuis, ton=transition.ton
    )


_CODES = {
    EtatEntente.BROUILLON: "soumettre",
    EtatEntente.A_SIGNER: "signer",
    EtatEntente.A_APPROUVER: "approuver",
    EtatEntente.EN_EVALUATION: "signer_finale",
    EtatEntente.A_CLORE: "clore",
    EtatEntente.FIN_DEMANDEE: "consigner_fin",
}


def _du_calendrier(entente, jour):
    """Le bilan de mi-temps, la fin qui approche, la rencontre à consigner."""
    dossier, uuid = _nom(entente), entente.uuid
    if entente.mi_temps_le is None:
        if entente.fin - AVANT_LA_FIN <= jour:
            yield _tache(
                "Entamer l’évaluation finale", dossier, "entente_entamer_finale", uuid, jour, echeance=entente.fin
            )
    elif entente.mi_temps_le - AVANT_LA_MI_TEMPS <= jour and not entente.mi_temps_confirmee:
        yield _tache(
            "Faire le bilan de mi-temps", dossier, "entente_mi_temps", uuid, jour, echeance=entente.mi_temps_le
        )
    if entente.sans_rencontre_depuis + delai_sans_rencontre() <= jour <= entente.fin:
        yield _tache("Consigner nos rencontres", dossier, "entente_journal", uuid, jour)


# — Les autres dossiers : de petites listes aux mêmes colonnes, réunies en une requête

_COLONNES = ("sorte", "uuid", "etat", "numero", "prenom", "nom", "autre_prenom", "autre_nom", "depuis", "jour")
_Ligne = namedtuple("_Ligne", _COLONNES)
_TEXTE = CharField()
_VIDE = Value("", output_field=_TEXTE)


def _autres_dossiers(personne, confirmee_avant):
    premiere, *autres = [
        _lignes("demande", _attendus(personne, TRAJECTOIRE_DEMANDE), qui="mentore"),
        _lignes("fiche", _attendus(personne, TRAJECTOIRE_FICHE), qui="personne"),
        _lignes("prolongation", _attendus(personne, TRAJECTOIRE_PROLONGATION), entente="entente__"),
        _lignes("mesentente", _attendus(personne, TRAJECTOIRE_MESENTENTE), entente="entente__"),
        _lignes(
            "inscription",
            FicheMentor.objects.filter(
                personne=personne,
                etat=EtatFiche.ACTIVE,
                confirmee_le__lte=confirmee_avant,
            ),
            qui="personne",
            jour=F("confirmee_le"),
        ),
    ]
    return premiere.union(*autres, all=True)


_AUTRES = RequeteParPersonne(_autres_dossiers)


def _des_autres_dossiers(personne, jour):
    # L’échéance se compte en mois : c’est un an avant qu’une inscription a été confirmée.
    confirmee_avant = ajouter_mois(jour + AVANT_LA_CONFIRMATION, -12)
    for ligne in map(_Ligne._make, _AUTRES.lignes(personne, confirmee_avant)):
        yield _LECTURES.get(ligne.sorte, _attendue)(ligne, jour)


def _attendus(personne, trajectoire):
    return trajectoire.modele.objects.filter(condition_attendue(personne, trajectoire))


def _lignes(sorte, objets, *, qui="", entente="", **colonnes):
    """Rend les dossiers en lignes de `_COLONNES` : l’entente et ses parties, ou la seule personne `qui`."""
    personnes = (f"{entente}mentor", f"{entente}mentore") if entente else (qui,)
    noms = [F(f"{chemin}__{champ}") for chemin in personnes for champ in ("prenom", "nom")]
    valeurs = {
        "c_sorte": Value(sorte, output_field=_TEXTE),
        "c_uuid": F("uuid"),
        "c_etat": colonnes.get("etat", F("etat")),
        "c_numero": F(f"{entente}numero") if entente else _VIDE,
        **dict(zip(("c_prenom", "c_nom", "c_autre_prenom", "c_autre_nom"), [*noms, _VIDE, _VIDE], strict=False)),
        "c_depuis": colonnes.get("depuis", F("depuis")),
        "c_jour": colonnes.get("jour", Cast(None, DateField())),
    }
    return objets.order_by().annotate(**valeurs).values_list(*valeurs)


_TRAJECTOIRES = {
    "demande": (TRAJECTOIRE_DEMANDE, "Demande de mentorat de {0.prenom} {0.nom}"),
    "fiche": (TRAJECTOIRE_FICHE, "Bottin des mentors, {0.prenom} {0.nom}"),
    "prolongation": (TRAJECTOIRE_PROLONGATION, "Prolongation, entente {0.numero}"),
    "mesentente": (TRAJECTOIRE_MESENTENTE, "Mésentente, entente {0.numero}"),
}


def _attendue(ligne, jour):
    trajectoire, dossier = _TRAJECTOIRES[ligne.sorte]
    transition = next(transition for transition in trajectoire.depuis(ligne.etat) if transition.attendue)
    return _tache(
        transition.libelle,
        dossier.format(ligne),
        f"{ligne.sorte}_{transition.code}",
        ligne.uuid,
        jour,
        depuis=ligne.depuis,
        ton=transition.ton,
    )


def _inscription(ligne, jour):
    return _tache(
        "Confirmer mon inscription au bottin",
        "Bottin des mentors",
        "fiche_confirmer",
        ligne.uuid,
        jour,
        echeance=ajouter_mois(ligne.jour, 12),
    )


_LECTURES = {"inscription": _inscription}


_RECUES_PAR = (
    (Destinataire.DSM, "recevoir_dsm", {RoleAttribue.APPR, RoleAttribue.DSM}),
    (Destinataire.DRHCAJ, "recevoir_drhcaj", {RoleAttribue.DRHCAJ}),
)


def _des_copies(personne):
    """Les copies transmises dont la DSM ou la DRHCAJ n’a pas encore accusé réception (R-070)."""
    attendues = [
        Q(destinataire=destinataire, entente__in=DROITS_ENTENTE.objets(personne, acte).order_by().values("pk"))
        for destinataire, acte, roles in _RECUES_PAR
        if roles & personne.roles_attribues
    ]
    if not attendues:
        return
    copies = Transmission.objects.filter(reduce(operator.or_, attendues), recue_le=None)
    for copie in copies.select_related("entente__mentor", "entente__mentore")[:COPIES_MONTREES]:
        yield Tache(
            geste="Accuser réception de la copie",
            dossier=str(copie.entente),
            url=copie.entente.get_absolute_url() + "#copies-titre",
            depuis=copie.envoyee_le,
        )
