"""Ce que le comité attend de chacun, pour quand, et qui relancer : un code, jamais autre chose (produit, sections 4 et 6)."""
