import os

from django.core.wsgi import get_wsgi_application

from encadrement.socle.demarrage import exiger_les_controles

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "encadrement.settings.prod")
application = get_wsgi_application()
exiger_les_controles()
