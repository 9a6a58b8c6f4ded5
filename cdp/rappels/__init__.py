"""Ce que les communautés attendent de chacun, pour quand, et qui relancer (produit, sections 4 et 6)."""
