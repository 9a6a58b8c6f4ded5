"""Les annonces du mentorat."""

from encadrement.notifications.annonces import annonces

annoncer = annonces("mentorat")
