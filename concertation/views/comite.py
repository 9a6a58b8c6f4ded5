"""Le comité : ses représentants, son calendrier, ses rencontres et leur ordre du jour par codes (R-216 à R-223, R-234, R-235)."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from concertation.actions import comite as actions
from concertation.actions.convocations import representants_prevus
from concertation.droits import DROITS_NOMINATION, DROITS_RENCONTRE, DROITS_SITUATION, EXCLU
from concertation.forms.comite import (
    FIN_HABITUELLE,
    HEURE_HABITUELLE,
    AnnulerForm,
    DeplacerForm,
    NommerForm,
    PlanifierForm,
    TenirForm,
)
from concertation.models import EtatComite, Nomination, RencontreComite, SituationComplexe, TitreConvie
from concertation.trajectoire import COMITE
from concertation.views.accueil import rencontres_a_venir
from concertation.views.convocations import lecteurs
from concertation.views.zone import en_zone
from encadrement.cadre.ressources import ressource
from encadrement.personnes.models import Attribution, Direction, Personne, RoleAttribue, SorteDirection
from encadrement.rencontres.forms import apercu_des_dates
from encadrement.rencontres.horaire import horodater
from encadrement.rencontres.models import Mode
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from encadrement.trajectoire.views import donnees, page_de_saisie, page_du_verbe

PASSEES = 12
COMITE_URL = "concertation:comite"


# — Le comité et ses représentants


@require_safe
def comite(request):
    """Qui coordonne, qui représente chaque direction, quand le comité se réunit et jusqu’à quand déposer (R-216, R-221)."""
    personne = request.user
    passees = RencontreComite.objects.exclude(pk__in=rencontres_a_venir().values("pk")).order_by("-debut", "-pk")
    contexte = {
        "coordonnateurs": _coordonnateurs(),
        "directions": _directions(personne),
        "peut_nommer": bool(_a_nommer(personne)),
        "a_venir": rencontres_a_venir(),
        "passees": passees[:PASSEES],
        "planifie": DROITS_RENCONTRE.peut(personne, "planifier", None),
        "ressources": [ressource(code) for code in ("roles-concertation", "discussion-cas")],
    }
    return render(request, "concertation/comite.html", contexte)


def _coordonnateurs():
    en_vigueur = Attribution.objects.en_vigueur().filter(role=RoleAttribue.COORDONNATEUR)
    return Personne.objects.actives().filter(pk__in=en_vigueur.values("personne")).avec_poste()


def _directions(personne):
    """Rend chaque direction clinique, et toute autre qui a une nomination, avec ses nominations à jour ou à venir."""
    nominations = Nomination.objects.filter(personne__is_active=True).select_related(
        "personne", "proposee_par", "direction__directeur"
    )
    par_direction = {}
    for nomination in nominations:
        if nomination.fin is None or nomination.fin >= jour_local():
            nomination.permis = DROITS_NOMINATION.permis(personne, nomination)
            par_direction.setdefault(nomination.direction_id, []).append(nomination)
    directions = Direction.objects.order_by("nom")
    return [
        (direction, par_direction.get(direction.pk, []))
        for direction in directions
        if direction.sorte == SorteDirection.CLINIQUE or direction.pk in par_direction
    ]


def _a_nommer(personne):
    """Rend les directions pour qui cette personne peut nommer quelqu’un."""
    return [
        direction.pk
        for direction in Direction.objects.select_related("directeur")
        if DROITS_NOMINATION.peut(personne, "nommer", Nomination(direction=direction, personne=personne))
    ]


@require_http_methods(["GET", "POST"])
def nommer(request):
    """Nommer le représentant d’une direction, ou son substitut ; une seconde personne l’accepte (R-217, R-239, N-12)."""
    permises = _a_nommer(request.user)
    if not permises:
        # Personne d’autre n’en nomme : la phrase dit à qui cela revient.
        DROITS_NOMINATION.exiger(request.user, "nommer", Nomination(direction=Direction(), personne=request.user))
    directions = Direction.objects.filter(pk__in=permises).order_by("sorte", "nom")
    form = NommerForm(donnees(request), directions=directions)
    return page_de_saisie(
        request,
        "concertation/nommer.html",
        form,
        agir=lambda: actions.nommer_representant(par=request.user, **form.saisi),
        succes="La nomination est proposée\xa0: elle vaudra une fois acceptée par la DSM.",
        retour=reverse(COMITE_URL),
        contexte=dict,
    )


def _acte_sur_la_nomination(request, uuid, acte, agir, succes, gabarit):
    nomination = DROITS_NOMINATION.trouver(request.user, uuid=uuid)
    DROITS_NOMINATION.exiger(request.user, acte, nomination)
    refus, statut = [], 200
    if request.method == "POST":
        try:
            agir(nomination, par=request.user)
        except ErreurMetier as erreur:
            refus, statut = [erreur], 409
        else:
            messages.success(request, succes)
            return redirect(COMITE_URL)
    return render(request, gabarit, {"nomination": nomination, "refus": refus}, status=statut)


@require_http_methods(["GET", "POST"])
def accepter(request, uuid):
    """La DSM accepte la nomination ; ni la personne nommée, ni celle qui l’a nommée (N-12)."""
    return _acte_sur_la_nomination(
        request,
        uuid,
        "approuver",
        actions.accepter_nomination,
        "La nomination est acceptée.",
        "concertation/nomination_accepter.html",
    )


@require_http_methods(["GET", "POST"])
def terminer(request, uuid):
    """Mettre fin à la nomination : la personne n’est plus conviée d’office dès la requête suivante."""
    return _acte_sur_la_nomination(
        request,
        uuid,
        "terminer",
        actions.terminer_nomination,
        "La nomination a pris fin.",
        "concertation/nomination_terminer.html",
    )


# — Le calendrier


@require_http_methods(["GET", "POST"])
def planifier(request):
    """Une rencontre par mois, de trois heures, ou une de plus ; chaque date se voit avant de confirmer (R-221 à R-223)."""
    DROITS_RENCONTRE.exiger(request.user, "planifier", None)
    initial = {"mode": Mode.VIRTUELLE, "heure_debut": HEURE_HABITUELLE, "heure_fin": FIN_HABITUELLE}
    form = PlanifierForm(donnees(request), initial=initial)
    refus, apercu, statut = [], None, 200
    if form.is_valid():
        apercu = _apercu(form, request.POST)
        if request.POST.get("geste") == "confirmer" and not apercu["a_change"]:
            try:
                return _confirmer(request, form, apercu["retenus"])
            except ErreurMetier as erreur:
                refus, statut = [erreur], 409
    contexte = {"form": form, "apercu": apercu, "refus": refus}
    return render(request, "concertation/rencontre_planifier.html", contexte, status=statut)


def _apercu(form, envoi):
    actives = RencontreComite.objects.exclude(etat=EtatComite.ANNULEE)
    debuts = [creneau.debut for creneau in form.dates.creneaux]
    apercu = apercu_des_dates(form, envoi, set(actives.filter(debut__in=debuts).values_list("debut", flat=True)))
    for ligne in apercu["lignes"]:
        ligne["cochee"] = ligne["cochee"] and not ligne["passee"]
        ligne["depot_le"] = actions.depot_par_defaut(ligne["creneau"].debut)
    apercu["retenus"] = [ligne["creneau"] for ligne in apercu["lignes"] if ligne["cochee"]]
    return apercu


def _confirmer(request, form, retenus):
    if not retenus:
        raise ErreurMetier("Cochez au moins une date à venir\xa0: aucune rencontre n’est planifiée.")
    rencontres = actions.planifier_rencontres(
        retenus, par=request.user, est_supplementaire=form.est_supplementaire, **form.communs
    )
    pluriel = len(rencontres) > 1
    messages.success(
        request,
        f"{len(rencontres)} rencontres sont planifiées." if pluriel else "La rencontre est planifiée.",
    )
    return redirect(COMITE_URL) if pluriel else redirect(rencontres[0])


# — La rencontre


@require_safe
@en_zone
def rencontre(request, uuid):
    """La rencontre : quand, où, jusqu’à quand déposer, et l’ordre du jour par codes à qui le peut (D17)."""
    trouvee = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    permis = DROITS_RENCONTRE.permis(request.user, trouvee)
    lignes = _ordre_du_jour(trouvee, request.user, permis)
    est_conviee = trouvee.participations.ouvertes().filter(personne=request.user).exists()
    contexte = {
        "rencontre": trouvee,
        "permis": permis,
        "lignes": lignes,
        "horaire": _horaire(trouvee, lignes) if "convoquer" in permis else None,
        "est_conviee": est_conviee,
        "voit_le_lien": est_conviee or "voir_ordre_du_jour" in permis,
        "presences": _presences(trouvee, lignes) if "tenir" in permis else (),
        "ressources": [ressource(code) for code in ("discussion-cas", "roles-concertation")],
    }
    return render(request, "concertation/rencontre.html", contexte)


def _ordre_du_jour(rencontre, personne, permis):
    """Rend les inscriptions que la personne peut connaître, dans l’ordre ; une situation d’où elle est exclue n’existe pas."""
    inscriptions = rencontre.inscriptions.filter(reportee=False).select_related("situation")
    visibles = set(
        DROITS_SITUATION.objets(personne).filter(inscriptions__rencontre=rencontre).values_list("pk", flat=True)
    )
    if "voir_ordre_du_jour" in permis:
        cachees = SituationComplexe.objects.filter(EXCLU.objets(personne, SituationComplexe))
        inscriptions = inscriptions.exclude(situation__in=cachees)
    else:
        inscriptions = inscriptions.filter(situation__in=visibles)
    lignes = list(inscriptions)
    for ligne in lignes:
        ligne.s_ouvre = ligne.situation_id in visibles
    return lignes


def _horaire(rencontre, lignes):
    return horodater(rencontre.debut, lignes, fin=rencontre.fin)


def _participations(rencontre, lignes):
    """Rend les personnes conviées aux situations de ces lignes, à cette rencontre."""
    situations = [ligne.situation_id for ligne in lignes if ligne.s_ouvre]
    conviees = rencontre.participations.filter(retiree=False, situation__in=situations)
    return conviees.select_related("personne", "situation", "direction").order_by("situation__numero", "titre", "pk")


def _presences(rencontre, lignes):
    return _participations(rencontre, lignes) if rencontre.etat == EtatComite.TENUE else ()


def _verbe(code, agir, succes, *, form_class=None, contexte=None):
    @require_http_methods(["GET", "POST"])
    @en_zone
    def vue(request, uuid):
        trouvee = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
        options = {"form_class": form_class(request, trouvee)} if form_class else {}
        return page_du_verbe(
            request,
            trouvee,
            COMITE[code],
            agir=lambda **saisi: agir(trouvee, par=request.user, **saisi),
            succes=succes,
            gabarit=f"concertation/rencontre_{code}.html",
            contexte=lambda: {"rencontre": trouvee, **(contexte(request, trouvee) if contexte else {})},
            **options,
        )

    return vue


def _a_convoquer(request, rencontre):
    """Rend, pour chaque situation, qui pourra lire et les directions que personne ne représente (R-250)."""
    lignes = _ordre_du_jour(rencontre, request.user, DROITS_RENCONTRE.permis(request.user, rencontre))
    situations = [
        {
            "situation": ligne.situation,
            "lecteurs": lecteurs(ligne.situation),
            "sans_representant": _sans_representant(rencontre, ligne.situation),
        }
        for ligne in lignes
        if ligne.s_ouvre
    ]
    distincts = {personne.pk for ligne in situations for personne, _ in ligne["lecteurs"]}
    return {"situations": situations, "nombre": len(distincts)}


def _sans_representant(rencontre, situation):
    conviees = rencontre.participations.filter(situation=situation, retiree=False, titre=TitreConvie.REPRESENTANT)
    representees = set(conviees.values_list("direction_id", flat=True))
    return [
        direction
        for direction, _ in representants_prevus(situation, rencontre.jour)
        if direction.pk not in representees
    ]


convoquer = _verbe(
    "convoquer",
    actions.convoquer_rencontre,
    "La rencontre est convoquée\xa0: chacun lit les situations où il est convié, et celles-là seulement.",
    contexte=_a_convoquer,
)
annuler = _verbe(
    "annuler",
    actions.annuler_rencontre,
    "La rencontre est annulée\xa0: ses situations sont à inscrire ailleurs.",
    form_class=lambda *_: AnnulerForm,
)


def _form_de_presences(request, rencontre):
    lignes = _ordre_du_jour(rencontre, request.user, DROITS_RENCONTRE.permis(request.user, rencontre))
    return partial(TenirForm, participations=_participations(rencontre, lignes))


tenir = _verbe(
    "tenir",
    actions.tenir_rencontre,
    "La rencontre a eu lieu\xa0: notez chaque situation présentée et établissez son plan.",
    form_class=_form_de_presences,
)


@require_http_methods(["GET", "POST"])
@en_zone
def deplacer(request, uuid):
    """Changer la date, le mode, le lieu ou le dernier jour pour déposer ; convoquée, les agendas suivent (R-221)."""
    trouvee = DROITS_RENCONTRE.trouver(request.user, uuid=uuid)
    debut, fin = timezone.localtime(trouvee.debut), timezone.localtime(trouvee.fin)
    return page_du_verbe(
        request,
        trouvee,
        COMITE["deplacer"],
        agir=lambda **saisi: actions.deplacer_rencontre(trouvee, par=request.user, **saisi),
        succes="La rencontre est changée.",
        form_class=DeplacerForm,
        gabarit="concertation/rencontre_deplacer.html",
        contexte={"rencontre": trouvee},
        initial={
            "jour": debut.date(),
            "heure_debut": debut.time(),
            "heure_fin": fin.time(),
            "mode": trouvee.mode,
            "lieu": trouvee.lieu,
            "lien": trouvee.lien,
            "depot_le": trouvee.depot_le,
        },
    )
