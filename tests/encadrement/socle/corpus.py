"""Des textes cliniques inventés : mille qui identifient quelqu’un, mille qui n’identifient personne."""

import random

_AVANT = (
    "Usagère vue en ergothérapie pour des chutes à répétition.",
    "Bonjour à tous, je cherche un avis sur une dysphagie sévère.",
    "Homme de 72 ans, hémiparésie gauche, vit seul.",
    "Évaluation faite le 21 octobre 2026, 13 h 30.",
    "La famille est épuisée et demande du répit.",
    "Suivi SAD depuis 6 mois, deux visites par semaine.",
    "",
)
_APRES = (
    "Avez-vous déjà vu une situation semblable?",
    "Le Berg est passé de 38/56 à 46/56 en 8 semaines.",
    "Merci de vos idées, on s’en reparle à la rencontre du 4 novembre.",
    "Dose actuelle : 500 mg deux fois par jour.",
    "",
)
_NOMS = (
    "Tremblay Roy Bernatchez Cotton Cyr Arsenault Bujold Poirier Leblanc Langlois Element Fournier Dubé Boudreau St-Onge "
    "Cloutier-Roy D’Amours McInnis Gagné Côté Lévesque Minville Francoeur Synnott Huard Castilloux Ouellet Nadeau"
).split()
_PRENOMS = (
    "Jean Marie Lucie Réjean Huguette Normand Francine Jean-Guy Marie-Ève Ginette Sylvain Céline Raymonde Luc".split()
)
_MOIS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_ABREGES = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split()
_VOIES = (
    "rue de la Cathédrale;boulevard Perron Ouest;rue des Pins;avenue de Grand-Pré;chemin du Radar;route 132 Est;"
    "rang Saint-Edgar;montée Wakeham;rue Commerciale;av. Port-Royal;boul. de York;place Suzanne-Guité;rue Jacques-Cartier"
).split(";")
_ESPACES = (" ", " ", "\u00a0", "\u202f")


def textes_identifiants(graine, nombre=1000):
    """Rend `nombre` couples (sorte, texte), chacun avec un identifiant quelque part."""
    hasard = random.Random(graine)
    fabriques = list(_IDENTIFIANTS.items())
    for rang in range(nombre):
        sorte, fabrique = fabriques[rang % len(fabriques)]
        yield sorte, " ".join((hasard.choice(_AVANT), fabrique(hasard), hasard.choice(_APRES))).strip()


def textes_propres(graine, nombre=1000):
    """Rend `nombre` textes cliniques de deux à cinq phrases, sans rien qui identifie."""
    hasard = random.Random(graine)
    for _ in range(nombre):
        yield " ".join(_remplir(hasard, phrase) for phrase in hasard.sample(_PROPRES, hasard.randint(2, 5)))


def _date(hasard):
    annee, mois, jour = hasard.randint(1925, 2019), hasard.randint(1, 12), hasard.randint(1, 28)
    long = f"{'1er' if jour == 1 else jour} {_MOIS[mois - 1]}"
    return hasard.choice(
        (
            f"{long} {annee}",
            f"{jour} {_ABREGES[mois - 1]} {annee}",
            f"{long} {annee % 100:02d}",
            f"{annee}-{mois:02d}-{jour:02d}",
            f"{jour:02d}/{mois:02d}/{annee}",
            f"{annee % 100:02d}-{mois:02d}-{jour:02d}",
        )
    )


def _naissance(hasard):
    annee = hasard.randint(1925, 2015)
    return hasard.choice(
        (
            f"Il est né le {_date(hasard)}.",
            f"Elle est née le {_date(hasard)} à Gaspé.",
            f"DDN {_date(hasard)}.",
            f"DDN : {_date(hasard)},",
            f"(date de naissance : {_date(hasard)})",
            f"née en {hasard.choice(_MOIS)} {annee % 100:02d}",
            f"né en {hasard.choice(_MOIS)} {annee}",
            f"né(e) le {_date(hasard)}",
            f"Date de naissance {_date(hasard)}",
            f"D.D.N. : {_date(hasard)}",
        )
    )


def _nam(hasard):
    lettres = "".join(hasard.choice("ABCDEFGHLMNPRSTV") for _ in range(4))
    chiffres = (
        f"{hasard.randint(0, 99):02d}",
        f"{hasard.randint(1, 12) + 50 * hasard.randint(0, 1):02d}",
        f"{hasard.randint(1, 28):02d}",
        f"{hasard.randint(0, 99):02d}",
    )
    an, mois, jour, fin = chiffres
    e = hasard.choice(_ESPACES)
    forme = hasard.choice(
        (
            f"{lettres}{e}{an}{mois}{e}{jour}{fin}",
            f"{lettres}{an}{mois}{jour}{fin}",
            f"{lettres}-{an}{mois}-{jour}{fin}",
        )
    )
    forme = forme.lower() if hasard.random() < 0.2 else forme
    return hasard.choice(("NAM {}.", "NAM : {},", "({})", "Carte {} échue.", "RAMQ {}", "{}")).format(forme)


