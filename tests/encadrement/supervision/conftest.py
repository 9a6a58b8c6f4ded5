from tests.encadrement.notifications.conftest import annoncer, courrier

__all__ = ["annoncer", "courrier"]
