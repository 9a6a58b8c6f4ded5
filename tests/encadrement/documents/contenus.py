"""Des contenus figés fictifs, de la forme que la mesure fournit ; aucune personne réelle."""

MENTOR = {
    "nom": "Rosalie Cayouette",
    "titre_emploi": "Travailleuse sociale",
    "discipline": "Travail social",
    "service": "Soutien à domicile",
    "direction": "Direction du soutien à l’autonomie",
    "installation": "CLSC de Caplan",
}
MENTORE = {
    "nom": "Élie Sansregret-Lœb",
    "titre_emploi": "Agent de relations humaines",
    "discipline": "Travail social",
    "service": "Accueil psychosocial",
    "direction": "Direction des services sociaux généraux",
    "installation": "Hôpital de Maria",
}
GESTIONNAIRE = {
    "nom": "Noémie L’Heureux",
    "titre_emploi": "Chef de programme",
    "discipline": "",
    "service": "Accueil psychosocial",
    "direction": "Direction des services sociaux généraux",
    "installation": "Hôpital de Maria",
}
OBJECTIFS = [
    {
        "texte": "D’ici le 15 décembre 2026, rédiger seul trois évaluations du fonctionnement social complètes.",
        "activites": [
            "Lire deux évaluations commentées par le mentor",
            "Rédiger une évaluation et la relire ensemble",
            "Rédiger deux évaluations sans aide",
        ],
    },
    {
        "texte": "D’ici la mi-temps, animer une rencontre de plan d’intervention avec la famille.",
        "activites": ["Observer deux rencontres", "Animer une rencontre en présence du mentor"],
    },
    {
        "texte": "D’ici la fin de l’entente, connaître les partenaires du territoire et leurs critères d’accès.",
        "activites": ["Visiter trois organismes communautaires"],
    },
]


def entente(**changements):
    return {
        "numero": "M-2026-0001",
        "mentor": MENTOR,
        "mentore": MENTORE,
        "gestionnaire": GESTIONNAIRE,
        "besoins": {"nouvel_intervenant": True, "nouveau_programme": False, "competences": True},
        "besoin_identifie_par": "les deux",
        "objectifs": OBJECTIFS,
        "frequence": "Une rencontre aux deux semaines, le mardi matin",
        "duree_rencontres": "1 h 15",
        "debut": "2026-09-14",
        "fin": "2027-03-13",
        "regles_ethique": {"version": 1, "empreinte": "5f2c" * 16},
        "etablissement": "CISSS de la Gaspésie",
        "courriel_dsm": "dsm@cisss.exemple",
    } | changements


def mi_temps(**changements):
    etats = iter(["vert", "vert", "jaune", "rouge", "vert", "jaune"])
    return {
        "entente": {
            "numero": "M-2026-0001",
            "mentor": MENTOR,
            "mentore": MENTORE,
            "gestionnaire": GESTIONNAIRE,
            "debut": "2026-09-14",
            "fin": "2027-03-13",
        },
        "nombre_rencontres": 6,
        "duree_moyenne": "1 h 10",
        "objectifs": [
            {
                "texte": objectif["texte"],
                "etat": etat,
                "activites": [{"texte": texte, "etat": next(etats)} for texte in objectif["activites"]],
            }
            for objectif, etat in zip(OBJECTIFS, ["vert", "jaune", "rouge"], strict=True)
        ],
        "commentaires": "Une relation de confiance s’est établie.\nLe rythme convient aux deux.",
        "confirmations": [
            {"nom": MENTOR["nom"], "titre": "mentor", "le": "2026-12-15"},
            {"nom": MENTORE["nom"], "titre": "mentoré", "le": "2026-12-16"},
        ],
        "etablissement": "CISSS de la Gaspésie",
        "courriel_dsm": "dsm@cisss.exemple",
    } | changements


def finale(**changements):
    base = mi_temps()
    for objectif, avant in zip(base["objectifs"], ["jaune", "rouge", ""], strict=True):
        objectif["avant"] = avant
    return (
        base
        | {
            "nombre_rencontres": 12,
            "forces": "Rigueur dans la rédaction, écoute, capacité d’autocritique.",
            "cibles": "Poursuivre l’animation de rencontres avec plusieurs partenaires.",
            "recommandations": "Jumeler la personne à un collègue pour les situations complexes.",
            "poursuite": True,
            "justification": "Deux activités du dernier objectif restent à réaliser.",
        }
        | changements
    )


def attestation_heures(**changements):
    return {
        "personne": MENTORE,
        "titre": "mentoré",
        "entente": {"numero": "M-2026-0001", "debut": "2026-09-14", "fin": "2027-03-13"},
        "rencontres": [{"date": f"2026-{mois:02d}-15", "duree": "1 h 15"} for mois in (9, 10, 11, 12)],
        "total": "5 h",
        "etablissement": "CISSS de la Gaspésie",
    } | changements


TOUS = {
    "mentorat/entente_v1": entente,
    "mentorat/mi_temps_v1": mi_temps,
    "mentorat/finale_v1": finale,
    "mentorat/attestation_heures_v1": attestation_heures,
}
