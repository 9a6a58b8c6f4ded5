"""Les communautés d’une personne : pour l’accueil, la recherche commune et ses données.

On y cherche des communautés, des outils et des appels, jamais un ordre du jour ni un compte rendu.
"""

from django.db.models import Q

from cdp.droits import DROITS_APPEL, DROITS_COMMUNAUTE, DROITS_OUTIL
from cdp.models import (
    EN_COURS,
    Adhesion,
    Appel,
    Communaute,
    Contribution,
    EtatAdhesion,
    EtatCommunaute,
    Heures,
    Outil,
    ParticipationCdp,
    ReponseAppel,
    RoleCdp,
    Sujet,
)
from encadrement.accueil.mesures import Dossier
from encadrement.personnes.models import sans_accents
from encadrement.rencontres.models import Reponse

MONTRES = 20
_PARRAINEES = (EtatCommunaute.PROPOSEE, EtatCommunaute.ACTIVE, EtatCommunaute.SUSPENDUE)


def dossiers(personne):
    """Rend les communautés dont la personne est membre, qu’elle met en route ou qu’elle parraine."""
    adhesions = list(
        Adhesion.objects.filter(personne=personne, etat__in=EN_COURS)
        .exclude(communaute__etat=EtatCommunaute.DISSOUTE)
        .select_related("communaute")
        .order_by("-communaute__depuis")[:MONTRES]
    )
    rendus = [_de_l_adhesion(adhesion) for adhesion in adhesions]
    miennes = {adhesion.communaute_id for adhesion in adhesions}
    autres = Communaute.objects.filter(
        Q(creee_par=personne, etat=EtatCommunaute.EN_PREPARATION)
        | Q(parrain__in=sorted(personne.represente_ids), etat__in=_PARRAINEES)
    ).order_by("-depuis")
    for communaute in autres[:MONTRES]:
        if communaute.pk not in miennes:
            initie = communaute.etat == EtatCommunaute.EN_PREPARATION
            rendus.append(
                _dossier(communaute, "la personne qui la met en route" if initie else "le gestionnaire parrain")
            )
    return rendus


def _de_l_adhesion(adhesion):
    if adhesion.etat == EtatAdhesion.ACTIVE:
        return _dossier(adhesion.communaute, adhesion.get_role_display())
    return _dossier(adhesion.communaute, f"adhésion {adhesion.get_etat_display()}")


def _dossier(communaute, titre=""):
    return Dossier(
        nom=communaute.nom,
        url=communaute.get_absolute_url(),
        etat=communaute.get_etat_display(),
        etat_code=communaute.etat,
        titre=titre,
        bouge_le=communaute.depuis,
    )


def chercher(personne, texte):
    """Rend les communautés visibles de ce nom, et les outils et les appels de celles dont la personne est membre."""
    mots = sans_accents(texte).split()
    communautes = DROITS_COMMUNAUTE.objets(personne).chercher(texte)[:MONTRES]
    return [
        *(_dossier(communaute) for communaute in communautes),
        *_publications(DROITS_OUTIL.objets(personne).visibles(), "description", "outil", mots),
        *_publications(DROITS_APPEL.objets(personne).visibles(), "texte", "appel à tous", mots),
    ]


def _publications(publications, corps, sorte, mots):
    # La base ne sait pas comparer sans accents ; on ne lit que ce que publient les communautés de la personne.
    lus = publications.order_by("-publiee_le").values_list("pk", "titre", corps)
    trouves = [pk for pk, *textes in lus if all(mot in sans_accents(" ".join(textes)) for mot in mots)]
    for publication in publications.filter(pk__in=trouves[:MONTRES]).select_related("communaute"):
        yield Dossier(
            nom=publication.titre,
            url=publication.get_absolute_url(),
            titre=f"{sorte}, {publication.communaute}",
            bouge_le=publication.publiee_le,
        )


def acteurs(personne):
    """Rend les acteurs du cadre que la personne est par ses communautés : membre, animateur, parrain."""
    roles = set(
        Adhesion.objects.actives()
        .filter(personne=personne)
        .exclude(communaute__etat=EtatCommunaute.DISSOUTE)
        .values_list("role", flat=True)
    )
    codes = {"membre_cdp"} if roles else set()
    if RoleCdp.ANIMATEUR in roles:
        codes.add("animateur")
    if Communaute.objects.filter(parrain=personne, etat__in=_PARRAINEES).exists():
        codes.add("parrain")
    return codes


def donnees(personne):
    """Rend les données de la personne dans ses communautés, pour « Mes données » (A-2.1, art. 63.5)."""
    return [
        ("adhesions", [_adhesion(ligne) for ligne in _avec_communaute(Adhesion.objects.filter(personne=personne))]),
        ("presences", [_presence(ligne) for ligne in _participations(personne)]),
        ("heures", [_heures(ligne) for ligne in _avec_communaute(Heures.objects.filter(personne=personne))]),
        ("contributions", [_contribution(ligne) for ligne in _contributions(personne)]),
        ("publications", list(_ce_qu_elle_a_publie(personne))),
    ]


def _avec_communaute(lignes):
    return lignes.select_related("communaute")


def _adhesion(adhesion):
    return {
        "communaute": adhesion.communaute.nom,
        "role": adhesion.get_role_display(),
        "etat": adhesion.get_etat_display(),
        "du": adhesion.debut,
        "au": adhesion.fin,
        "mandat_jusqu_au": adhesion.mandat_fin,
        "motivation": adhesion.motivation,
    }


def _participations(personne):
    return (
        ParticipationCdp.objects.filter(personne=personne)
        .select_related("rencontre__communaute")
        .order_by("rencontre__debut")
    )


def _presence(participation):
    rencontre = participation.rencontre
    return {
        "communaute": rencontre.communaute.nom,
        "date": rencontre.jour,
        "minutes": rencontre.minutes,
        "reponse": Reponse(participation.reponse).label,
        "presente": participation.presente,
    }


def _heures(ligne):
    return {
        "communaute": ligne.communaute.nom,
        "date": ligne.jour,
        "sorte": ligne.get_sorte_display(),
        "minutes": ligne.minutes,
        "precision": ligne.precision,
    }


def _contributions(personne):
    return Contribution.objects.filter(auteur=personne).select_related("rencontre__communaute")


def _contribution(contribution):
    return {
        "communaute": contribution.rencontre.communaute.nom,
        "date": contribution.rencontre.jour,
        "sorte": contribution.get_sorte_display(),
        "precision": contribution.precision,
    }


def _ce_qu_elle_a_publie(personne):
    for modele, titre, corps in (
        (Outil, "titre", "description"),
        (Sujet, "texte", ""),
        (Appel, "titre", "texte"),
        (ReponseAppel, "", "texte"),
    ):
        chemin = "appel__communaute" if modele is ReponseAppel else "communaute"
        for publication in modele.objects.filter(auteur=personne).select_related(chemin).order_by("publiee_le"):
            yield {
                "sorte": str(modele._meta.verbose_name),
                "communaute": publication.communaute.nom,
                "le": publication.publiee_le,
                "titre": getattr(publication, titre) if titre else "",
                "texte": getattr(publication, corps) if corps else "",
                "retiree_le": publication.retiree_le,
                "motif_retrait": publication.motif_retrait,
            }
