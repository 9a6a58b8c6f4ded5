"""Les pages communes : à faire, recherche, profil, délégations, rôles."""
