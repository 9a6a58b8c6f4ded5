"""Les trois faces d’un droit disent la même chose : peut-on, sur quels objets, qui le peut.

Un essai d’une mesure s’en sert ainsi : `assert desaccords(DROITS_ENTENTE, Entente.objects.all(), distribution) == []`.
"""

from encadrement.personnes.models import Personne


def relire(personne):
    """Rend la même personne sans ce qu’une requête aurait gardé d’elle (rôles, délégations)."""
    return Personne.objects.get(pk=personne.pk)


def desaccords(matrice, objets, personnes, actes=None):
    """Rend une phrase par (acte, personne, objet) où les trois faces ne s’accordent pas, ou pas avec `permis`.

    `personnes` : une Distribution, ou des paires (nom, personne).
    """
    paires = [(nom, relire(personne)) for nom, personne in personnes]
    objets = list(objets)
    trouves = []
    ensemble = {(pk, objet.pk): matrice.permis(p, objet) for pk, p in _par_pk(paires) for objet in objets}
    for acte in actes or matrice.actes:
        permis = {pk: set(matrice.objets(p, acte).values_list("pk", flat=True)) for pk, p in _par_pk(paires)}
        for objet in objets:
            tenants = set(matrice.personnes(acte, objet).values_list("pk", flat=True))
            for nom, personne in paires:
                faces = (
                    matrice.peut(personne, acte, objet),
                    acte in ensemble[personne.pk, objet.pk],
                    objet.pk in permis[personne.pk],
                    personne.pk in tenants,
                )
                if len(set(faces)) > 1:
                    trouves.append(f"{matrice.code}.{acte}, {nom}, {objet} : peut, permis, objets, personnes = {faces}")
    return trouves


def _par_pk(paires):
    return [(personne.pk, personne) for _, personne in paires]


def permis(matrice, objet, personnes):
    """Rend {nom: actes permis} : de quoi comparer à un tableau attendu ; `desaccords` dit si les faces en conviennent."""
    return {nom: set(matrice.permis(relire(personne), objet)) for nom, personne in personnes}
