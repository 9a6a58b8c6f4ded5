"""Un courrier d’essai : il garde ce qu’il reçoit et tombe en panne comme on le lui demande."""

from django.core.mail.backends.base import BaseEmailBackend


class Scenario:
    """Les pannes à venir, dans l’ordre ; None laisse passer. `recus` : les messages vraiment remis."""

    def __init__(self):
        self.a_l_ouverture = None
        self.pannes = []
        self.recus = []
        self.connexions = 0
        self.remis_malgre_tout = False

    @property
    def adresses(self):
        return [message.to[0] for message in self.recus]

    @property
    def identifiants(self):
        return [message.extra_headers["Message-ID"] for message in self.recus]


scenario = Scenario()


class EmailBackend(BaseEmailBackend):
    contenu_parti = False

    def open(self):
        if scenario.a_l_ouverture is not None:
            raise scenario.a_l_ouverture
        scenario.connexions += 1
        return True

    def send_messages(self, messages):
        for message in messages:
            panne = scenario.pannes.pop(0) if scenario.pannes else None
            if panne is not None:
                self.contenu_parti = getattr(panne, "apres_data", False)
                if scenario.remis_malgre_tout:
                    scenario.recus.append(message)
                raise panne
            scenario.recus.append(message)
        return len(messages)
