"""Ce que la consultation d’experts attend de chacun, pour quand, et qui relancer (produit, sections 4 et 6)."""
