"""Les chiffres du mentorat : des ensembles seulement, pour ceux qui suivent et diffusent (D08)."""

from tests.page_attendue import Page

ACCES = [
    Page(
        "mentorat:chiffres",
        permis={"dsm", "appr", "appr_liaison", "coordonnatrice", "drhcaj", "executif_cm", "pilote"},
        autres=403,
    ),
]
