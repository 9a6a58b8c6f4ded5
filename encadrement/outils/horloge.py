"""Une horloge que la démonstration déplace : deux années d’histoire jouées par les vraies actions."""

import contextlib
import datetime
from unittest import mock

from django.utils import timezone


@contextlib.contextmanager
def au(jour, heure=10):
    """Fait croire à l’application qu’il est `heure` h, heure locale, le jour dit."""
    instant = timezone.make_aware(datetime.datetime.combine(jour, datetime.time(heure)))
    with mock.patch("django.utils.timezone.now", lambda: instant.astimezone(datetime.UTC)):
        yield instant
