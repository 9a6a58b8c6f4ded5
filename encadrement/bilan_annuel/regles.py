"""POURQUOI PAS : ce qu’un bilan devrait contenir avant qu’on le publie ; rien n’y bloque, tout s’y explique."""

from django.conf import settings

from encadrement.cadre.regles import exige
from encadrement.socle.temps import jour_local


@exige("R-082")
def annee_terminee(bilan):
    """R-082 : un bilan publié avant la fin de l’année n’en montre qu’une partie."""
    if jour_local() <= bilan.annee_financiere.fin:
        return f"L’année {bilan.annee_financiere} n’est pas terminée\xa0: les chiffres du bilan s’arrêteraient à aujourd’hui."
    return None


@exige("R-316")
def chaque_mesure_a_son_texte(bilan):
    """R-316 : des chiffres seuls ne disent pas ce qui s’est passé."""
    muettes = [nom for code, nom in settings.MESURES_DU_CADRE if not bilan.textes.get(code, "").strip()]
    if not muettes:
        return None
    noms = muettes[0] if len(muettes) == 1 else f"{', '.join(muettes[:-1])} et {muettes[-1]}"
    return f"Sans texte\xa0: {noms}. Le cadre combine les chiffres et ce qu’on en dit."
