"""LES VERBES du mentorat : une fonction par acte, dans une seule transaction, seule voie vers son effet."""
