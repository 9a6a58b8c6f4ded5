"""Ce que chaque indicateur doit compter, écrit une seconde fois, depuis les lignes brutes des quatre mesures."""

from django.apps import apps

from tests.encadrement.indicateurs.oracle import TOUJOURS, Ligne, Regle, du_au, jour_de, le, tous, un_de

PIECES = ("personnes", "mentorat", "cdp", "consultation", "concertation", "sondages", "indicateurs")
COULEURS = ("vert", "jaune", "rouge")
TENUES = {"tenue", "publiee", "adoptee"}
ECHELONS = (
    ("Ses propres recherches", ("brouillon",)),
    ("Discussion avec le gestionnaire", ("a_discuter", "non_pertinente")),
    ("Expert du CISSS", ("autorisee", "chez_expert", "acceptee", "avis_rendu")),
    ("Direction des services multidisciplinaires", ("formulaire", "transmise", "analysee")),
    ("RUISSS UL", ("au_ruisss", "en_contact")),
    ("Comité de concertation", ("au_comite",)),
)


def tout_lire():
    """Rend {modèle: lignes brutes}, telles que la base les garde."""
    return {
        modele.__name__: list(modele._base_manager.values())
        for piece in PIECES
        for modele in apps.get_app_config(piece).get_models()
    }


def par_id(lignes):
    return {ligne["id"]: ligne for ligne in lignes}


