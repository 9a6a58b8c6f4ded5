"""LES VERBES de la consultation d’experts : une fonction par acte, dans une seule transaction, seule voie vers son effet."""
