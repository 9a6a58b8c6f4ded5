"""Les volets qui se poursuivent ailleurs : une mesure y inscrit sa page, ce module ne la connaît que par son adresse."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Suite:
    """Où se poursuit une demande d’un volet : le libellé du bouton et le nom de la page, qui reçoit l’uuid par POST."""

    libelle: str
    nom_url: str
    explication: str = ""

    def adresse(self, demande):
        return reverse(self.nom_url, args=[demande.uuid])


_SUITES = {}


def inscrire(volet, suite):
    """Dit où se poursuivent les demandes de ce volet ; réinscrire remplace."""
    _SUITES[volet] = suite


def suite_du_volet(volet):
    """Rend la Suite d’un volet, ou None s’il se traite ici."""
    return _SUITES.get(volet)


def suite_de(demande):
    """Rend la Suite du volet de cette demande, ou None."""
    return suite_du_volet(demande.volet)
