"""Peupler un établissement entier : ses gens, puis leur histoire (décision 0019)."""

from django.apps import apps
from django.db import connection

from encadrement.outils.peuplement import cdp, concertation, consultation, gens, mentorat, sondages

GRAINE = 2026
MESURES = (("mentorat", mentorat), ("cdp", cdp), ("consultation", consultation), ("concertation", concertation))


def peupler(personnes, annees, *, graine=GRAINE, dire=lambda texte: None):
    """Complète l’établissement et ses années ; rejouer n’ajoute que ce qui manque."""
    if not personnes:
        return
    gens.embaucher(graine, personnes)
    _compter_les_lignes("personnes")
    dire(f"{personnes} personnes inventées.")
    tous, passees = gens.Gens(), gens.annees_passees(annees)
    if not passees:
        return
    for nom, mesure in MESURES:
        mesure.peupler(graine, tous, passees)
        _compter_les_lignes(nom)
        dire(f"{nom} : {len(passees)} années.")
    sondages.peupler(graine, passees)
    _compter_les_lignes("sondages")
    dire("sondages fermés.")


def _compter_les_lignes(application):
    """Redit à la base ce que contiennent ces tables : sans cela, elle y chercherait comme dans des tables vides."""
    with connection.cursor() as curseur:
        for modele in apps.get_app_config(application).get_models(include_auto_created=True):
            curseur.execute(f"ANALYZE {connection.ops.quote_name(modele._meta.db_table)}")
