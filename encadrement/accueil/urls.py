"""Les adresses des pages communes."""

from django.urls import path

from encadrement.accueil.views import accueil, delegations, profil, reconnexion, roles

app_name = "accueil"
urlpatterns = [
    path("", accueil.a_faire, name="a_faire"),
    path("lu/", accueil.fil_lu, name="fil_lu"),
    path("recherche/", accueil.recherche, name="recherche"),
    path("qui-doit-faire-quoi/", accueil.qui_doit_faire_quoi, name="qui_doit_faire_quoi"),
    path("profil/", profil.profil, name="profil"),
    path("profil/mes-donnees/", profil.mes_donnees, name="mes_donnees"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("delegations/<uuid:uuid>/revoquer/", delegations.revoquer, name="delegation_revoquer"),
    path("roles/", roles.roles, name="roles"),
    path("roles/proposer/", roles.proposer, name="role_proposer"),
    path("roles/<uuid:uuid>/approuver/", roles.approuver, name="role_approuver"),
    path("roles/<uuid:uuid>/terminer/", roles.terminer, name="role_terminer"),
    path("reconnexion/", reconnexion.reconnexion, name="reconnexion"),
]
