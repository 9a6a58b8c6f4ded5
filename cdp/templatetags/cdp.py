"""Les onglets d’une communauté : ses pages, pour qui y a droit."""

from dataclasses import dataclass

from django import template
from django.urls import reverse

from cdp.droits import DROITS_COMMUNAUTE
from cdp.models import AGREEES

register = template.Library()


@dataclass(frozen=True)
class _Onglet:
    """Une page de la communauté, l’un des actes qui l’ouvre, et le début du nom des pages qui s’y rattachent."""

    libelle: str
    nom: str
    actes: frozenset
    debuts: tuple = ()

    def contient(self, page):
        return page == self.nom or page.startswith(self.debuts)


def _onglet(libelle, nom, actes, *debuts):
    return _Onglet(libelle, nom, frozenset(actes.split()), debuts)


FICHE = _onglet("Fiche", "communaute", "voir")
ONGLETS = (
    FICHE,
    _onglet("Membres", "communaute_membres", "voir", "adhesion", "communaute_inviter", "communaute_demander_adhesion"),
    _onglet("Rencontres", "communaute_rencontres", "voir_rencontres", "rencontre", "point", "piece"),
    _onglet("Suivis", "communaute_suivis", "voir_vie", "suivi"),
    _onglet("Plan et rapport", "communaute_annees", "voir_annee", "plan", "rapport"),
    _onglet(
        "Heures",
        "communaute_heures",
        "voir_heures consigner_heures",
        "heures",
        "depassement",
        "communaute_demander_heures",
        "communaute_releve",
    ),
    _onglet("Outils", "outils", "voir_vie", "outil"),
    _onglet("Sujets", "sujets", "voir_vie", "sujet"),
    _onglet("Appels", "appels", "voir_vie", "appel", "reponse"),
)


@register.inclusion_tag("cdp/onglets.html", takes_context=True)
def onglets(context, communaute):
    """Montre les pages de la communauté que la personne peut ouvrir ; celle où elle est se lit de l’adresse."""
    request = context["request"]
    permis = DROITS_COMMUNAUTE.permis(request.user, communaute)
    if communaute.etat not in AGREEES:
        # Rien n’a encore eu lieu : une communauté qui se prépare n’a que sa fiche et ses gens.
        permis &= {"voir"}
    page = request.resolver_match.url_name if request.resolver_match else ""
    ici = next((onglet for onglet in ONGLETS if onglet.contient(page)), FICHE)
    return {
        "onglets": [
            {
                "libelle": onglet.libelle,
                "url": reverse(f"cdp:{onglet.nom}", args=[communaute.uuid]),
                "est_ici": onglet is ici,
                "est_la_page": page == onglet.nom,
            }
            for onglet in ONGLETS
            if onglet.actes & permis
        ]
    }
