"""Les annonces de la consultation ; jamais la question, le sujet ni l’avis (N-08, Q-19)."""

from encadrement.notifications.annonces import annonces

annoncer = annonces("consultation")
