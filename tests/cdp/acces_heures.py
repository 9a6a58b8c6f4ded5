"""Qui reçoit quoi sur les heures, les heures supplémentaires et l’attestation de présence."""

from tests.cdp import scenes
from tests.page_attendue import Page

RESPONSABLES = {"animatrice", "secretaire"}
MEMBRES = RESPONSABLES | {"membre"}
DSM = {"dsm", "appr", "appr_liaison"}


def _demande(nom, permis, **options):
    voient = RESPONSABLES | {"membre", "parrain"}
    sauf = dict.fromkeys(voient - set(permis), 403)
    return Page(f"cdp:{nom}", permis=permis, scene=scenes.heures_demandees, sauf=sauf, **options)


def _presente(distribution):
    """L’adhésion de la secrétaire, présente à une rencontre dont le compte rendu est publié."""
    scenes.rencontre_publiee(distribution)
    return scenes.adhesion_de(distribution, "secretaire")


ACCES = [
    Page("cdp:communaute_heures", permis=MEMBRES | DSM | {"parrain"}, autres=403, scene=scenes.communaute_active),
    Page("cdp:communaute_heures", permis=MEMBRES, autres=403, scene=scenes.communaute_active, methode="post"),
    Page("cdp:communaute_releve", permis=MEMBRES | DSM | {"parrain"}, autres=403, scene=scenes.communaute_active),
    Page("cdp:communaute_demander_heures", permis=MEMBRES, autres=403, scene=scenes.communaute_active),
    Page("cdp:heures_modifier", permis={"membre"}, scene=scenes.heures_consignees),
    Page("cdp:heures_retirer", permis={"membre"}, scene=scenes.heures_consignees),
    Page("cdp:heures_retirer", permis={"membre"}, scene=scenes.heures_consignees, methode="post", code=302),
    _demande("depassement", RESPONSABLES | {"membre", "parrain"}),
    _demande("depassement_accorder", {"parrain"}),
    _demande("depassement_accorder", {"parrain"}, methode="post", code=302),
    _demande("depassement_refuser", {"parrain"}),
    Page("cdp:adhesion_attester", permis=RESPONSABLES, scene=_presente),
    Page("cdp:adhesion_attester", permis=RESPONSABLES, scene=_presente, methode="post", code=302),
]