class ReglesBrutes:
    """Les termes de chaque indicateur, pour une personne qui regarde."""

    def __init__(self, brut, personne):
        self.brut, self.personne = brut, personne
        services, lieux = par_id(brut["Service"]), par_id(brut["Installation"])
        self.cellules = {
            p["id"]: (
                services[p["service_id"]]["direction_id"] if p["service_id"] else None,
                p["service_id"],
                lieux[p["installation_id"]]["rls"] if p["installation_id"] else None,
            )
            for p in brut["Personne"]
        }
        self._lues = {}

    def lignes(self, regle):
        """Rend les lignes brutes d’un terme, lues une fois."""
        if id(regle) not in self._lues:
            self._lues[id(regle)] = list(regle.lignes(self))
        return self._lues[id(regle)]

    def de(self, qui, vit, **champs):
        return Ligne(vit, qui, self.cellules[qui], **champs)

    # — Mentorat

    def ententes(self):
        for e in self.brut["Entente"]:
            if e["prise_d_effet"]:
                yield self.de(e["mentore_id"], du_au(e["debut"], e["fin"]))

    def eligibles(self):
        designes = {}
        for d in self.brut["DemandeMentorat"]:
            if d["identifie_par"] in ("gestionnaire", "les_deux"):
                designes.setdefault(d["mentore_id"], []).append(le(jour_de(d["cree_le"])))
        for p in self.brut["Personne"]:
            vies = list(designes.get(p["id"], []))
            if p["membre_cm"] and p["is_active"]:
                vies += [le(p["date_embauche"]), le(p["date_entree_service"])]
            if vies:
                yield self.de(p["id"], un_de(*vies))

    def heures_de_mentorat(self):
        ententes = par_id(self.brut["Entente"])
        for r in self.brut["RencontreMentorat"]:
            qui = ententes[r["entente_id"]]["mentore_id"]
            yield self.de(qui, le(r["jour"]), nombre=r["minutes"], jour=r["jour"])

    def approbations(self):
        presentees = {}
        for p in sorted(self.brut["PassageEntente"], key=lambda p: p["quand"]):
            if p["vers"] == "a_approuver":
                presentees[p["entente_id"]] = p["quand"]
        for e in self.brut["Entente"]:
            if e["prise_d_effet"] and e["id"] in presentees:
                jour = jour_de(e["prise_d_effet"])
                attente = (jour - jour_de(presentees[e["id"]])).days
                yield self.de(e["mentore_id"], le(jour), categorie=attente, jour=jour)

    def objectifs_suivis(self):
        bilans, ententes = par_id(self.brut["Bilan"]), par_id(self.brut["Entente"])
        a_mi_temps = {
            o["objectif_id"]: o["couleur"]
            for o in self.brut["EtatObjectif"]
            if bilans[o["bilan_id"]]["sorte"] == "mi_temps"
        }
        for o in self.brut["EtatObjectif"]:
            bilan = bilans[o["bilan_id"]]
            entente = ententes[bilan["entente_id"]]
            if bilan["sorte"] == "final" and entente["etat"] == "close" and o["objectif_id"] in a_mi_temps:
                avant, apres = a_mi_temps[o["objectif_id"]], o["couleur"]
                yield self.de(entente["mentore_id"], le(jour_de(entente["depuis"])), categorie=f"{avant}>{apres}")

    # — Communautés

    def _vie(self, communaute):
        fin = jour_de(communaute["depuis"]) if communaute["etat"] == "dissoute" else TOUJOURS
        return du_au(communaute["agreee_le"], fin)

    def communautes(self):
        for c in self.brut["Communaute"]:
            yield Ligne(self._vie(c))

    def membres(self):
        communautes = par_id(self.brut["Communaute"])
        for a in self.brut["Adhesion"]:
            vie = du_au(a["debut"], a["fin"] or TOUJOURS)
            yield self.de(a["personne_id"], tous(vie, self._vie(communautes[a["communaute_id"]])))

    def _rapports(self):
        return [r for r in self.brut["RapportAnnuel"] if r["etat"] == "approuve"]

    def _annee(self, annee):
        # L’année financière commence en avril.
        return lambda debut, fin: debut.year - (debut.month < 4) == annee

    def rapports(self):
        communautes = par_id(self.brut["Communaute"])
        for r in self._rapports():
            yield Ligne(tous(self._annee(r["annee"]), self._vie(communautes[r["communaute_id"]])))

    def renouvellements(self):
        for r in self._rapports():
            yield Ligne(self._annee(r["annee"]), nombre=int(r["renouvellement_accorde"] is True), sur=1)

    def objectifs_des_cdp(self):
        rapports = par_id(self._rapports())
        for o in self.brut["LigneRapport"]:
            if o["rapport_id"] in rapports and o["atteinte"]:
                yield Ligne(self._annee(rapports[o["rapport_id"]]["annee"]), categorie=o["atteinte"])

    def _tenues(self):
        return {r["id"]: r for r in self.brut["RencontreCdp"] if r["etat"] in TENUES}

    def rencontres_des_cdp(self):
        for r in self._tenues().values():
            yield Ligne(le(jour_de(r["debut"])), jour=jour_de(r["debut"]))

    def contributions(self):
        tenues = self._tenues()
        for c in self.brut["Contribution"]:
            if c["rencontre_id"] in tenues:
                jour = jour_de(tenues[c["rencontre_id"]]["debut"])
                yield Ligne(le(jour), categorie=c["sorte"], jour=jour)

    def presences(self):
        tenues = self._tenues()
        for p in self.brut["ParticipationCdp"]:
            notee = p["presente"] is not None and p["personne_id"] and not p["est_invite"]
            if notee and p["rencontre_id"] in tenues:
                jour = jour_de(tenues[p["rencontre_id"]]["debut"])
                yield self.de(p["personne_id"], le(jour), nombre=int(p["presente"]), sur=1, jour=jour)

    def vues_en_personne(self):
        communautes = par_id(self.brut["Communaute"])
        for r in self._tenues().values():
            if r["mode"] in ("presence", "hybride"):
                vit = tous(le(jour_de(r["debut"])), self._vie(communautes[r["communaute_id"]]))
                yield Ligne(vit, r["communaute_id"])

    def heures_des_cdp(self):
        for h in self.brut["Heures"]:
            yield self.de(h["personne_id"], le(h["jour"]), nombre=h["minutes"], jour=h["jour"])

    # — Consultation

    def _sujet(self, pk):
        if pk is None:
            return "sujet à préciser"
        sujets = par_id(self.brut["SujetConsultation"])
        sujet = sujets[sujets[pk]["fusionne_dans_id"] or pk]
        return "sujets à classer" if sujet["a_classer"] else sujet["libelle"]

    def lignes_de_suivi(self, ruisss=None, minutes=False):
        for s in self.brut["LigneSuivi"]:
            if ruisss is None or ruisss == bool(s["expert_externe"]):
                nombre, sujet = s["minutes"] if minutes else 1, self._sujet(s["sujet_id"])
                yield self.de(s["demandeur_id"], le(s["jour"]), nombre=nombre, categorie=sujet, jour=s["jour"])

    def _passages(self):
        demandes = par_id(self.brut["DemandeConsultation"])
        for p in sorted(self.brut["PassageConsultation"], key=lambda p: p["id"]):
            yield p, demandes[p["demande_id"]], jour_de(p["quand"])

    def arrets(self):
        for p, demande, jour in self._passages():
            if p["vers"] in ("fermee", "retiree", "non_pertinente", "au_comite"):
                etat = p["de"] if p["vers"] in ("fermee", "retiree") else p["vers"]
                yield self.de(demande["demandeur_id"], le(jour), categorie=self._marche(etat))

    def _marche(self, etat):
        return next(str(rang) for rang, (_, etats) in enumerate(ECHELONS) if etat in etats)

    def premiers_avis(self):
        presentees, rendus = {}, set()
        for p, demande, jour in self._passages():
            if p["transition"] == "soumettre":
                presentees[p["demande_id"]] = jour
            elif p["transition"] == "rendre_avis" and p["demande_id"] not in rendus:
                rendus.add(p["demande_id"])
                if p["demande_id"] in presentees:
                    attente = (jour - presentees[p["demande_id"]]).days
                    yield self.de(demande["demandeur_id"], le(jour), categorie=attente, jour=jour)

    def transmises(self):
        for p, demande, jour in self._passages():
            if p["transition"] == "transmettre":
                yield self.de(
                    demande["demandeur_id"], le(jour), categorie=self._sujet(demande["sujet_id"]), objet=demande["id"]
                )

    def suites(self):
        for d in self.brut["DemandeConsultation"]:
            if d["etat"] == "fermee" and d["suite"]:
                yield self.de(d["demandeur_id"], le(jour_de(d["depuis"])), categorie=d["suite"])

    # — Concertation : ce dont la personne est exclue ne compte pas (N-02)

    def _cachees(self):
        moi = self.personne
        direction, service, _ = self.cellules[moi]
        return {
            x["situation_id"]
            for x in self.brut["Exclusion"]
            if x["levee_le"] is None
            and (
                x["personne_id"] == moi
                or (x["service_id"] and x["service_id"] == service)
                or (x["direction_id"] and x["direction_id"] == direction)
            )
        }

    def rencontres_du_comite(self):
        for r in self.brut["RencontreComite"]:
            if r["etat"] == "tenue":
                yield Ligne(le(jour_de(r["debut"])), jour=jour_de(r["debut"]))

    def _presentations(self):
        """Rend (situation, jour de la rencontre, jour du dépôt, est la première fois)."""
        cachees, vues = self._cachees(), set()
        rencontres = par_id(self.brut["RencontreComite"])
        for p in sorted(self.brut["PassageSituation"], key=lambda p: p["id"]):
            situation = p["situation_id"]
            if p["transition"] != "presenter" or situation in cachees:
                continue
            tenues = [
                rencontres[i["rencontre_id"]]["debut"]
                for i in self.brut["Inscription"]
                if i["situation_id"] == situation and rencontres[i["rencontre_id"]]["etat"] == "tenue"
            ]
            depots = [
                q["quand"]
                for q in self.brut["PassageSituation"]
                if q["situation_id"] == situation and q["transition"] == "attester" and q["quand"] <= p["quand"]
            ]
            jour = jour_de(max([debut for debut in tenues if debut <= p["quand"]], default=p["quand"]))
            yield situation, jour, jour_de(max(depots, default=None)), situation not in vues
            vues.add(situation)

    def situations(self):
        for situation, jour, *_ in self._presentations():
            yield Ligne(le(jour), situation)

    def premieres_presentations(self):
        for situation, jour, depot, premiere in self._presentations():
            if premiere and depot:
                yield Ligne(le(jour), situation, categorie=max((jour - depot).days, 0))

    def _orientations(self):
        cachees, rencontres = self._cachees(), par_id(self.brut["RencontreComite"])
        for o in self.brut["Orientation"]:
            if o["situation_id"] not in cachees:
                yield o, jour_de(rencontres[o["rencontre_id"]]["debut"])

    def orientations(self):
        closes = ("appliquee", "non_appliquee")
        for o, jour in self._orientations():
            yield Ligne(
                le(jour), o["situation_id"], (o["direction_id"], None, None), jour=jour, categorie=o["etat"],
                nombre=int(o["etat"] == "appliquee"), sur=int(o["etat"] in closes),
            )  # fmt: skip

    def appliquees(self):
        quand = {}
        for p in sorted(self.brut["PassageOrientation"], key=lambda p: p["quand"]):
            if p["transition"] == "appliquer":
                quand[p["orientation_id"]] = jour_de(p["quand"])
        for o, rencontre in self._orientations():
            if o["etat"] == "appliquee" and o["id"] in quand:
                jour = quand[o["id"]]
                attente = max((jour - rencontre).days, 0)
                cellule = (o["direction_id"], None, None)
                yield Ligne(le(jour), o["situation_id"], cellule, jour=jour, categorie=attente)


