"""Les annonces du comité : un code, un geste, un lien ; jamais à une personne exclue (N-02, N-08)."""

from concertation.droits import EXCLU
from encadrement.notifications.annonces import annonces

_annoncer = annonces("concertation")


def annoncer(gabarit, situation, a, fait, *, objet=None, **options):
    """Annonce un fait sur une situation ; `objet` (une orientation) porte le lien quand ce n’est pas la situation."""
    joignables = [personne for personne in a if personne is not None and not EXCLU.tenu_par(personne, situation)]
    _annoncer(gabarit, objet or situation, joignables, fait, **options)


annoncer_du_comite = _annoncer
