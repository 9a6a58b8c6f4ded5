"""Les journaux techniques : une ligne JSON par fait, sans donnée personnelle ni variable locale dans les traces."""

import structlog

# Ce que Django joint à un enregistrement et qui porterait des données de la personne.
_A_TAIRE = ("request", "args", "data", "body", "cookies", "user")


def taire_les_donnees(_, __, evenement):
    """Retire de l’événement ce qui pourrait nommer quelqu’un ou répéter une saisie."""
    for cle in _A_TAIRE:
        evenement.pop(cle, None)
    return evenement


def sans_parametres(_, __, evenement):
    """Coupe l’adresse demandée à son chemin : une recherche porte un nom."""
    message = evenement.get("event")
    if isinstance(message, str) and "?" in message:
        evenement["event"] = message.split("?", 1)[0]
    return evenement


def taire_les_taches(_, __, evenement):
    """D’une tâche en panne, garde le nom et le sort ; Celery y ajoute la phrase de l’erreur, que la trace dit à sa façon."""
    if evenement.get("logger") == "celery.app.trace":
        evenement["event"] = evenement["event"].split(": ", 1)[0]
    return evenement


# Les erreurs dont la phrase ne parle que du service ou du code. Celle d’une contrainte récite la ligne fautive, celle d’un
# serveur de courriel l’adresse, celle d’une valeur ce qui a été saisi : leur sorte et leur trace suffisent.
_PARLANTES = {
    *("OperationalError", "InterfaceError", "ConnectionError", "ConnectionRefusedError", "TimeoutError"),
    *("ImproperlyConfigured", "ImportError", "ModuleNotFoundError", "AttributeError", "NameError", "TypeError"),
    *("TemplateDoesNotExist", "TemplateSyntaxError"),
}


def taire_les_phrases(_, __, evenement):
    """Retire d’une trace, groupes compris, la phrase des erreurs qui peuvent répéter une donnée."""
    a_taire = list(trace) if isinstance(trace := evenement.get("exception"), list) else []
    while a_taire:
        erreur = a_taire.pop()
        erreur["exc_notes"] = []
        if erreur["exc_type"] not in _PARLANTES:
            erreur["exc_value"] = ""
        a_taire += [dedans for groupee in erreur["exceptions"] for dedans in groupee["stacks"]]
    return evenement


_COMMUNS: tuple = (
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    taire_les_donnees,
    sans_parametres,
    taire_les_taches,
)
_TRACE = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False, max_frames=20)
)


def configuration(niveau="INFO"):
    """Rend le réglage LOGGING de Django (JSON sur la sortie d’erreur) et y branche structlog."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_COMMUNS,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _COMMUNS,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _TRACE,
                    taire_les_phrases,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
            }
        },
        "handlers": {"sortie": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["sortie"], "level": niveau},
        "loggers": {
            "django": {"handlers": ["sortie"], "level": niveau, "propagate": False},
            "gunicorn.error": {"handlers": ["sortie"], "level": niveau, "propagate": False},
            "django.server": {"handlers": ["sortie"], "level": "WARNING", "propagate": False},
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "pyhanko": {"level": "ERROR"},
        },
    }
