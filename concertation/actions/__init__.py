"""LES VERBES du comité de concertation : une fonction par acte, dans une seule transaction, seule voie vers son effet."""
