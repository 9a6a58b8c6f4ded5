"""Ce qui reste à faire, pour quand, et qui relancer (produit, sections 4 et 6)."""
