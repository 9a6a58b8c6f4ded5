"""Les écrans d’une histoire qui dure des mois : un par personnage, fermés quand le jour change."""


class Ecrans:
    """L’écran de chaque personnage, à une date donnée ; changer de jour ferme les sessions, comme la vraie vie."""

    def __init__(self, ouvrir, distribution, voyage):
        self.ouvrir, self.distribution, self.voyage, self.pages = ouvrir, distribution, voyage, {}

    def __getitem__(self, nom):
        if nom not in self.pages:
            self.pages[nom] = self.ouvrir(self.distribution[nom])
        return self.pages[nom]

    def au(self, jour, heure="10:00"):
        for page in self.pages.values():
            page.context.close()
        self.pages.clear()
        self.voyage.move_to(f"{jour}T{heure}:00-04:00")
