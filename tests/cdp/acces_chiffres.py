"""Les chiffres des communautés sont au tableau de bord : l’adresse gardée y mène, et c’est lui qui dit qui les lit (D08)."""

from tests.page_attendue import Page

ACCES = [Page("cdp:chiffres", code=302, autres=302)]
