"""Des dossiers de mentorat amenés à l’état voulu par les vraies actions : jamais un état forgé.

Les contenus viennent des formulaires d’exemple (ergothérapie, nouveau service) ; `d` est la distribution.
"""

import datetime

from encadrement.signatures.actions import Confirmation
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.sondages.actions import repondre
from encadrement.sondages.models import Invitation
from mentorat.actions import bilans, bottin, demandes, ententes, fin, suivi
from mentorat.models import Bilan, Caracteristique, DemandeMentorat, Entente, FicheMentor, Qualite, Sorte

ENGAGEMENT = "Nous convenons de respecter les règles d’éthique du mentorat."
CONFIRMATION = Confirmation(adresse="127.0.0.1", engagement=ENGAGEMENT)

OBJECTIFS = (
    (
        "D’ici le 15 mars, réaliser de façon autonome l’évaluation complète d’une personne à risque de chute à "
        "domicile (OEMC + PACE), selon le guide du programme, sans correction majeure à la relecture.",
        (
            "Observer 2 évaluations conjointes; en mener 2 sous supervision",
            "Rédiger 1 rapport relu par le mentor",
        ),
    ),
    (
        "Connaître et appliquer les critères d’attribution des aides techniques (SIMAF, SAAQ, RAMQ, ACC) pour "
        "5 demandes d’ici la mi-temps.",
        ("Monter un aide-mémoire d’une page", "Réviser 5 demandes fictives; discussion de cas (1 h)"),
    ),
    (
        "Se sentir à l’aise d’aborder le consentement et l’aptitude avec la famille (auto-évaluation de 4/10 à 7/10).",
        ('Jeu de rôle; lecture : "Inaptitude & protection"', "Accompagner le mentor à une rencontre familiale"),
    ),
)

CHEMIN = ("brouillon", "a_signer", "a_approuver", "active", "en_evaluation", "a_clore", "close")


def fiche_en_redaction(d, personne=None):
    """Une candidature complète, pas encore soumise."""
    fiche = bottin.ouvrir_fiche(par=personne or d.mentor)
    return bottin.ecrire_fiche(
        fiche,
        par=fiche.personne,
        motivation="Transmettre ce que des collègues m’ont appris.",
        experience="Quinze ans en réadaptation, positionnement et aides à la mobilité.",
        disponibilite="Les mardis après-midi",
        caracteristiques=list(Caracteristique.values),
        qualites=list(Qualite.values),
        capacite=3,
    )


def fiche_soumise(d, personne=None):
    fiche = fiche_en_redaction(d, personne)
    bottin.soumettre_candidature(fiche, par=fiche.personne)
    return fiche


def fiche_recommandee(d, personne=None):
    fiche = fiche_soumise(d, personne)
    bottin.recommander_mentor(fiche, par=fiche.personne.superieur, experience_attestee=True)
    return fiche


def fiche_inscrite(d, personne=None):
    """Un mentor au bottin, formé et disponible ; rend sa fiche."""
    existante = FicheMentor.objects.filter(personne=personne or d.mentor, etat="active").first()
    if existante:
        return existante
    fiche = fiche_recommandee(d, personne)
    bottin.consigner_formation(fiche, par=d.dsm, suivie_le=jour_local() - datetime.timedelta(days=200))
    bottin.inscrire_mentor(fiche, par=d.dsm)
    return fiche


def demande_en_redaction(d):
    demande = demandes.ouvrir_demande(par=d.mentore)
    return demandes.ecrire_demande(
        demande,
        par=d.mentore,
        besoin_nouveau_programme=True,
        besoin_competences=True,
        description="Je passe de la clinique externe au soutien à domicile.",
    )


def demande_soumise(d):
    demande = demande_en_redaction(d)
    demandes.soumettre_demande(demande, par=d.mentore)
    return demande


def demande_acceptee(d):
    demande = demande_soumise(d)
    demandes.accepter_demande(demande, par=d.gestionnaire)
    return demande


def demande_proposee(d):
    fiche_inscrite(d)
    demande = demande_acceptee(d)
    demandes.proposer_jumelage(demande, mentor=d.mentor, par=d.gestionnaire)
    return demande


def entente_naissante(d):
    """L’entente vide, née du jumelage accepté par les deux."""
    demande = demande_proposee(d)
    demandes.accepter_jumelage(demande, par=d.mentor)
    return demandes.accepter_jumelage(DemandeMentorat.objects.get(pk=demande.pk), par=d.mentore)


def remplir(entente, *, debut=None, fin_=None, objectifs=OBJECTIFS):
    """Écrit l’annexe 4 de l’exemple « ergothérapie » dans une entente en rédaction."""
    debut = debut or jour_local()
    while entente.objectifs.count() < len(objectifs):
        ententes.ajouter_objectif(entente, par=entente.mentor)
    saisi = {
        "frequence": "Aux 3 semaines",
        "duree_rencontres": 75,
        "debut": debut,
        "fin": fin_ or ajouter_mois(debut, 6) - datetime.timedelta(days=1),
    }
    for objectif, (texte, activites) in zip(entente.objectifs.all(), objectifs, strict=False):
        saisi[f"objectif-{objectif.pk}"] = texte
        while objectif.activites.count() < len(activites):
            ententes.ajouter_activite(entente, objectif.pk, par=entente.mentor)
        for activite, contenu in zip(objectif.activites.all(), activites, strict=False):
            saisi[f"activite-{activite.pk}"] = contenu
    ententes.ecrire_entente(entente, par=entente.mentor, saisi=saisi, temoins={})
    return Entente.objects.get(pk=entente.pk)


