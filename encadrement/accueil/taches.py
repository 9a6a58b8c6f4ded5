"""Ce que les pages communes attendent elles-mêmes de quelqu’un : approuver un rôle proposé."""

from django.urls import reverse

from encadrement.accueil.droits import DROITS_ATTRIBUTION
from encadrement.accueil.mesures import Tache
from encadrement.socle.temps import jour_local


def roles_a_approuver(personne):
    """Rend une tâche par rôle proposé que la personne peut approuver (N-12) ; sans requête pour qui n’approuve rien."""
    approbateurs = {role.code for role in DROITS_ATTRIBUTION.actes["approuver"].roles}
    if not approbateurs & personne.roles_attribues:
        return []
    attente = DROITS_ATTRIBUTION.objets(personne, "approuver").filter(approuvee_par=None)
    return [
        Tache(
            geste="Approuver un rôle",
            dossier=f"{attribution.personne}, {attribution.get_role_display()}",
            url=reverse("accueil:role_approuver", args=[attribution.uuid]),
            echeance=attribution.debut if attribution.debut >= jour_local() else None,
        )
        for attribution in attente.exclude(fin__lt=jour_local()).select_related("personne")
    ]
