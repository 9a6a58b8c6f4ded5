"""Ce qui, dans un texte, annonce une identité : chaque motif nomme `v` ce qui identifie, et laisse autour l’annonce."""

import re
from enum import StrEnum


class Sorte(StrEnum):
    NAM = "un numéro d’assurance maladie"
    NAS = "un numéro d’assurance sociale"
    NAISSANCE = "une date de naissance"
    TELEPHONE = "un numéro de téléphone"
    COURRIEL = "une adresse courriel"
    ADRESSE = "une adresse"
    DOSSIER = "un numéro de dossier"
    NOM = "un nom de personne"
    INITIALES = "des initiales"


_MOIS = (
    "(?:janvier|janv|février|fevrier|févr|fevr|fév|fev|mars|avril|avr|mai|juin|juillet|juil|août|aout|"
    "septembre|sept|octobre|oct|novembre|nov|décembre|decembre|déc|dec)\\b\\.?"
)
# « 3 mai 13 h 30 » n’est pas le 3 mai 2013.
_AN = r"(?:\d{4}|[’']?\d{2})\b(?!\s*[h:])"
_COURTE = r"\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}\b|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d{2})\b"
_DATE = rf"(?:\d{{1,2}}(?:\s?er)?\s+{_MOIS}(?:,?\s+{_AN})?|{_COURTE}|{_MOIS}\s+{_AN})"
_ANNEE = r"(?:19|20)\d\d\b(?![-/.]\d)"
_SEMAINE = r"(?:(?:(?:lun|mar|mercre|jeu|vendre|same)di|dimanche)\s+)?"

_CIVIL = (
    "usager|usagère|usagere|patient|patiente|client|cliente|résident|résidente|resident|residente|bénéficiaire|"
    "monsieur|madame"
)
_PROCHE = (
    "fils|fille|mère|mere|père|pere|frère|frere|sœur|soeur|conjoint|conjointe|époux|épouse|mari|femme|voisin|voisine|"
    "ami|amie|tante|oncle|cousin|cousine|neveu|nièce|bébé|enfant"
)
_MAJ, _MIN = "A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒ", "a-zàâäçéèêëîïôöùûüÿœ"
# « Tremblay », « St-Onge », « D’Amours », « McInnis », « ROY ».
_PROPRE = rf"(?:[DdLO][’'])?[{_MAJ}][{_MAJ}{_MIN}]+(?:[-’'][{_MAJ}]?[{_MAJ}{_MIN}]+)*"
# Une espace dans la ligne : « Madame » seule sur la sienne n’annonce pas le mot de la suivante.
_BLANC = r"[^\S\n]"
_SUITE = rf"(?:{_BLANC}+(?:(?:de|du|des|la){_BLANC}+)?{_PROPRE})?"
_PRENOM = rf"(?P<prenom>[{_MAJ}][{_MIN}]+(?:-[{_MAJ}][{_MIN}]+)?)"

_CIVIQUE = r"(?<![\w.,/-])\d{1,5}(?:\s?[A-Da-d]|-\d{1,4})?,?\s+"
_ARTICLE = r"(?:(?:de|du|des|la|le|les)\s+|(?:de\s+)?l[’']|d[’'])"
_NUMERO = r"(?:(?<!\w)n\s?[o°º]s?\.?|num[ée]ro|num\.|#)"
_GENRE = r"(?:(?:m[ée]dical|clinique|hospitalier|usager|patient|de\s+l[’']usag[eè]re?|d[ue](?:\s+la)?\s+patiente?)\s+)?"

