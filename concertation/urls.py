"""La table des matières du comité de concertation : un verbe, une adresse."""

from django.urls import path
from django.views.generic import RedirectView

from concertation.views import (
    accueil,
    analyses,
    comite,
    convocations,
    impasses,
    orientations,
    plans,
    protection,
    redaction,
    situations,
    zone,
)

# Les chiffres de la mesure ont déménagé au tableau de bord ; une adresse gardée y mène, avec son année.
VERS_LE_TABLEAU = RedirectView.as_view(pattern_name="indicateurs:mesure", query_string=True)

app_name = "concertation"
urlpatterns = [
    # — l’entrée de la mesure
    path("", accueil.accueil, name="accueil"),
    # — les chiffres de la mesure
    path("chiffres/", VERS_LE_TABLEAU, {"mesure": "concertation"}, name="chiffres"),
    # — la demande, jusqu’à la recevabilité (annexe 14)
    path("situations/", situations.liste, name="situations"),
    path("situations/ouvrir/", situations.ouvrir, name="situation_ouvrir"),
    path("situations/reprendre/<uuid:uuid>/", situations.ouvrir_depuis, name="situation_reprendre"),
    path("situations/<uuid:uuid>/", situations.voir, name="situation"),
    path("situations/<uuid:uuid>/modifier/", redaction.modifier, name="situation_modifier"),
    path("situations/<uuid:uuid>/brouillon/", redaction.enregistrer_brouillon, name="situation_brouillon"),
    path("situations/<uuid:uuid>/declarer/", protection.declarer, name="situation_declarer"),
    path("situations/<uuid:uuid>/soumettre/", situations.soumettre, name="situation_soumettre"),
    path("situations/<uuid:uuid>/attester/", situations.attester, name="situation_attester"),
    path("situations/<uuid:uuid>/renvoyer/", situations.renvoyer, name="situation_renvoyer"),
    path(
        "situations/<uuid:uuid>/demander-precisions/",
        situations.demander_precisions,
        name="situation_demander_precisions",
    ),
    path("situations/<uuid:uuid>/recevoir/", situations.recevoir, name="situation_recevoir"),
    path("situations/<uuid:uuid>/reorienter/", situations.reorienter, name="situation_reorienter"),
    path("situations/<uuid:uuid>/retirer/", situations.retirer, name="situation_retirer"),
    # — l’inscription à une rencontre et les gens conviés
    path("situations/<uuid:uuid>/inscrire/", convocations.inscrire, name="situation_inscrire"),
    path("situations/<uuid:uuid>/desinscrire/", convocations.desinscrire, name="situation_desinscrire"),
    path("situations/<uuid:uuid>/reporter/", convocations.reporter, name="situation_reporter"),
    path("situations/<uuid:uuid>/conviees/", convocations.conviees, name="situation_conviees"),
    path("participations/<uuid:uuid>/retirer/", convocations.retirer, name="participation_retirer"),
    path("participations/<uuid:uuid>/prolonger/", convocations.prolonger, name="participation_prolonger"),
    # — la discussion, le plan de concertation, la fermeture
    path("situations/<uuid:uuid>/presenter/", plans.presenter, name="situation_presenter"),
    path("situations/<uuid:uuid>/etablir-plan/", plans.etablir_plan, name="situation_etablir_plan"),
    path("situations/<uuid:uuid>/representer/", plans.representer, name="situation_representer"),
    path("situations/<uuid:uuid>/fermer/", plans.fermer, name="situation_fermer"),
    path("situations/<uuid:uuid>/plan/", plans.plan, name="situation_plan"),
    path("situations/<uuid:uuid>/plan/pdf/", plans.plan_pdf, name="situation_plan_pdf"),
    path("situations/<uuid:uuid>/plan/brouillon/", plans.enregistrer_brouillon, name="situation_plan_brouillon"),
    path("situations/<uuid:uuid>/orientations/ajouter/", plans.ajouter_orientation, name="orientation_ajouter"),
    # — le suivi des orientations
    path("orientations/", orientations.liste, name="orientations"),
    path("orientations/<uuid:uuid>/", orientations.voir, name="orientation"),
    path("orientations/<uuid:uuid>/modifier/", orientations.modifier, name="orientation_modifier"),
    path("orientations/<uuid:uuid>/commencer/", orientations.commencer, name="orientation_commencer"),
    path("orientations/<uuid:uuid>/appliquer/", orientations.appliquer, name="orientation_appliquer"),
    path(
        "orientations/<uuid:uuid>/ne-pas-appliquer/", orientations.ne_pas_appliquer, name="orientation_ne_pas_appliquer"
    ),
    path("orientations/<uuid:uuid>/reporter/", orientations.reporter, name="orientation_reporter"),
    path("orientations/<uuid:uuid>/reprendre/", orientations.reprendre, name="orientation_reprendre"),
    # — ce qui protège : exclusions, lectures, exceptions, conservation
    path("situations/<uuid:uuid>/exclusions/", protection.exclusions, name="situation_exclusions"),
    path("exclusions/<uuid:uuid>/lever/", protection.lever, name="exclusion_lever"),
    path("situations/<uuid:uuid>/lectures/", protection.lectures, name="situation_lectures"),
    path("situations/<uuid:uuid>/lectures/exporter/", protection.exporter_lectures, name="situation_lectures_exporter"),
    path("exceptions/", protection.exceptions, name="exceptions"),
    path("exceptions/demander/", protection.demander, name="exception_demander"),
    path("exceptions/<uuid:uuid>/approuver/", protection.approuver, name="exception_approuver"),
    path("zone/reprendre/", zone.reprendre, name="zone_reprendre"),
    path("conservation/", protection.conservation, name="conservation"),
    path("situations/<uuid:uuid>/detruire/", protection.detruire, name="situation_detruire"),
    # — l’analyse mensuelle des accès
    path("analyses/", analyses.liste, name="analyses"),
    path("analyses/<uuid:uuid>/", analyses.voir, name="analyse"),
    path("analyses/<uuid:uuid>/signer/", analyses.signer, name="analyse_signer"),
    path("constats/<uuid:uuid>/", analyses.constat, name="constat"),
    # — le comité : représentants et calendrier
    path("comite/", comite.comite, name="comite"),
    path("comite/nommer/", comite.nommer, name="nomination_nommer"),
    path("nominations/<uuid:uuid>/accepter/", comite.accepter, name="nomination_accepter"),
    path("nominations/<uuid:uuid>/terminer/", comite.terminer, name="nomination_terminer"),
    path("rencontres/planifier/", comite.planifier, name="rencontre_planifier"),
    path("rencontres/<uuid:uuid>/", comite.rencontre, name="rencontre"),
    path("rencontres/<uuid:uuid>/convoquer/", comite.convoquer, name="rencontre_convoquer"),
    path("rencontres/<uuid:uuid>/deplacer/", comite.deplacer, name="rencontre_deplacer"),
    path("rencontres/<uuid:uuid>/tenir/", comite.tenir, name="rencontre_tenir"),
    path("rencontres/<uuid:uuid>/annuler/", comite.annuler, name="rencontre_annuler"),
    # — les impasses récurrentes
    path("impasses/", impasses.liste, name="impasses"),
    path("impasses/ouvrir/", impasses.ouvrir, name="impasse_ouvrir"),
    path("impasses/<uuid:uuid>/", impasses.voir, name="impasse"),
    path("impasses/<uuid:uuid>/modifier/", impasses.modifier, name="impasse_modifier"),
    path("situations/<uuid:uuid>/themes/", impasses.classer, name="situation_classer"),
    path("themes/", impasses.themes, name="themes"),
    path("impasses/<uuid:uuid>/entamer/", impasses.entamer, name="impasse_entamer"),
    path("impasses/<uuid:uuid>/resoudre/", impasses.resoudre, name="impasse_resoudre"),
    path("impasses/<uuid:uuid>/abandonner/", impasses.abandonner, name="impasse_abandonner"),
    path("impasses/<uuid:uuid>/rouvrir/", impasses.rouvrir, name="impasse_rouvrir"),
]
