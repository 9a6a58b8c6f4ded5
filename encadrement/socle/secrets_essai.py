"""Les secrets du mode essai naissent au premier démarrage et restent dans var/cles, lisibles du seul compte."""

import os
import secrets
import tempfile

from cryptography.fernet import Fernet


def secret(chemin):
    """Rend le secret gardé dans `chemin`, créé au besoin."""
    return _garde(chemin, lambda: secrets.token_urlsafe(50))


def cle_de_champ(chemin):
    """Rend la clé Fernet gardée dans `chemin`, créée au besoin."""
    return _garde(chemin, lambda: Fernet.generate_key().decode())


def _garde(chemin, naissance):
    chemin.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not chemin.exists():
        # Web, travailleur et métronome démarrent ensemble : le lien exclusif fait qu’un seul secret gagne, entier.
        with tempfile.NamedTemporaryFile("w", dir=chemin.parent) as brouillon:
            brouillon.write(naissance())
            brouillon.flush()
            try:
                os.link(brouillon.name, chemin)
            except FileExistsError:
                pass
    return chemin.read_text().strip()