_TABLE = {
    Sorte.NAM: (
        r"(?<![\w-])(?P<v>[a-z]{4}[\s.-]{0,2}\d\d[\s.-]?\d\d[\s.-]?\d\d[\s.-]?\d\d)(?!\d)",
        r"\b(?:nam|ramq|assurance[\s-]maladie)\b[^\w\n]{0,4}(?P<v>[a-z]{4}[\s.-]{0,2}\d\d[\s.-]?\d\d[\d .-]*)",
    ),
    Sorte.NAS: (
        r"(?<![\d-])(?P<v>\d{3}[\s-]\d{3}[\s-]\d{3})(?![\d-])",
        r"\b(?:nas|assurance[\s-]sociale)\b[^\w\n]{0,4}(?P<v>\d{3}[\s.-]?\d{3}[\s.-]?\d{3})(?!\d)",
    ),
    Sorte.COURRIEL: (r"(?<![\w.+-])(?P<v>[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+)",),
    Sorte.TELEPHONE: (
        r"(?<![\d.,-])(?P<v>(?:\+?1[\s.-]{0,2})?\(?[2-9]\d\d\)?[\s.\u2011–-]{0,2}[2-9]\d\d[\s.\u2011–-]{0,2}\d{2}[\s.-]?\d{2})(?!\d|[,.]\d)",
        r"\b(?:t[ée]l(?:[ée]phone)?|cell(?:ulaire)?|joindre|r?appel(?:er|le)|rejoindre|num[ée]ro|maison)\b\.?"
        r"[^\d\n.]{0,20}(?P<v>[2-9]\d\d[\s.–-]\d{4})(?!\d)",
        r"(?<![\d.,/-])(?P<v>[2-9]\d\d-\d{3}[1-9])(?![\d-])(?!\s?(?:mg|ml|g|kg|kcal|ui|pas|m|cm|h|min|unit|\$|%))",
    ),
    Sorte.NAISSANCE: (
        rf"(?<![\w-])n[ée](?:e|\(e\)|·e|\.e)?s?\s+(?:[àa]\s+[\w’' -]{{2,30}}?,?\s+)?(?:(?:le|en|au|un)\s+)?"
        rf"{_SEMAINE}(?P<v>{_DATE}|(?<=en ){_ANNEE})",
        r"(?:\bd\.?\s?d\.?\s?n\b\.?|\bdate\s+de\s+naiss(?:ance)?\b\.?|\bnaissance\b|\bdob\b)[^\w\n]{0,5}"
        rf"(?:(?:le|du|est|en)\s+){{0,2}}(?P<v>{_DATE}|\d{{8}}\b|\d{{6}}\b|{_ANNEE})",
        r"\b(?:f[êe]te(?:ra|rait)?|aura|c[ée]l[èe]bre(?:ra)?)\s+(?:ses\s+)?\d{1,3}\s+ans\s+(?:le|en)\s+"
        rf"(?P<v>{_DATE})",
        rf"\banniversaire\s*(?::|est|tombe)?\s*le\s+(?P<v>{_DATE})",
        rf"\b(?:homme|femme|gar[çc]on|fille|{_CIVIL})[\s,(:]{{1,3}}(?P<v>19\d\d\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?\d{{1,2}}|"
        r"\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?19\d\d)\b",
    ),
    Sorte.ADRESSE: (
        rf"{_CIVIQUE}(?P<v>(?:rue|avenue|av\.|boulevard|boul\.?|bd|blvd)\s+{_ARTICLE}*[\w-]+)",
        rf"{_CIVIQUE}(?P<v>(?:chemin|ch\.|chem\.|route|rte|ruelle|croissant|impasse|rang|montée|place|côte|allée|"
        rf"terrasse|carré|promenade|quai)\s+{_ARTICLE}*(?:(?-i:[{_MAJ}])[\w-]+|\d+\b))",
        rf"{_CIVIQUE}(?P<v>(?:chemin|ch\.|route|rte|ruelle|croissant|impasse)\s+{_ARTICLE}+[\w-]+)",
        rf"{_CIVIQUE}(?P<v>\d{{1,3}}e\s+(?:rue|avenue|rang)\b)",
        r"\b(?:habit\w+|demeur\w+|r[ée]sid\w+|domicili[ée]e?|adresse)\s*(?:actuelle\s*)?(?::|au|[àa]\s+l[’']adresse)\s*"
        r"(?P<v>\d{1,5}(?![\d.:]|\s?(?:e|er|re|[èi]?[èe]me|h|ans?|mois|jours?|semaines?)\b)[,\s]+[\w-]+)",
        r"(?<![\w-])(?P<v>[abceghj-nprstvxy]\d[abceghj-nprstv-z][\s-]?\d[abceghj-nprstv-z]\d)(?![\w-])",
    ),
    Sorte.DOSSIER: (
        rf"\bdossiers?\s+{_GENRE}(?:(?:{_NUMERO}|:)\s*)*(?:est\s+)?"
        r"(?P<v>(?!(?:19|20)\d\d[-/. ]\d)(?:[a-z]{0,3}-?\d[\d-]{3,}\d|[a-z]{1,3}-\d{3,}|\d{3}[\s.]\d{3}\b))",
        rf"\bdossier\s+{_GENRE}(?:{_NUMERO}\s*[:.]?|:)\s*(?:est\s+)?"
        r"(?P<v>(?!(?:19|20)\d\d(?:[-/. ]\d|\b))[a-z]{0,3}-?\d{4,}[\d-]*)",
        rf"{_NUMERO}\s*(?:de\s+|du\s+|d[’'])?(?:dossier|usag[eè]re?|patiente?|cliente?|hospitalisation)s?\s*"
        rf"{_GENRE}(?:{_NUMERO}|:|est|=)?\s*(?:le\s+)?(?P<v>[a-z]{{0,3}}-?\d{{2}}[\d\s-]*\d)",
        rf"\b(?:{_CIVIL}|mrn)s?\s*(?:{_NUMERO}|:)\s*(?P<v>[a-z]{{0,3}}-?\d{{3,}}[\d-]*)",
        r"(?<![\w&#/])#\s?(?P<v>\d{5,})\b",
    ),
}
# Ici, la majuscule fait le nom.
_TABLE_DES_NOMS = (
    rf"(?<!\w)(?:M\.|Mr\.?|MM\.|[Mm]onsieur|MONSIEUR){_BLANC}?(?P<v>{_PROPRE}{_SUITE})",
    rf"(?<!\w)(?:Mmes?|MME|Mlle|Mad\.|[Mm]adame|MADAME|[Mm]ademoiselle)\.?{_BLANC}?(?P<v>{_PROPRE}{_SUITE})",
    rf"(?<!\w)(?i:{_CIVIL}){_BLANC}+(?P<v>{_PROPRE}(?:,?{_BLANC}+{_PROPRE})?)",
    # Après un deux-points, une majuscule seule n’est qu’un début de phrase : « Usager : Anxieux ».
    rf"(?<!\w)(?i:{_CIVIL})\s?:\s?(?P<v>{_PROPRE},?{_BLANC}+{_PROPRE})",
    rf"(?<!\w)(?:(?i:nomm[ée]e?|pr[ée]nomm[ée]e?)|(?i:pr[ée]nom|nom)\s*:|[Ss][’']appelle){_BLANC}+(?P<v>{_PROPRE}{_SUITE})",
    rf"(?<!\w)(?i:mon|ma|son|sa|leur)\s+(?:(?:petite?|belle|beau)[\s-])?(?:{_PROCHE}),?{_BLANC}+(?P<v>{_PROPRE}{_SUITE})",
    rf"(?<![\w-])(?P<v>{_PRENOM}{_BLANC}+{_PROPRE})",
    rf"(?<![\w-])(?P<v>{_PROPRE},{_BLANC}{_PRENOM})(?![\w-])",
    rf"(?<![\w-])(?P<v>[{_MAJ}]{{2,}}(?:-[{_MAJ}]{{2,}})*{_BLANC}{_PRENOM})(?![\w-])",
)
# « Mme T. », « M. J.-P. B. », « usagère (A.B.) », « J.T. » : deux ou trois lettres, chacune suivie d’un point.
_LETTRES = rf"[{_MAJ}]\.(?:{_BLANC}?-?{_BLANC}?[{_MAJ}]\.){{1,2}}"
_TABLE_DES_INITIALES = (
    rf"(?<!\w)(?:M\.|Mr|[Mm]onsieur|Mme|Mlle|[Mm]adame){_BLANC}+(?P<v>(?:[{_MAJ}]\.?{_BLANC}?-?){{1,3}})(?![\w’'])",
    rf"(?<!\w)(?i:initiales?){_BLANC}*(?::|sont)?{_BLANC}*(?P<v>(?:[{_MAJ}]\.?{_BLANC}?-?){{2,4}})(?!\w)",
    rf"(?<!\w)(?i:{_CIVIL}){_BLANC}+\(?(?P<v>[{_MAJ}]\.)(?!{_BLANC}?[{_MAJ}]\.)",
    rf"(?<![\w.])(?P<v>{_LETTRES})(?!{_BLANC}?[{_MAJ}]\.|\w)",
)

