"""POURQUOI PAS : les exigences du cadre pour le mentorat. Chaque règle rend une phrase, ou None si elle est remplie.

Une règle ne lit que son objet, n’écrit rien, et dit à la personne quoi faire.
"""

from encadrement.cadre.regles import exige
from encadrement.signatures.actions import titres
from encadrement.socle.temps import ajouter_mois
from mentorat.models import (
    OBJECTIFS_MAXIMUM,
    PROLONGATION_MAXIMALE_MOIS,
    Bilan,
    Caracteristique,
    EtatFiche,
    EtatProlongation,
    FicheMentor,
    Qualite,
    Sorte,
)

RENCONTRES_RECOMMANDEES = 4

DEJA_PROPOSE = "Ce jumelage a déjà été proposé et ne convenait pas\u00a0: proposez-en un autre."

# — Le bottin


@exige("R-344", "R-345", "R-346", "R-347", "R-348", "R-349")
def caracteristiques_completes(fiche):
    requises = set(Caracteristique.values) - {Caracteristique.EN_REGLE}
    if requises - set(fiche.caracteristiques):
        return "Cochez chacune des caractéristiques requises de l’annexe 5, ou complétez-les avant de soumettre."
    return None


@exige("R-351")
def qualites_completes(fiche):
    if set(Qualite.values) - set(fiche.qualites):
        return "Cochez chacune des neuf qualités personnelles de l’annexe 5."
    return None


@exige("R-350")
def en_regle_avec_son_ordre(fiche):
    if fiche.personne.ordre and not (
        fiche.personne.ordre_en_regle and Caracteristique.EN_REGLE in fiche.caracteristiques
    ):
        return "Le mentor doit être en règle avec son ordre professionnel : confirmez-le sur la fiche."
    return None


@exige("R-050", "R-344")
def experience_attestee(fiche):
    if not fiche.experience_attestee:
        return "Attestez que cette personne est un intervenant expérimenté, reconnu compétent par ses pairs."
    return None


@exige("R-086")
def recommandee_par_le_gestionnaire(fiche):
    if fiche.recommandee_par_id is None:
        return "L’inscription au bottin suit la recommandation du gestionnaire."
    return None


@exige("R-435", "R-436")
def autoreflexion_presente(fiche):
    if not (fiche.motivation and fiche.experience):
        return "L’autoréflexion (motivations et expérience) n’est pas remplie : elle aide au jumelage."
    return None


@exige("R-081")
def formation_suivie(fiche):
    if fiche.formation_suivie_le is None:
        return "La formation de mentor n’est pas encore consignée pour cette personne."
    return None


# — La demande


@exige("R-044", "R-045", "R-046", "R-405", "R-328")
def besoin_coche(objet):
    if not objet.besoins:
        return "Cochez au moins un besoin : c’est lui qui rend admissible au mentorat."
    return None


@exige("R-085", "R-090")
def gestionnaire_connu(objet):
    if objet.mentore.superieur_id is None:
        return (
            "Le supérieur immédiat du mentoré n’est pas connu : demandez au pilote de l’application de "
            "corriger les données RH."
        )
    return None


@exige("R-048")
def pas_d_autre_demande(demande):
    autres = type(demande).objects.filter(mentore=demande.mentore, etat__in=("soumise", "acceptee", "proposee"))
    if autres.exclude(pk=demande.pk).exists():
        return "Une autre demande de mentorat est déjà en cours pour cette personne : poursuivez celle-là."
    return None


def raison_d_exclusion(mentor, mentore, superieurs_ids):
    """R-049, N-01 : rend pourquoi cette personne ne peut pas être le mentor de cette autre, ou None."""
    if mentor.pk == mentore.pk:
        return "Une personne ne peut pas être son propre mentor."
    if mentor.pk == mentore.superieur_id:
        return "Le mentor ne peut pas être le supérieur hiérarchique du mentoré : c’est son supérieur immédiat."
    if mentor.pk in superieurs_ids:
        return (
            "Le mentor ne peut pas être le supérieur hiérarchique du mentoré, à aucun niveau : cette personne est "
            "plus haut dans sa ligne hiérarchique."
        )
    if not mentor.is_active:
        return "Cette personne n’est plus à l’emploi de l’établissement."
    return None


