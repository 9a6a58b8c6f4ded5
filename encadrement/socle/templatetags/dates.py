"""Le filtre `date` de Django, qui sait qu’en français on dit le premier : « 1er décembre 2026 ».

Inscrit parmi les filtres de base (réglage TEMPLATES) : il remplace celui de Django dans tous les gabarits.
"""

import re

from django import template
from django.template import defaultfilters
from django.utils.formats import get_format

register = template.Library()

# « j » suivi du nom du mois, et non échappé.
_QUANTIEME = re.compile(r"(?<!\\)j(?=\s*[FMNb])")


@register.filter(expects_localtime=True, is_safe=False)
def date(valeur, forme=None):
    """Écrit une date selon `forme` ; le premier du mois s’écrit « 1er »."""
    forme = get_format(forme or "DATE_FORMAT")
    if getattr(valeur, "day", None) == 1:
        forme = _QUANTIEME.sub(r"j\\e\\r", forme)
    return defaultfilters.date(valeur, forme)