R = ReglesBrutes
_ENSEMBLE = {"groupe": False, "territoire": ()}
_DIRECTIONS = {"territoire": ("direction",), "additives": False, "datee": True}
COMMUNAUTES = Regle(R.communautes, **_ENSEMBLE)
# {code: (numérateur, dénominateur ou None)}
REGLES = {
    "mentorat.beneficiaires": (Regle(R.ententes, "distincts"), Regle(R.eligibles)),
    "mentorat.heures": (Regle(R.heures_de_mentorat, datee=True), None),
    "mentorat.attente": (Regle(R.approbations, "mediane", datee=True), None),
    "mentorat.mouvement": (
        Regle(
            R.objectifs_suivis, "repartition",
            libelles={f"{a}>{b}": f"{a} → {b}" if a != b else f"resté {a}" for a in COULEURS for b in COULEURS},
        ),
        None,
    ),
    "cdp.communautes": (COMMUNAUTES, None),
    "cdp.membres": (Regle(R.membres, "distincts"), None),
    "cdp.rapports": (Regle(R.rapports, **_ENSEMBLE), COMMUNAUTES),
    "cdp.objectifs": (
        Regle(
            R.objectifs_des_cdp, "repartition",
            libelles={"en_partie": "atteint en partie", "atteint": "atteint", "non_atteint": "non atteint"}, **_ENSEMBLE,
        ),
        None,
    ),
    "cdp.contributions": (
        Regle(
            R.contributions, "repartition", datee=True,
            libelles={
                "experience": "expérience clinique ou partage de formation",
                "donnee": "donnée probante ou pratique prometteuse",
                "coconstruction": "coconstruction visant un consensus", "autre": "autre",
                "production": "production d’un outil, d’une procédure ou autre",
            }, **_ENSEMBLE,
        ),
        None,
    ),
    "cdp.rencontres": (Regle(R.rencontres_des_cdp, datee=True, **_ENSEMBLE), None),
    "cdp.presences": (Regle(R.presences, datee=True), None),
    "cdp.en_personne": (Regle(R.vues_en_personne, "distincts", **_ENSEMBLE), COMMUNAUTES),
    "cdp.renouvellements": (Regle(R.renouvellements, **_ENSEMBLE), None),
    "cdp.heures": (Regle(R.heures_des_cdp, datee=True), None),
    "consultation.nombre_cisss": (Regle(lambda r: r.lignes_de_suivi(False), datee=True), None),
    "consultation.nombre_ruisss": (Regle(lambda r: r.lignes_de_suivi(True), datee=True), None),
    "consultation.heures_cisss": (Regle(lambda r: r.lignes_de_suivi(False, True), datee=True), None),
    "consultation.heures_ruisss": (Regle(lambda r: r.lignes_de_suivi(True, True), datee=True), None),
    "consultation.sujets": (Regle(lambda r: r.lignes_de_suivi(False), "repartition", datee=True), None),
    "consultation.echelons": (
        Regle(
            R.arrets, "repartition", datee=True, libelles={str(rang): nom for rang, (nom, _) in enumerate(ECHELONS)}
        ),
        None,
    ),
    "consultation.delai": (Regle(R.premiers_avis, "mediane", datee=True), None),
    "consultation.besoins": (Regle(R.transmises, "repartition", datee=True), None),
    "consultation.suites": (
        Regle(
            R.suites, "repartition", datee=True,
            libelles={
                "denouee": "l’impasse est dénouée", "evitee": "une demande à la DSM est évitée",
                "encore_necessaire": "une demande à la DSM est encore nécessaire", "sans_objet": "sans objet",
            },
        ),
        None,
    ),
    "concertation.rencontres": (Regle(R.rencontres_du_comite, datee=True, **_ENSEMBLE), None),
    "concertation.situations": (Regle(R.situations, "distincts", **_ENSEMBLE), None),
    "concertation.application": (Regle(R.orientations, **_DIRECTIONS), None),
    "concertation.orientations": (
        Regle(
            R.orientations, "repartition",
            libelles={
                "a_faire": "à faire", "en_cours": "en cours", "reportee": "reportée", "appliquee": "appliquée",
                "non_appliquee": "non appliquée"}, **_DIRECTIONS,
        ),
        None,
    ),
    "concertation.delai_presentation": (Regle(R.premieres_presentations, "mediane", territoire=()), None),
    "concertation.delai_application": (Regle(R.appliquees, "mediane", **_DIRECTIONS), None),
}  # fmt: skip
_CODES = {"demandeurs": "demandeur", "demandeurs_annuelle": "demandeurs-annuelle"}
SATISFACTIONS = {
    f"{mesure}.satisfaction_{qui}": f"{mesure}-{_CODES.get(qui, qui)}"
    for mesure, repondants in (
        ("mentorat", ("mentor", "mentore")),
        ("cdp", ("membres", "parrain", "gestionnaires")),
        ("consultation", ("demandeurs", "demandeurs_annuelle", "experts", "gestionnaires")),
        ("concertation", ("rencontre", "annuelle")),
    )
    for qui in repondants
}