def _telephone(hasard):
    region, central = hasard.choice((418, 581, 514, 450, 819, 367)), hasard.randint(200, 999)
    ligne, e = f"{hasard.randint(0, 9999):04d}", hasard.choice(_ESPACES)
    numero = hasard.choice(
        (
            f"{region} {central}-{ligne}",
            f"{region}-{central}-{ligne}",
            f"({region}) {central}-{ligne}",
            f"{region}.{central}.{ligne}",
            f"{region}{central}{ligne}",
            f"1 {region} {central}-{ligne}",
            f"+1{region}{central}{ligne}",
            f"{region}{e}{central}{e}{ligne}",
        )
    )
    return hasard.choice(("La joindre au {}.", "Tél. : {}", "cell {},", "Son fils répond au {}.", "{}")).format(numero)


def _adresse(hasard):
    civique = hasard.choice((f"{hasard.randint(1, 2500)}", f"{hasard.randint(10, 400)}A", f"{hasard.randint(1, 9)}-45"))
    virgule = hasard.choice((", ", " "))
    code = f"G{hasard.randint(0, 9)}C {hasard.randint(0, 9)}B{hasard.randint(0, 9)}"
    return hasard.choice(
        (
            f"Il demeure au {civique}{virgule}{hasard.choice(_VOIES)}.",
            f"Adresse : {civique}{virgule}{hasard.choice(_VOIES)}, {code}",
            f"Elle habite {civique}{virgule}{hasard.choice(_VOIES)}, app. 4.",
            f"Domicile au {civique}{virgule}{hasard.choice(_VOIES)}.",
            f"Code postal {code}.",
        )
    )


def _dossier(hasard):
    numero = f"{hasard.randint(10000, 999999)}"
    return hasard.choice(
        ("Dossier {}.", "no de dossier : {}", "dossier no {},", "n° de dossier {}", "(#{})", "dossier #{}")
    ).format(numero)


def _nas(hasard):
    chiffres = [hasard.randint(1, 7), *(hasard.randint(0, 9) for _ in range(7))]
    somme = sum(sum(divmod(c * 2, 10)) if rang % 2 else c for rang, c in enumerate(chiffres))
    nas = "".join(map(str, [*chiffres, -somme % 10]))
    return hasard.choice((f"NAS {nas[:3]} {nas[3:6]} {nas[6:]}.", f"{nas[:3]}-{nas[3:6]}-{nas[6:]}", f"NAS : {nas}"))


def _courriel(hasard):
    nom = hasard.choice(_PRENOMS).split("-")[0].lower().replace("é", "e")
    return f"Écrire à {nom}{hasard.choice(('.', '_', ''))}{hasard.randint(1, 99)}@{hasard.choice(('exemple.ca', 'poste.qc.ca'))}."


def _nom(hasard):
    nom, prenom = hasard.choice(_NOMS), hasard.choice(_PRENOMS)
    return hasard.choice(
        (
            f"M. {nom} refuse la marchette.",
            f"Mme {nom} a chuté deux fois.",
            f"Monsieur {nom} est suivi en nutrition.",
            f"madame {prenom} {nom} sort demain.",
            f"MME {nom.upper()} mange peu.",
            f"{prenom} {nom} ne veut plus sortir.",
            f"Le patient {nom} attend un fauteuil.",
            f"Usagère : {nom}, {prenom}.",
            f"Elle s’appelle {prenom}.",
            f"Sa fille {prenom} est présente.",
            f"{nom.upper()} {prenom}, 2e étage.",
            f"M. et Mme {nom} vivent ensemble.",
        )
    )


_IDENTIFIANTS = {
    "NAM": _nam,
    "NAISSANCE": _naissance,
    "TELEPHONE": _telephone,
    "ADRESSE": _adresse,
    "DOSSIER": _dossier,
    "NAS": _nas,
    "COURRIEL": _courriel,
    "NOM": _nom,
}