def entente(d, etat="active", *, debut=None, fin_=None):
    """Une entente de l’exemple « ergothérapie », menée par les actions jusqu’à `etat`."""
    dossier = remplir(entente_naissante(d), debut=debut, fin_=fin_)
    return mener(d, dossier, etat)


def mener(d, dossier, etat):
    """Mène une entente remplie, en rédaction, jusqu’à `etat` du chemin principal."""
    pas = {
        "a_signer": lambda e: ententes.soumettre_entente(e, par=e.mentore),
        "a_approuver": signer_a_deux,
        "active": lambda e: ententes.approuver_entente(e, par=d.gestionnaire, confirmation=CONFIRMATION),
        "en_evaluation": lambda e: (rencontrer(e), mi_temps(e), bilans.entamer_finale(relire(e), par=e.mentore)),
        "a_clore": lambda e: (evaluer(e), signer_la_finale(e)),
        "close": lambda e: bilans.clore_entente(e, par=d.gestionnaire, confirmation=CONFIRMATION),
    }
    for etape in CHEMIN[1 : CHEMIN.index(etat) + 1]:
        pas[etape](relire(dossier))
    return relire(dossier)


def relire(dossier):
    return type(dossier).objects.get(pk=dossier.pk)


def signer_a_deux(dossier):
    ententes.signer_entente(dossier, par=dossier.mentor, confirmation=CONFIRMATION)
    ententes.signer_entente(relire(dossier), par=dossier.mentore, confirmation=CONFIRMATION)


def rencontrer(dossier, combien=4):
    """Consigne `combien` rencontres d’une durée différente, aujourd’hui : l’entente peut ne faire que commencer."""
    jour = max(dossier.debut, jour_local())
    for rang in range(combien):
        suivi.consigner_rencontre(dossier, par=dossier.mentor, jour=jour, minutes=60 + 15 * rang, mode="teams")


def colorier(dossier, sorte, couleur="vert", **champs):
    """Donne la même couleur à toutes les lignes d’un bilan, et remplit les zones de texte demandées."""
    bilan = Bilan.objects.filter(entente=dossier, sorte=sorte).first()
    saisi = dict(champs)
    for objectif in dossier.objectifs.all():
        saisi[f"objectif-{objectif.pk}"] = couleur
        saisi.update({f"activite-{activite.pk}": couleur for activite in objectif.activites.all()})
    bilans.ecrire_bilan(dossier, sorte, par=dossier.mentor, saisi=saisi, temoins={})
    return bilan or Bilan.objects.get(entente=dossier, sorte=sorte)


def mi_temps(dossier, couleur="jaune"):
    """Remplit le bilan de mi-temps et le fait confirmer par les deux."""
    colorier(dossier, Sorte.MI_TEMPS, couleur, commentaires="Bonne progression. L’obj. 3 est reporté.")
    bilans.confirmer_mi_temps(relire(dossier), par=dossier.mentor)
    bilans.confirmer_mi_temps(relire(dossier), par=dossier.mentore)


def evaluer(dossier, couleur="vert", **champs):
    """Remplit l’évaluation finale."""
    champs = {
        "forces": "Rigueur, curiosité, sait dire « je ne sais pas ».",
        "cibles": "Concision des rapports; oser demander tôt.",
        "recommandations": "Participer à la CdP des ergothérapeutes.",
        **champs,
    }
    colorier(dossier, Sorte.FINAL, couleur, **champs)


def signer_la_finale(dossier):
    bilans.signer_finale(relire(dossier), par=dossier.mentor, confirmation=CONFIRMATION)
    bilans.signer_finale(relire(dossier), par=dossier.mentore, confirmation=CONFIRMATION)


def fin_demandee(d):
    dossier = entente(d, "active")
    fin.demander_fin(dossier, par=d.mentore)
    return relire(dossier)


def invitation(entente, personne):
    """L’invitation de cette personne à évaluer la mesure, à la fin de cette entente."""
    return Invitation.objects.get(sujet=entente.uuid, personne=personne)


def evaluer_la_mesure(invitee, note=4, **reponses):
    """La personne invitée répond au questionnaire."""
    degres = dict.fromkeys(("objectifs_clairs", "utilite", "soutien_gestionnaire"), note)
    repondre(
        invitee,
        par=invitee.personne,
        reponses={
            **degres,
            "relation_de_confiance": 5,
            "temps_suffisant": max(1, note - 1),
            "recommandation": 2 * note,
            **reponses,
        },
    )
