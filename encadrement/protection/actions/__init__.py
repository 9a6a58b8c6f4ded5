"""Attester une formation, tenir la revue annuelle des rôles."""
