"""La revue annuelle des rôles : elle s’ouvre d’elle-même, chacun confirme les rôles des autres (O-10, N-12)."""

import datetime

import pytest
from django.urls import reverse

from encadrement.acces.matrice import AccesRefuse
from encadrement.accueil.a_faire import taches_de
from encadrement.accueil.actions import terminer_attribution
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.parametres.actions import regler
from encadrement.personnes.models import Attribution, Personne
from encadrement.protection.actions.revues import confirmer_role, ouvrir_la_revue
from encadrement.protection.droits import DROITS_REVUE
from encadrement.protection.models import RevueRoles
from encadrement.socle.erreurs import ErreurMetier
from tests.encadrement.acces.trois_faces import desaccords
from tests.encadrement.protection import scenes

pytestmark = pytest.mark.django_db

OUVERTURE = datetime.datetime(2030, 10, 1, 16, tzinfo=datetime.UTC)
JOUR = datetime.timedelta(days=1)


def test_la_revue_s_ouvre_le_jour_dit_une_seule_fois_et_se_rappelle_jusqu_a_la_fin(
    distribution, time_machine, client_de
):
    d = distribution
    time_machine.move_to(OUVERTURE - JOUR, tick=False)
    assert ouvrir_la_revue() is None
    time_machine.move_to(OUVERTURE, tick=False)
    revue = ouvrir_la_revue()
    assert ouvrir_la_revue() is None
    assert revue.annee == 2030
    assert Entree.objects.get(acte="protection.revue.ouvrir").details["roles"] == revue.a_revoir().count() == 9
    balayer_rappels()
    recus = Courriel.objects.filter(gabarit="protection/rappel_revue")
    assert set(recus.values_list("a", flat=True)) == {d.prp.pk, d.dsm.pk}
    taches = [t.dossier for t in taches_de(Personne.objects.get(pk=d.prp.pk)) if t.geste.startswith("Revoir")]
    assert taches == ["8 rôles à confirmer"]
    for attribution in revue.a_revoir().select_related("personne"):
        confirmer_role(revue, attribution, par=d.dsm if attribution.personne == d.prp else d.prp)
    time_machine.move_to(OUVERTURE + 45 * JOUR, tick=False)
    balayer_rappels()
    assert recus.count() == 2
    page = client_de(d.prp).get(reverse("protection:revue")).text
    assert "Tout est revu" in page
    assert "Éloïse Fournier" in page


def test_la_revue_en_retard_insiste_autant_de_semaines_que_la_dsm_le_veut(distribution, time_machine):
    d = distribution
    time_machine.move_to(OUVERTURE, tick=False)
    ouvrir_la_revue()
    balayer_rappels()
    regler("protection.rappels.revue.chaque_semaine", par=d.dsm, valeur=2, motif="Essai.", vue=0)
    recus = Courriel.objects.filter(gabarit="protection/rappel_revue", a=d.prp)
    for ecart, attendus in ((21, 2), (31, 3), (38, 4), (45, 4), (60, 4)):
        time_machine.move_to(OUVERTURE + ecart * JOUR, tick=False)
        balayer_rappels()
        assert recus.count() == attendus, ecart


def test_nul_ne_confirme_le_sien_et_deux_clics_n_en_font_qu_un(distribution, client_de):
    d = distribution
    attribution = scenes.role_a_revoir(d)
    revue, client = RevueRoles.objects.get(), client_de(d.dsm)
    for _ in range(2):
        assert client.post(reverse("protection:role_confirmer", args=[attribution.uuid])).status_code == 302
    assert revue.confirmations.get().par == d.dsm
    assert Entree.objects.filter(acte="protection.revue.confirmer").count() == 1
    with pytest.raises(AccesRefuse):
        confirmer_role(revue, d.dsm.attributions.get(), par=d.dsm)
    assert client.post(reverse("protection:role_confirmer", args=[d.dsm.attributions.get().uuid])).status_code == 403
    # Terminé, ou né depuis, un rôle n’est plus à revoir.
    pilote = d.pilote.attributions.get()
    terminer_attribution(pilote, par=d.dsm, motif="Mutation.")
    with pytest.raises(ErreurMetier, match="plus à revoir"):
        confirmer_role(revue, pilote, par=d.prp)
    assert not revue.a_revoir().filter(pk__in=[pilote.pk, attribution.pk]).exists()


def test_les_trois_faces_du_droit_s_accordent(distribution):
    roles = Attribution.objects.filter(personne__in=[distribution.dsm, distribution.prp, distribution.appr])
    assert desaccords(DROITS_REVUE, roles, distribution, ["confirmer"]) == []
