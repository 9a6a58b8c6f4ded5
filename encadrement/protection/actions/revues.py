"""La revue annuelle des rôles : elle s’ouvre d’elle-même ; chaque rôle est confirmé par un autre que son titulaire (O-10)."""

import datetime

from django.db import transaction

from encadrement.journal.actions import consigner
from encadrement.personnes.models import Attribution, Personne
from encadrement.protection.droits import DROITS_REVUE
from encadrement.protection.models import RevueRoles, RoleConfirme
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local

# Le 1er octobre, une fois l’année commencée dans les équipes ; seuls le mois et le jour comptent.
OUVERTURE = datetime.date(2000, 10, 1)


def ouvrir_la_revue():
    """Ouvre la revue de l’année une fois son jour venu et la rend, ou None ; le refaire ne change rien."""
    jour = jour_local()
    if jour < OUVERTURE.replace(year=jour.year):
        return None
    with transaction.atomic():
        revue, creee = RevueRoles.objects.get_or_create(annee=jour.year, defaults={"ouverte_le": jour})
        if creee:
            details = {"annee": revue.annee, "roles": revue.a_revoir().count()}
            consigner("protection.revue.ouvrir", revue, par=Personne.objects.systeme(), details=details)
    return revue if creee else None


@transaction.atomic
def confirmer_role(revue, attribution, *, par):
    """Confirme qu’un rôle est encore nécessaire ; deux clics n’en font qu’un. Personne ne confirme le sien (N-12)."""
    attribution = Attribution.objects.select_for_update(of=("self",)).get(pk=attribution.pk)
    role = DROITS_REVUE.exiger(par, "confirmer", attribution)
    if deja := RoleConfirme.objects.filter(revue=revue, attribution=attribution).first():
        return deja
    if not revue.a_revoir().filter(pk=attribution.pk).exists():
        raise ErreurMetier("Ce rôle n’est plus à revoir : il a pris fin, ou il est né après l’ouverture de la revue.")
    confirme = RoleConfirme.objects.create(revue=revue, attribution=attribution, par=par)
    details = {
        "annee": revue.annee,
        "personne": attribution.personne.matricule,
        "role": str(attribution.role),
    }
    consigner("protection.revue.confirmer", attribution, par=par, titre=role.libelle, details=details)
    return confirme
