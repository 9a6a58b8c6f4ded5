"""Des noms inventés : des familles qui n’existent pas, pour que personne ne s’y reconnaisse."""

PRENOMS = (
    "Abélie", "Adrien", "Agathe", "Alban", "Alizée", "Anaëlle", "Arnaud", "Aubin", "Béatrix", "Bérénice",
    "Blaise", "Camélia", "Céleste", "Clovis", "Cyprien", "Daphné", "Delphin", "Dorothée", "Édith", "Éloi",
    "Ephrem", "Estelle", "Faustine", "Flavie", "Florent", "Gaspard", "Gédéon", "Hélios", "Honorine", "Ignace",
    "Iris", "Isaure", "Jacinthe", "Joachim", "Léonie", "Léopold", "Lucille", "Malo", "Marjolaine", "Maxence",
    "Mélisande", "Octave", "Ombeline", "Pacôme", "Pénélope", "Philémon", "Rosalie", "Séverin", "Sidonie", "Théodule",
)  # fmt: skip
_DEBUTS = (
    "Aubre", "Barri", "Brume", "Cale", "Clairi", "Corda", "Dune", "Écume", "Falai", "Flori", "Galè", "Grève",
    "Havri", "Islè", "Lagu", "Mari", "Narci", "Orbe", "Pétrè", "Quaie", "Rivè", "Sabli", "Tamari", "Valbru",
)  # fmt: skip
_FINS = ("donnel", "fontès", "gavoix", "maudin", "nivaux", "pelaire", "roudeau", "saline", "tavoie",
         "verlé", "zéraux")  # fmt: skip
NOMS = tuple(f"{debut}{fin}" for debut in _DEBUTS for fin in _FINS)
