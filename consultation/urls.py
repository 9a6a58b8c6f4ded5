"""La table des matières de la consultation d’experts : un verbe, une adresse."""

from django.urls import path
from django.views.generic import RedirectView

from consultation.views import (
    accueil,
    bottin,
    demandes,
    dsm,
    experts,
    identification,
    issues,
    plages,
    redaction,
    reglages,
    suivi,
    sujets,
)

# Les chiffres de la mesure ont déménagé au tableau de bord ; une adresse gardée y mène, avec son année.
VERS_LE_TABLEAU = RedirectView.as_view(pattern_name="indicateurs:mesure", query_string=True)

app_name = "consultation"
urlpatterns = [
    # — l’entrée de la mesure
    path("", accueil.accueil, name="accueil"),
    # — le bottin des experts
    path("bottin/", bottin.bottin, name="bottin"),
    path("bottin/candidatures/", bottin.candidatures, name="candidatures"),
    path("bottin/ma-fiche/", bottin.ma_fiche, name="ma_fiche"),
    path("bottin/identifier/", identification.identifier, name="expert_identifier"),
    path("bottin/<uuid:uuid>/", bottin.fiche, name="fiche"),
    path("bottin/<uuid:uuid>/modifier/", bottin.modifier, name="fiche_modifier"),
    path("bottin/<uuid:uuid>/soumettre/", bottin.soumettre, name="fiche_soumettre"),
    path("bottin/<uuid:uuid>/identifier/", bottin.identifier_de_nouveau, name="fiche_identifier"),
    path("bottin/<uuid:uuid>/completer/", bottin.completer, name="fiche_completer"),
    path("bottin/<uuid:uuid>/refuser/", bottin.refuser, name="fiche_refuser"),
    path("bottin/<uuid:uuid>/appuyer/", bottin.appuyer, name="fiche_appuyer"),
    path("bottin/<uuid:uuid>/ecarter/", bottin.ecarter, name="fiche_ecarter"),
    path("bottin/<uuid:uuid>/inscrire/", bottin.inscrire, name="fiche_inscrire"),
    path("bottin/<uuid:uuid>/confirmer/", bottin.confirmer, name="fiche_confirmer"),
    path("bottin/<uuid:uuid>/mettre-en-pause/", bottin.mettre_en_pause, name="fiche_mettre_en_pause"),
    path("bottin/<uuid:uuid>/reprendre/", bottin.reprendre, name="fiche_reprendre"),
    path("bottin/<uuid:uuid>/retirer/", bottin.retirer, name="fiche_retirer"),
    path("bottin/<uuid:uuid>/recommencer/", bottin.recommencer, name="fiche_recommencer"),
    # — les plages de disponibilité
    path("bottin/<uuid:uuid>/plages/", plages.plages, name="fiche_plages"),
    path("plages/<uuid:uuid>/retirer/", plages.retirer, name="plage_retirer"),
    # — la demande : recherches et discussion (annexe 12, échelons 1 et 2)
    path("demandes/", demandes.liste, name="demandes"),
    path("demandes/ouvrir/", demandes.ouvrir, name="demande_ouvrir"),
    path("demandes/<uuid:uuid>/", demandes.voir, name="demande"),
    path("demandes/<uuid:uuid>/modifier/", redaction.modifier, name="demande_modifier"),
    path("demandes/<uuid:uuid>/brouillon/", redaction.enregistrer_brouillon, name="demande_brouillon"),
    path("demandes/<uuid:uuid>/soumettre/", demandes.soumettre, name="demande_soumettre"),
    path("demandes/<uuid:uuid>/reprendre/", demandes.reprendre, name="demande_reprendre"),
    path("demandes/<uuid:uuid>/autoriser/", demandes.autoriser, name="demande_autoriser"),
    path(
        "demandes/<uuid:uuid>/juger-non-pertinente/", demandes.juger_non_pertinente, name="demande_juger_non_pertinente"
    ),
    path(
        "demandes/<uuid:uuid>/constater-discussion/", demandes.constater_discussion, name="demande_constater_discussion"
    ),
    path("demandes/<uuid:uuid>/retirer/", demandes.retirer, name="demande_retirer"),
    # — l’expert du CISSS (échelon 3)
    path("demandes/<uuid:uuid>/choisir-expert/", experts.choisir_expert, name="demande_choisir_expert"),
    path("demandes/<uuid:uuid>/changer-expert/", experts.changer_expert, name="demande_changer_expert"),
    path("demandes/<uuid:uuid>/accepter/", experts.accepter, name="demande_accepter"),
    path("demandes/<uuid:uuid>/decliner/", experts.decliner, name="demande_decliner"),
    path("demandes/<uuid:uuid>/proposer-moment/", experts.proposer_moment, name="demande_proposer_moment"),
    path("demandes/<uuid:uuid>/accepter-moment/", experts.accepter_moment, name="demande_accepter_moment"),
    path("demandes/<uuid:uuid>/refuser-moment/", experts.refuser_moment, name="demande_refuser_moment"),
    path("demandes/<uuid:uuid>/rendre-avis/", experts.rendre_avis, name="demande_rendre_avis"),
    path("demandes/<uuid:uuid>/rencontres/", experts.rencontres, name="demande_rencontres"),
    path("rencontres/<uuid:uuid>/retirer/", experts.retirer_rencontre, name="rencontre_retirer"),
    # — la fin d’une consultation
    path("demandes/<uuid:uuid>/fermer/", issues.fermer, name="demande_fermer"),
    path("demandes/<uuid:uuid>/poursuivre/", issues.poursuivre, name="demande_poursuivre"),
    # — la DSM et le RUISSS UL (échelons 4 à 6)
    path("demandes/<uuid:uuid>/demander-dsm/", dsm.demander_dsm, name="demande_demander_dsm"),
    path("demandes/<uuid:uuid>/constater-absence/", dsm.constater_absence, name="demande_constater_absence"),
    path("demandes/<uuid:uuid>/transmettre/", dsm.transmettre, name="demande_transmettre"),
    path("demandes/<uuid:uuid>/renvoyer/", dsm.renvoyer, name="demande_renvoyer"),
    path("demandes/<uuid:uuid>/analyser/", dsm.analyser, name="demande_analyser"),
    path("demandes/<uuid:uuid>/acheminer/", dsm.acheminer, name="demande_acheminer"),
    path("demandes/<uuid:uuid>/reorienter-expert/", dsm.reorienter_expert, name="demande_reorienter_expert"),
    path("demandes/<uuid:uuid>/reorienter-comite/", dsm.reorienter_comite, name="demande_reorienter_comite"),
    path("demandes/<uuid:uuid>/etablir-contact/", dsm.etablir_contact, name="demande_etablir_contact"),
    path(
        "demandes/<uuid:uuid>/constater-sans-reponse/",
        dsm.constater_sans_reponse,
        name="demande_constater_sans_reponse",
    ),
    path("demandes/<uuid:uuid>/clore/", dsm.clore, name="demande_clore"),
    path("communications/", dsm.communications, name="communications"),
    # — le tableau de suivi (annexe 13)
    path("suivi/", suivi.tableau, name="suivi"),
    path("suivi/exporter/", suivi.exporter, name="suivi_exporter"),
    path("suivi/pdf/", suivi.pdf, name="suivi_pdf"),
    path("suivi/ajouter/", suivi.ajouter, name="ligne_ajouter"),
    path("suivi/<uuid:uuid>/modifier/", suivi.modifier, name="ligne_modifier"),
    path("suivi/<uuid:uuid>/retirer/", suivi.retirer, name="ligne_retirer"),
    path("suivi/mon-bilan/", suivi.mon_bilan, name="mon_bilan"),
    # — les sujets, et les besoins de formation
    path("sujets/", sujets.liste, name="sujets"),
    path("sujets/exporter/", sujets.exporter, name="sujets_exporter"),
    path("sujets/ajouter/", sujets.ajouter, name="sujet_ajouter"),
    path("sujets/<uuid:uuid>/fusionner/", sujets.fusionner, name="sujet_fusionner"),
    path("sujets/<uuid:uuid>/retirer/", sujets.retirer, name="sujet_retirer"),
    # — le matériel des experts et les réglages des directions
    path("materiel/", reglages.materiel, name="materiel"),
    path("materiel/deposer/", reglages.deposer, name="materiel_deposer"),
    path("materiel/<uuid:uuid>/", reglages.telecharger, name="materiel_telecharger"),
    path("materiel/<uuid:uuid>/retirer/", reglages.retirer, name="materiel_retirer"),
    path("reglages/", reglages.reglages, name="reglages"),
    path("reglages/<int:pk>/", reglages.regler, name="reglage_modifier"),
    # — les chiffres de la mesure
    path("chiffres/", VERS_LE_TABLEAU, {"mesure": "consultation"}, name="chiffres"),
]