_PROPRES = (
    "Rencontre du {jour} {mois} 2026, {heure} h {minute}, salle 4.",
    "Usagère de {age} ans, hémiparésie gauche, vit seule au {etage}e étage.",
    "Homme de {age} ans connu pour une MPOC et un diabète de type 2.",
    "Madame présente une dysphagie modérée depuis {petit} semaines.",
    "Monsieur est anxieux, dort {petit} heures par nuit.",
    "Metformine {dose} mg deux fois par jour, puis {dose} mg le soir.",
    "Acétaminophène {dose}-1000 mg aux 4 heures, maximum 3250 mg par jour.",
    "Le Berg passe de {berg}/56 à 46/56, le TUG de 18,4 s à 14,2 s.",
    "TA 132/84, pouls 72, SpO2 94 %, température 37,2 °C.",
    "Poids {age} kg, taille 1,62 m, IMC 27,4.",
    "On reprend les items {petit}, 12 et 14 de la grille.",
    "Voir l’item no {petit} et l’annexe {petit} du guide.",
    "Chute le {jour} {mois}, revue à l’urgence le lendemain vers {heure} h.",
    "Opéré le 12 mars 1998 pour une prothèse de hanche.",
    "Bilan prévu le 2026-{mm}-{jj}, suivi le 2027-01-{jj}.",
    "Année 2026-2027, plan de travail en {petit} étapes.",
    "Noté au dossier le 2026-{mm}-{jj} à {heure}:{minute}.",
    "Le dossier est complet; il reste {petit} évaluations à verser.",
    "Nouveau-né de {petit} jours, allaitement difficile, succion faible.",
    "Né prématurément à 32 semaines, suivi en physiothérapie.",
    "La communauté de pratique est née en 2024, avec {petit} membres.",
    "Marche avec une canne sur {dose} mètres, {petit} pauses.",
    "Échelle de Braden à {petit}, plaie de stade 2 au talon gauche.",
    "Selon Carl Rogers, l’écoute passe avant le conseil.",
    "Usager atteint de la maladie de Parkinson, stade 3.",
    "Patiente MPOC, oxygène 2 L/min la nuit.",
    "Mme T. accepte le plan; son conjoint aussi.",
    "L’usagère demeure chez sa fille, à 20 minutes du CLSC de Chandler.",
    "Transfert à l’Hôpital de Maria après {petit} jours.",
    "Info-Social : 811, option 2; ligne provinciale 1 866 277-3553.",
    "La route 132 était fermée; visite reportée d’une semaine.",
    "Budget de {dose} $ pour 3 places à la formation du 12 novembre.",
    "Une place de stationnement adaptée et 2 rampes à poser.",
    "Apport de 1800 à 2000 kcal, protéines 1,2 g/kg.",
    "Score MoCA {petit}/30 en mars, 22/30 en {mois}.",
    "Réévaluer dans {petit} à {age} jours selon la tolérance.",
    "Numéro 3 de la liste : la prévention des plaies.",
    "Groupe de 8 personnes, {petit} absences, durée 1 h 30.",
    "Le Dr de garde a ajusté l’insuline à {petit} unités.",
    "L’équipe de Gaspé propose un essai de {petit} semaines.",
    "Référence au programme SAD, priorité 2, délai de {age} jours.",
    "DSM-5, code F32.1, épisode dépressif moyen.",
    "Lit no {petit}, unité de courte durée gériatrique.",
    "Article 4 du code de déontologie, page {age}.",
    "Test de Tinetti 19/28; test de la marche de 6 minutes : 310 m.",
    "Il mange {petit} repas sur 3, texture purée, liquides nectar.",
    "Usager : Anxieux depuis {petit} jours, collabore bien.",
    "Madame\nMarche avec aide sur {dose} m.",
    "Médicaments préparés par la pharmacie Jean Coutu, dispill chaque {petit} jours.",
    "Dossiers : 120 ouverts, {petit} en attente.",
    "Le patient Alzheimer au stade modéré réagit à la musique.",
    "Résidence pour aînés de Sainte-Anne-des-Monts, {petit} résidents.",
    "Grille de Katz {petit}/6, profil Iso-SMAF {petit}.",
    "Rendez-vous au 2e étage, bureau 214, poste 5{dose}.",
    "Nos usagers de 65 ans et plus attendent {age} jours.",
    "Ne le laissez pas seul; né à terme, {petit} kg de trop.",
    "Le projet né en 2023 finit le 31 mars 2027.",
    "Glycémie 12,4 à {heure} h, 8,7 à 21 h {minute}.",
    "Formulaire AH-223, section {petit}, révision 2024-{mm}.",
    "Prise en charge par M. X et Mme Y, cas fictif no {petit}.",
)


def _remplir(hasard, phrase):
    return phrase.format(
        jour=hasard.randint(1, 28),
        mois=hasard.choice(_MOIS),
        heure=hasard.randint(8, 20),
        minute=f"{hasard.choice((0, 15, 30, 45)):02d}",
        age=hasard.randint(18, 98),
        etage=hasard.randint(2, 6),
        petit=hasard.randint(2, 15),
        dose=hasard.choice((5, 25, 250, 325, 500, 650, 850)),
        berg=hasard.randint(20, 45),
        mm=f"{hasard.randint(1, 12):02d}",
        jj=f"{hasard.randint(1, 28):02d}",
    )