MOTIFS = tuple(
    (sorte, re.compile(motif, re.IGNORECASE)) for sorte, motifs in _TABLE.items() for motif in motifs
) + tuple((Sorte.NOM, re.compile(motif)) for motif in _TABLE_DES_NOMS)
# Ailleurs, « Mme T. » passe pour dépersonnalisé ; là où un code nomme la situation, des initiales en disent trop.
MOTIFS_ET_INITIALES = MOTIFS + tuple((Sorte.INITIALES, re.compile(motif)) for motif in _TABLE_DES_INITIALES)
# Des abréviations d’usage qui ont la même forme.
PAS_DES_INITIALES = frozenset(
    "CA CM AM PM IV IM SC PO PRN RV SV DM RH TS PS NB SVP RSVP TSA USA ONU OBNL CV QC PTI".split()
)

# Un programme naît aussi, sans fêter ses ans.
PAS_UNE_PERSONNE = re.compile(
    r"\b(?:programmes?|projets?|communautés?|cdp|id[ée]e|comit[ée]s?|pratique|mesure|initiative|[ée]quipe|approche|service|"
    r"cadre|besoin|outil|groupe|politique|clinique|unit[ée]|d[ée]marche|collaboration|entente|formation|table)"
    r"(?:(?:\s+[\w’'-]+){0,2}\s+(?:est|sont|[ée]tait|fut))?\s*$",
    re.IGNORECASE,
)
# Ces indicatifs joignent un organisme, jamais une personne.
SANS_FRAIS = re.compile(r"(?:800|833|844|855|866|877|888)\D{0,3}$")
# L’auteur d’une échelle, ou la personne dont un établissement porte le nom, n’est pas un usager.
CITE = re.compile(
    r"\b(?:selon|d[’']apr[eè]s|th[ée]orie|mod[eè]le|approche|[ée]chelle|test|m[ée]thode|auteure?s?|index|grille|livre|"
    r"[ée]tude|article|syndrome|maladie|manœuvre|signe|score|h[ôo]pital|clsc|chsld|pavillon|centre|fondation|[ée]cole|"
    r"salle|pharmacie|r[ée]sidence|manoir|villa|maison|parc|ar[ée]na|polyvalente|c[ée]gep)\s+(?:(?:de|du|des|par)\s+|d[’'])?(?:la\s+)?$",
    re.IGNORECASE,
)
PAS_DES_NOMS = frozenset(
    """
    le la les il elle ils elles nous vous on cette ce ces cet son sa ses un une des et ou mais donc car dans pour avec aucun
    aucune chaque qui que dont où puis ensuite comme selon sans depuis durant pendant après avant chez vers en au aux du de
    si quand lors tout toute tous toutes untel unetelle tel telle

    alzheimer parkinson asperger crohn down tourette braden berg morse tinetti charcot raynaud sjögren lewy huntington
    mpoc avc tdah tsa tcc dsm cisss clsc chsld sad rls ruisss cm cdp appr urgence soins cat oemc iucpq ramq saaq cnesst
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi vendredi
    samedi dimanche gaspé gaspésie maria chandler carleton bonaventure québec canada
    """.split()
)