@exige("R-048", "R-049", "R-267", "R-411")
def mentor_n_est_pas_un_superieur(entente):
    return raison_d_exclusion(entente.mentor, entente.mentore, entente.mentore.superieurs_ids())


@exige("R-050", "R-267", "R-412")
def mentor_inscrit_au_bottin(entente):
    inscrit = FicheMentor.objects.filter(
        personne=entente.mentor, experience_attestee=True, etat__in=(EtatFiche.ACTIVE, EtatFiche.EN_PAUSE)
    )
    if not inscrit.exists():
        return (
            "Le mentor doit être un intervenant expérimenté, inscrit au bottin des mentors sur la recommandation de "
            "son gestionnaire."
        )
    return None


@exige("R-051", "R-052", "R-412", "R-413")
def meme_discipline(entente):
    if entente.mentor.discipline != entente.mentore.discipline and not entente.besoin_competences:
        return (
            f"Le mentor ({entente.mentor.discipline or 'discipline inconnue'}) et le mentoré "
            f"({entente.mentore.discipline or 'discipline inconnue'}) ne sont pas de la même discipline. "
            "Le cadre le permet pour acquérir des connaissances ou des compétences spécifiques."
        )
    return None


@exige("R-407", "R-069")
def jumelage_accepte(demande):
    jumelage = demande.jumelage
    if jumelage is None or not jumelage.est_accepte:
        return "Le mentor et le mentoré doivent tous deux accepter le jumelage."
    return None


# — L’entente


@exige("R-329", "R-105", "R-094", "R-104")
def objectifs_et_activites(entente):
    objectifs = list(entente.objectifs.prefetch_related("activites"))
    if not any(objectif.texte for objectif in objectifs):
        return "Écrivez au moins un objectif d’apprentissage."
    for objectif in objectifs:
        activites = [activite for activite in objectif.activites.all() if activite.texte]
        if activites and not objectif.texte:
            return f"L’objectif {objectif.rang} est vide alors que des activités y sont écrites : nommez l’objectif."
        if objectif.texte and not activites:
            return f"Ajoutez au moins une activité à l’objectif {objectif.rang}."
    return None


@exige("R-329")
def nombre_d_objectifs_raisonnable(entente):
    if entente.objectifs.count() > OBJECTIFS_MAXIMUM:
        return f"Une entente compte au plus {OBJECTIFS_MAXIMUM} objectifs : regroupez-les."
    return None


@exige("R-330")
def objectifs_realistes(entente):
    nombre = entente.objectifs.exclude(texte="").count()
    if nombre > 10:
        return f"Vous visez {nombre} objectifs en six mois : un objectif S.M.A.R.T. est réaliste."
    return None


@exige("R-054", "R-331")
def frequence_et_duree(entente):
    if not entente.frequence or not entente.duree_rencontres:
        return "Précisez la fréquence et la durée des rencontres."
    return None


@exige("R-332")
def periode_precisee(entente):
    if not (entente.debut and entente.fin):
        return "Précisez la durée de l’entente : du, au."
    if entente.fin < entente.debut:
        return "La fin de l’entente doit suivre son début."
    return None


@exige("R-056", "R-409")
def six_mois_au_plus(entente):
    if entente.debut and entente.fin and entente.fin > entente.fin_maximale:
        return (
            f"La durée maximale du mentorat est de 6 mois : commencée le {entente.debut:%Y-%m-%d}, l’entente se "
            f"termine au plus tard le {entente.fin_maximale:%Y-%m-%d}."
        )
    return None


@exige("R-334", "R-069")
def signee_par_la_dyade(entente):
    if not {"mentor", "mentore"} <= titres(entente.instantane):
        return "L’entente doit porter la signature du mentor et celle du mentoré."
    return None


# — Les bilans et la fin


def bilan_de(entente, sorte):
    return Bilan.objects.filter(entente=entente, sorte=sorte).first()


@exige("R-336", "R-337", "R-339")
def chaque_ligne_a_un_etat(bilan):
    lignes = bilan.lignes()
    manquants = [ligne["objectif"].rang for ligne in lignes if not ligne["etat"]]
    manquants += [ligne["objectif"].rang for ligne in lignes for rangee in ligne["activites"] if not rangee["etat"]]
    if manquants:
        return (
            "Donnez un état (vert, jaune ou rouge) à chaque objectif et à chaque activité : il en manque à "
            f"l’objectif {min(manquants)}."
        )
    return None


