"""Les dossiers de mentorat d’une personne : pour l’accueil, la recherche et ses données."""

from django.db.models import Q

from encadrement.accueil.mesures import Dossier
from encadrement.personnes.models import Personne, sans_accents
from mentorat.droits import DROITS_DEMANDE, DROITS_ENTENTE
from mentorat.models import (
    DemandeMentorat,
    Entente,
    EtatDemande,
    EtatEntente,
    EtatFiche,
    FicheMentor,
    NoteDyade,
    NotePersonnelle,
    RencontreMentorat,
)

MONTRES = 20


def dossiers(personne):
    """Rend les ententes, demandes et fiche où la personne est partie, les plus récemment bougées d’abord."""
    ententes = Entente.objects.de_la_personne(personne).avec_parties().order_by("-depuis")[:MONTRES]
    demandes = (
        DemandeMentorat.objects.filter(mentore=personne)
        .exclude(etat__in=(EtatDemande.JUMELEE, EtatDemande.RETIREE))
        .select_related("mentore")
    )
    fiches = FicheMentor.objects.filter(personne=personne).select_related("personne")
    return [
        *(_dossier(entente, _titre(personne, entente)) for entente in ententes),
        *(_dossier(demande, "le mentoré") for demande in demandes),
        *(_dossier(fiche, "", nom="Ma fiche au bottin des mentors") for fiche in fiches),
        *(_dossier(entente, "le gestionnaire") for entente in _de_mes_gens(personne)),
    ]


def _de_mes_gens(personne):
    """Les ententes vivantes ou à approuver de ceux dont la personne est le gestionnaire, ou le représente."""
    return (
        Entente.objects.filter(mentore__superieur__in=personne.represente_ids)
        .exclude(etat__in=(EtatEntente.CLOSE, EtatEntente.CESSEE, EtatEntente.REFUSEE, EtatEntente.ABANDONNEE))
        .avec_parties()
        .order_by("-depuis")[:MONTRES]
    )


def _titre(personne, entente):
    return "le mentor" if entente.mentor_id == personne.pk else "le mentoré"


def _dossier(objet, titre, nom=""):
    return Dossier(
        nom=nom or str(objet),
        url=objet.get_absolute_url(),
        etat=objet.get_etat_display(),
        etat_code=objet.etat,
        titre=titre,
        bouge_le=objet.depuis,
    )


def chercher(personne, texte):
    """Rend les ententes et demandes visibles dont une partie porte ce nom, ou dont c’est le numéro."""
    par_nom = Q()
    for mot in sans_accents(texte).split():
        par_nom &= Q(mentor__cle_recherche__contains=mot) | Q(mentore__cle_recherche__contains=mot)
    par_numero = Q(numero__icontains=texte.strip())
    ententes = DROITS_ENTENTE.objets(personne).filter(par_nom | par_numero).avec_parties()[:MONTRES]
    demandes = (
        DROITS_DEMANDE.objets(personne)
        .filter(mentore__in=Personne.objects.chercher(texte))
        .select_related("mentore")[:MONTRES]
    )
    return [*(_dossier(entente, "") for entente in ententes), *(_dossier(demande, "") for demande in demandes)]


def acteurs(personne):
    """Rend les acteurs du cadre que la personne est par ses dossiers : mentor (bottin ou entente), mentoré."""
    ententes = Entente.objects.de_la_personne(personne).values_list("mentor_id", "mentore_id")
    au_bottin = FicheMentor.objects.filter(personne=personne, etat__in=(EtatFiche.ACTIVE, EtatFiche.EN_PAUSE))
    codes = {"mentor" if mentor == personne.pk else "mentore" for mentor, _ in ententes}
    if "mentor" not in codes and au_bottin.exists():
        codes.add("mentor")
    return codes


def donnees(personne):
    """Rend les données de mentorat de la personne, pour l’exportation « Mes données » (A-2.1, art. 63.5)."""
    ententes = Entente.objects.de_la_personne(personne).avec_parties()
    notes = [*NoteDyade.objects.filter(auteur=personne), *NotePersonnelle.objects.filter(auteur=personne)]
    return [
        (
            "ententes",
            [
                {
                    "numero": entente.numero,
                    "titre": _titre(personne, entente),
                    "etat": entente.get_etat_display(),
                    "du": entente.debut,
                    "au": entente.fin,
                }
                for entente in ententes
            ],
        ),
        (
            "rencontres",
            [
                {"entente": rencontre.entente.numero, "date": rencontre.jour, "minutes": rencontre.minutes}
                for rencontre in RencontreMentorat.objects.filter(entente__in=ententes).select_related("entente")
            ],
        ),
        (
            "notes",
            [{"sorte": str(note._meta.verbose_name), "le": note.ecrite_le, "texte": note.texte} for note in notes],
        ),
        (
            "demandes",
            [
                {"etat": demande.get_etat_display(), "cree_le": demande.cree_le, "description": demande.description}
                for demande in DemandeMentorat.objects.filter(mentore=personne)
            ],
        ),
    ]
