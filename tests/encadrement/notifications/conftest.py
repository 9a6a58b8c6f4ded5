import pytest
from django.db import transaction

from encadrement.notifications import rappels
from encadrement.notifications.actions import notifier
from tests.encadrement.notifications import faux_courrier
from tests.factories import PersonneFactory

GABARIT = "notifications/attente"
CONTEXTE = {"geste": "approuver l’entente", "dossier": "Entente de mentorat", "jour_du": None}


@pytest.fixture
def courrier(settings, monkeypatch):
    """Le scénario du courrier d’essai ; il remplace le serveur."""
    settings.EMAIL_BACKEND = "tests.encadrement.notifications.faux_courrier.EmailBackend"
    monkeypatch.setattr(faux_courrier, "scenario", faux_courrier.Scenario())
    return faux_courrier.scenario


@pytest.fixture
def annoncer():
    """Annonce un fait comme le ferait une mesure, dans une transaction."""

    def annoncer(*personnes, cle="fait", objet=None, **options):
        objet = objet or PersonneFactory()
        options = {"url": "/dossier/", "contexte": CONTEXTE, **options}
        with transaction.atomic():
            return notifier(GABARIT, objet, a=personnes, cle=cle, **options)

    return annoncer


@pytest.fixture
def sources(monkeypatch):
    """Un registre de sources vide, le temps de l’essai."""
    monkeypatch.setattr(rappels, "_sources", {})
    return rappels
