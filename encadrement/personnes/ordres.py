"""Les ordres professionnels : les données RH les écrivent tantôt au long, tantôt en sigle ; on garde le sigle."""

from encadrement.personnes.models import sans_accents

ORDRES = {
    "CMQ": "Collège des médecins du Québec",
    "OCCOQ": "Ordre des conseillers et conseillères d’orientation du Québec",
    "ODNQ": "Ordre des diététistes-nutritionnistes du Québec",
    "OEQ": "Ordre des ergothérapeutes du Québec",
    "OHDQ": "Ordre des hygiénistes dentaires du Québec",
    "OIIAQ": "Ordre des infirmières et infirmiers auxiliaires du Québec",
    "OIIQ": "Ordre des infirmières et infirmiers du Québec",
    "OOAQ": "Ordre des orthophonistes et audiologistes du Québec",
    "OPIQ": "Ordre professionnel des inhalothérapeutes du Québec",
    "OPPQ": "Ordre professionnel de la physiothérapie du Québec",
    "OPQ": "Ordre des psychologues du Québec",
    "OPSQ": "Ordre professionnel des sexologues du Québec",
    "OPTMQ": "Ordre professionnel des technologistes médicaux du Québec",
    "OPPQ (psychoéducation)": "Ordre des psychoéducateurs et psychoéducatrices du Québec",
    "OTIMROEPMQ": "Ordre des technologues en imagerie médicale, en radio-oncologie et en électrophysiologie médicale"
    " du Québec",
    "OTSTCFQ": "Ordre des travailleurs sociaux et des thérapeutes conjugaux et familiaux du Québec",
    "OPhQ": "Ordre des pharmaciens du Québec",
}
_PAR_NOM = {sans_accents(nom): sigle for sigle, nom in ORDRES.items()}
_PAR_SIGLE = {sigle.casefold(): sigle for sigle in ORDRES}


def sigle(texte):
    """Rend le sigle de l’ordre écrit en sigle ou au long ; un ordre inconnu reste tel qu’écrit."""
    propre = " ".join(texte.split())
    return _PAR_SIGLE.get(propre.casefold()) or _PAR_NOM.get(sans_accents(propre)) or propre


def au_long(texte):
    """Rend le nom complet de l’ordre dont on donne le sigle ; un texte inconnu reste tel quel."""
    return ORDRES.get(texte, texte)