@exige("R-336", "R-337")
def mi_temps_complet(entente):
    bilan = bilan_de(entente, Sorte.MI_TEMPS)
    if bilan is None:
        return "Le bilan de mi-temps n’est pas commencé."
    return chaque_ligne_a_un_etat(bilan)


@exige("R-057", "R-409")
def mi_temps_confirme(entente):
    bilan = bilan_de(entente, Sorte.MI_TEMPS)
    if bilan is None or not bilan.est_confirme:
        return (
            "Le bilan de mi-temps doit être rempli et confirmé par le mentor et le mentoré avant l’évaluation finale."
        )
    return None


@exige("R-061", "R-410")
def quatre_rencontres(entente):
    nombre = entente.rencontres.count()
    if nombre < RENCONTRES_RECOMMANDEES:
        return (
            f"Le journal compte {nombre} rencontre{'s' if nombre > 1 else ''} : au moins "
            f"{RENCONTRES_RECOMMANDEES} sont recommandées."
        )
    return None


@exige("R-058", "R-339", "R-409")
def finale_complete(entente):
    bilan = bilan_de(entente, Sorte.FINAL)
    return chaque_ligne_a_un_etat(bilan) if bilan else "L’évaluation finale n’est pas commencée."


@exige("R-340")
def zones_finales_remplies(entente):
    bilan = bilan_de(entente, Sorte.FINAL)
    if bilan and not (bilan.forces and bilan.cibles and bilan.recommandations):
        return "Remplissez les forces du mentoré, les cibles de développement et les recommandations du mentor."
    return None


@exige("R-341")
def poursuite_justifiee(entente):
    bilan = bilan_de(entente, Sorte.FINAL)
    if bilan and bilan.poursuite and not bilan.justification:
        return "Justifiez la poursuite du mentorat au-delà de la période prévue."
    return None


@exige("R-342", "R-055", "R-408")
def finale_signee_par_la_dyade(entente):
    bilan = bilan_de(entente, Sorte.FINAL)
    if bilan is None or not {"mentor", "mentore"} <= titres(bilan.instantane):
        return "L’évaluation finale doit porter la signature du mentor et celle du mentoré."
    return None


@exige("R-059", "R-409")
def pas_de_prolongation_en_attente(entente):
    if entente.prolongations.filter(etat=EtatProlongation.DEMANDEE).exists():
        return "Une demande de prolongation attend la réponse du gestionnaire."
    return None


@exige("R-059", "R-341")
def prolongation_de_six_mois_au_plus(prolongation):
    if prolongation.nouvelle_fin > ajouter_mois(prolongation.fin_actuelle, PROLONGATION_MAXIMALE_MOIS):
        return f"Une prolongation est d’au plus {PROLONGATION_MAXIMALE_MOIS} mois."
    return None


def deja_prolongee(prolongation):
    """Q-06 : dès la deuxième prolongation, l’application avertit et la DSM est avisée."""
    deja = prolongation.entente.prolongations.filter(etat=EtatProlongation.ACCORDEE).exclude(pk=prolongation.pk)
    if deja.exists():
        return "Cette entente a déjà été prolongée : écrivez pourquoi une autre prolongation est nécessaire."
    return None


@exige("R-363")
def rencontre_de_fin_consignee(entente):
    cessation = entente.cessations.filter(retiree=False).first()
    if cessation is None or cessation.rencontre_le is None:
        return (
            "La relation se conclut par une rencontre qui évalue l’expérience vécue, avec le gestionnaire et un APPR "
            "de la DSM : consignez-la d’abord."
        )
    return None


@exige("R-363")
def rencontre_de_fin_avec_appr(entente):
    cessation = entente.cessations.filter(retiree=False).first()
    if cessation and cessation.rencontre_le and not (cessation.appr_id and cessation.gestionnaire_present):
        return "La rencontre de fin s’est tenue sans le gestionnaire ou sans un APPR de la DSM."
    return None


@exige("R-448", "R-360")
def parle_a_l_autre_d_abord(mesentente):
    if not mesentente.parle_a_l_autre:
        return "Le cadre invite à s’en ouvrir d’abord à l’autre personne : si ce n’est pas possible, écrivez pourquoi."
    return None
