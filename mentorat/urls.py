"""La table des matières du mentorat : un verbe, une adresse."""

from django.urls import path
from django.views.generic import RedirectView

from mentorat.views import (
    accueil,
    bilans,
    bottin,
    demandes,
    ententes,
    fin,
    jumelages,
    mesententes,
    redaction,
    suivi,
)

# Les chiffres de la mesure ont déménagé au tableau de bord ; une adresse gardée y mène, avec son année.
VERS_LE_TABLEAU = RedirectView.as_view(pattern_name="indicateurs:mesure", query_string=True)

app_name = "mentorat"
urlpatterns = [
    path("", accueil.accueil, name="accueil"),
    path("chiffres/", VERS_LE_TABLEAU, {"mesure": "mentorat"}, name="chiffres"),
    # — le bottin des mentors et la fiche de chacun
    path("bottin/", bottin.bottin, name="bottin"),
    path("candidatures/", bottin.candidatures, name="candidatures"),
    path("ma-fiche/", bottin.ma_fiche, name="ma_fiche"),
    path("fiches/<uuid:uuid>/", bottin.fiche, name="fiche"),
    path("fiches/<uuid:uuid>/modifier/", bottin.modifier, name="fiche_modifier"),
    path("fiches/<uuid:uuid>/soumettre/", bottin.soumettre, name="fiche_soumettre"),
    path("fiches/<uuid:uuid>/recommander/", bottin.recommander, name="fiche_recommander"),
    path("fiches/<uuid:uuid>/decliner/", bottin.decliner, name="fiche_decliner"),
    path("fiches/<uuid:uuid>/inscrire/", bottin.inscrire, name="fiche_inscrire"),
    path("fiches/<uuid:uuid>/ecarter/", bottin.ecarter, name="fiche_ecarter"),
    path("fiches/<uuid:uuid>/former/", bottin.former, name="fiche_former"),
    path("fiches/<uuid:uuid>/confirmer/", bottin.confirmer, name="fiche_confirmer"),
    path("fiches/<uuid:uuid>/mettre-en-pause/", bottin.mettre_en_pause, name="fiche_mettre_en_pause"),
    path("fiches/<uuid:uuid>/reprendre/", bottin.reprendre, name="fiche_reprendre"),
    path("fiches/<uuid:uuid>/retirer/", bottin.retirer, name="fiche_retirer"),
    path("fiches/<uuid:uuid>/recommencer/", bottin.recommencer, name="fiche_recommencer"),
    # — la demande, du besoin au jumelage
    path("demandes/", demandes.liste, name="demandes"),
    path("demandes/ouvrir/", demandes.ouvrir, name="demande_ouvrir"),
    path("demandes/designer/", demandes.designer, name="demande_designer"),
    path("demandes/<uuid:uuid>/", demandes.voir, name="demande"),
    path("demandes/<uuid:uuid>/modifier/", demandes.modifier, name="demande_modifier"),
    path("demandes/<uuid:uuid>/soumettre/", demandes.soumettre, name="demande_soumettre"),
    path("demandes/<uuid:uuid>/accepter/", demandes.accepter, name="demande_accepter"),
    path("demandes/<uuid:uuid>/refuser/", demandes.refuser, name="demande_refuser"),
    path("demandes/<uuid:uuid>/retirer/", demandes.retirer, name="demande_retirer"),
    path("demandes/<uuid:uuid>/suggerer/", jumelages.suggerer, name="demande_suggerer"),
    path("demandes/<uuid:uuid>/proposer/", jumelages.proposer, name="demande_proposer"),
    path("demandes/<uuid:uuid>/accepter-jumelage/", jumelages.accepter_jumelage, name="demande_accepter_jumelage"),
    path("demandes/<uuid:uuid>/decliner-jumelage/", jumelages.decliner_jumelage, name="demande_decliner_jumelage"),
    # — l’entente : rédiger, signer, approuver
    path("ententes/", ententes.liste, name="ententes"),
    path("liberations/", ententes.liberations, name="liberations"),
    path("ententes/<uuid:uuid>/", ententes.voir, name="entente"),
    path("ententes/<uuid:uuid>/modifier/", redaction.modifier, name="entente_modifier"),
    path("ententes/<uuid:uuid>/brouillon/", redaction.enregistrer_brouillon, name="entente_brouillon"),
    path("ententes/<uuid:uuid>/soumettre/", ententes.soumettre, name="entente_soumettre"),
    path("ententes/<uuid:uuid>/rouvrir/", ententes.rouvrir, name="entente_rouvrir"),
    path("ententes/<uuid:uuid>/signer/", ententes.signer, name="entente_signer"),
    path("ententes/<uuid:uuid>/approuver/", ententes.approuver, name="entente_approuver"),
    path("ententes/<uuid:uuid>/renvoyer/", ententes.renvoyer, name="entente_renvoyer"),
    path("ententes/<uuid:uuid>/refuser/", ententes.refuser, name="entente_refuser"),
    path("ententes/<uuid:uuid>/abandonner/", ententes.abandonner, name="entente_abandonner"),
    path("ententes/<uuid:uuid>/conditions/", ententes.confirmer_conditions, name="entente_confirmer_conditions"),
    path("ententes/<uuid:uuid>/liberation/", ententes.liberation, name="entente_liberation"),
    path(
        "ententes/<uuid:uuid>/copies/<int:rang>/recevoir/", ententes.accuser_reception, name="entente_accuser_reception"
    ),
    # — le déroulement : rencontres, notes, suivi au gestionnaire, mésentente
    path("ententes/<uuid:uuid>/journal/", suivi.journal, name="entente_journal"),
    path("rencontres/<uuid:uuid>/corriger/", suivi.rencontre_corriger, name="rencontre_corriger"),
    path("rencontres/<uuid:uuid>/retirer/", suivi.rencontre_retirer, name="rencontre_retirer"),
    path("ententes/<uuid:uuid>/notes/", suivi.notes, name="entente_notes"),
    path("notes/<uuid:uuid>/modifier/", suivi.note_modifier, name="note_modifier"),
    path("notes/<uuid:uuid>/retirer/", suivi.note_retirer, name="note_retirer"),
    path("ententes/<uuid:uuid>/suivi/", suivi.suivi, name="entente_suivi"),
    path("ententes/<uuid:uuid>/mesentente/", mesententes.signaler, name="mesentente_signaler"),
    path("mesententes/<uuid:uuid>/", mesententes.voir, name="mesentente"),
    path(
        "mesententes/<uuid:uuid>/prendre-en-charge/",
        mesententes.prendre_en_charge,
        name="mesentente_prendre_en_charge",
    ),
    path("mesententes/<uuid:uuid>/regler/", mesententes.regler, name="mesentente_regler"),
    # — les bilans : mi-temps, évaluation finale, clôture
    path("ententes/<uuid:uuid>/mi-temps/", bilans.mi_temps, name="entente_mi_temps"),
    path("ententes/<uuid:uuid>/mi-temps/brouillon/", bilans.mi_temps_brouillon, name="entente_mi_temps_brouillon"),
    path("ententes/<uuid:uuid>/mi-temps/confirmer/", bilans.confirmer_mi_temps, name="entente_confirmer_mi_temps"),
    path("ententes/<uuid:uuid>/finale/entamer/", bilans.entamer_finale, name="entente_entamer_finale"),
    path("ententes/<uuid:uuid>/finale/", bilans.finale, name="entente_finale"),
    path("ententes/<uuid:uuid>/finale/brouillon/", bilans.finale_brouillon, name="entente_finale_brouillon"),
    path("ententes/<uuid:uuid>/finale/signer/", bilans.signer_finale, name="entente_signer_finale"),
    path("ententes/<uuid:uuid>/finale/renvoyer/", bilans.renvoyer_finale, name="entente_renvoyer_finale"),
    path("ententes/<uuid:uuid>/clore/", bilans.clore, name="entente_clore"),
    # — prolonger, mettre fin, attester les heures
    path("ententes/<uuid:uuid>/prolongation/", fin.demander_prolongation, name="entente_demander_prolongation"),
    path("prolongations/<uuid:uuid>/", fin.prolongation, name="prolongation"),
    path("prolongations/<uuid:uuid>/accorder/", fin.accorder_prolongation, name="prolongation_accorder"),
    path("prolongations/<uuid:uuid>/refuser/", fin.refuser_prolongation, name="prolongation_refuser"),
    path("ententes/<uuid:uuid>/fin/", fin.fin, name="entente_fin"),
    path("ententes/<uuid:uuid>/fin/demander/", fin.demander_fin, name="entente_demander_fin"),
    path("ententes/<uuid:uuid>/fin/retirer/", fin.retirer_fin, name="entente_retirer_fin"),
    path("ententes/<uuid:uuid>/fin/rencontre/", fin.consigner_fin, name="entente_consigner_fin"),
    path("ententes/<uuid:uuid>/fin/constater/", fin.constater_fin, name="entente_constater_fin"),
    path("ententes/<uuid:uuid>/heures/", fin.attester_heures, name="entente_attester_heures"),
]
