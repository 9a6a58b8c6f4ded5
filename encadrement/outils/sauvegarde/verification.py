"""L’exercice : ce qu’une base restaurée doit montrer avant qu’on s’y fie. Chaque écart est une phrase ; aucun, tout va."""

import hashlib
from dataclasses import dataclass, field

from cryptography.fernet import InvalidToken
from django.core.files.storage import default_storage
from django.db import connection

from concertation.models import Recit
from encadrement.journal.actions import anomalies
from encadrement.notifications.models import Courriel
from encadrement.outils.rotation import colonnes_chiffrees, lots
from encadrement.outils.sauvegarde.releve import fichiers_designes, relever
from encadrement.outils.sauvegarde.retenue import EN_FILE
from encadrement.signatures.models import Instantane
from encadrement.socle import coffre

_MORCEAU = 1024 * 1024
MONTRES = 20


@dataclass
class Constat:
    """Ce qui a été vérifié, {quoi: combien}, et ce qui ne va pas."""

    verifies: dict = field(default_factory=dict)
    ecarts: list = field(default_factory=list)

    def noter(self, quoi, combien, ecarts):
        self.verifies[quoi] = combien
        self.ecarts += ecarts


def comparer(manifeste, constat):
    """Compare la base, telle qu’elle vient d’être rechargée, à ce que le manifeste en disait."""
    with connection.cursor() as curseur:
        releve = relever(curseur)
    tables = sorted(set(releve["tables"]) | set(manifeste.tables))
    constat.noter(
        "tables",
        len(tables),
        [
            f"{table}\xa0: {releve['tables'].get(table, 'aucune')} ligne(s) au lieu de {manifeste.tables.get(table, 0)}."
            for table in tables
            if releve["tables"].get(table) != manifeste.tables.get(table)
        ],
    )
    if releve["journal"] != manifeste.journal:
        constat.ecarts.append("Le bout du journal n’est pas celui de la sauvegarde.")


def verifier(constat, *, avec_cles):
    """Relit tout ce dont la base répond : journal, contenus signés, fichiers, colonnes chiffrées, clés, file d’envoi."""
    constat.noter("entrées du journal", relever_le_journal(), anomalies())
    instantanes = Instantane.objects.order_by("pk")
    constat.noter(
        "contenus signés",
        instantanes.count(),
        [f"Contenu signé {i.uuid}\xa0: altéré." for i in instantanes.iterator() if not i.est_intact],
    )
    _verifier_les_fichiers(constat)
    _verifier_les_colonnes(constat)
    if avec_cles:
        _verifier_les_cles(constat)
    en_file = Courriel.objects.filter(etat__in=EN_FILE).count()
    constat.noter("courriels", Courriel.objects.count(), [f"{en_file} courriel(s) repartiraient."] if en_file else [])


def relever_le_journal():
    with connection.cursor() as curseur:
        return relever(curseur)["journal"]["entrees"]


def _verifier_les_fichiers(constat):
    with connection.cursor() as curseur:
        designes = fichiers_designes(curseur)
    ecarts = [ecart for nom, attendu in designes.items() if (ecart := _ecart_du_fichier(nom, attendu))]
    constat.noter("fichiers et PDF scellés", len(designes), ecarts)


def _ecart_du_fichier(nom, attendu):
    somme = hashlib.sha256()
    try:
        with default_storage.open(nom) as flux:
            while morceau := flux.read(_MORCEAU):
                somme.update(morceau)
    except OSError:
        return f"{nom}\xa0: la base le désigne, il ne s’ouvre pas."
    return "" if somme.hexdigest() == attendu else f"{nom}\xa0: son contenu n’est plus celui que la base connaît."


def _verifier_les_colonnes(constat):
    """Ouvre chaque valeur chiffrée, sans la montrer : sans les bonnes CLES_CHAMPS, la base restaurée ne servirait à rien."""
    vues, ecarts = 0, []
    for modele, champ in colonnes_chiffrees():
        fermees = 0
        for lot in lots(modele, champ):
            vues += len(lot)
            fermees += sum(not _s_ouvre(jeton) for _, jeton in lot)
        if fermees:
            ecarts.append(
                f"{modele._meta.verbose_name}, {champ.name}\xa0: {fermees} valeur(s) que CLES_CHAMPS n’ouvre pas."
            )
    constat.noter("valeurs chiffrées", vues, ecarts)


def _s_ouvre(jeton):
    try:
        coffre.rechiffrer(jeton.encode())
    except InvalidToken:
        return False
    return True


def _verifier_les_cles(constat):
    """Chaque récit a sa clé, que l’établissement ouvre ; aucune clé détruite n’est revenue."""
    presentes, detruites = {nom for nom, _ in coffre.cles()}, coffre.detruites()
    attendues = {str(nom) for nom in Recit.objects.exclude(chiffre="").values_list("situation__uuid", flat=True)}
    ecarts = [f"Situation {nom}\xa0: sa clé manque." for nom in sorted(attendues - presentes - detruites)]
    ecarts += [f"Situation {nom}\xa0: sa clé, détruite, est revenue." for nom in sorted(presentes & detruites)]
    ecarts += [f"Situation {nom}\xa0: CLES_CHAMPS n’ouvre pas sa clé." for nom in coffre.fermees()]
    constat.noter("clés de situations", len(presentes), ecarts)
