"""Les annonces des communautés de pratique."""

from encadrement.notifications.annonces import annonces

annoncer = annonces("cdp")


def membres(communaute, *, sauf=None):
    """Rend les personnes membres aujourd’hui ; la liste d’envoi suit donc d’elle-même les départs (R-459)."""
    return [adhesion.personne for adhesion in communaute.membres() if sauf is None or adhesion.personne_id != sauf.pk]


def responsables(communaute):
    """Rend l’animateur (ou le duo) et le secrétaire."""
    return [a.personne for a in communaute.membres().filter(role__in=("animateur", "secretaire"))]
