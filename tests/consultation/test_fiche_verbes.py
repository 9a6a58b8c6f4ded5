"""De la candidature ou de l’identification à l’inscription, puis la vie d’une fiche (R-170, R-194, R-195, R-200, R-201)."""

import datetime

import pytest
from django.urls import reverse

from consultation.actions import bottin
from consultation.models import FicheExpert, Plage
from encadrement.personnes.models import Delegation
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.traces import courriels, rien_decrit
from tests.mentorat.formulaire import texte_de

pytestmark = pytest.mark.django_db
IDENTIFIER = reverse("consultation:expert_identifier")
ENGAGE = {"conditions": "on"}


def adresse(nom, fiche):
    return reverse(f"consultation:fiche_{nom}", args=[fiche.uuid])


def _relue(fiche):
    return FicheExpert.objects.get(pk=fiche.pk)


def _en_pause(d):
    fiche = scenes.fiche_inscrite(d)
    bottin.mettre_en_pause(fiche, par=d.mentor)
    return fiche


def _retiree(d):
    fiche = scenes.fiche_inscrite(d)
    bottin.retirer_du_bottin(fiche, par=d.mentor)
    return fiche


# — L’histoire entière


@pytest.mark.exigence("R-170", "R-172", "R-195", "R-200", "R-201")
def test_la_candidature_va_de_la_personne_au_gestionnaire_puis_a_la_dsm(distribution, client_de):
    d = distribution
    fiche = scenes.fiche_en_redaction(d)
    assert client_de(d.mentor).post(adresse("soumettre", fiche)).status_code == 302
    assert courriels("fiche_a_appuyer") == [d.gestionnaire_mentor.prenom]
    assert client_de(d.gestionnaire_mentor).post(adresse("appuyer", fiche), ENGAGE).status_code == 302
    assert courriels("fiche_a_inscrire") == sorted([d.dsm.prenom, d.appr.prenom, d.appr_liaison.prenom])
    assert client_de(d.appr).post(adresse("inscrire", fiche)).status_code == 302
    fiche = _relue(fiche)
    assert (fiche.etat, fiche.appuyee_par, fiche.confirmee_le) == ("active", d.gestionnaire_mentor, jour_local())
    assert courriels("fiche_inscrite") == [d.mentor.prenom]
    passages = list(fiche.passages.order_by("pk").values_list("transition", "par__nom"))
    assert passages == [("soumettre", "Cyr"), ("appuyer", "Boudreau"), ("inscrire", d.appr.nom)]


@pytest.mark.exigence("R-200")
def test_le_gestionnaire_identifie_un_expert_de_son_equipe_qui_accepte(distribution, client_de):
    d = distribution
    client = client_de(d.gestionnaire_mentor)
    page = texte_de(client.get(IDENTIFIER))
    assert "Guylaine Cyr" in page
    assert "Loïc St-Onge" not in page
    reponse = client.post(IDENTIFIER, {"personne": d.mentor.uuid, "expertise": "Positionnement"})
    fiche = FicheExpert.objects.get(personne=d.mentor)
    assert reponse.url == reverse("consultation:fiche", args=[fiche.uuid])
    assert (fiche.etat, fiche.identifiee_par) == ("identifiee", d.gestionnaire_mentor)
    assert courriels("fiche_identifiee") == [d.mentor.prenom]
    moi = client_de(d.mentor)
    assert moi.get(reverse("consultation:ma_fiche")).url == adresse("modifier", fiche)
    # Il faut d’abord dire à quel titre on est consulté.
    assert moi.post(adresse("completer", fiche)).status_code == 409
    saisie = {"sorte": "pair", "expertise": "Positionnement", "suite": "oui"}
    assert moi.post(adresse("modifier", fiche), saisie).url == adresse("completer", fiche)
    assert moi.post(adresse("completer", fiche)).status_code == 302
    assert client_de(d.dsm).post(adresse("inscrire", fiche)).status_code == 302
    assert _relue(fiche).etat == "active"


@pytest.mark.exigence("R-194")
@pytest.mark.parametrize("qui", ["dsm", "appr", "appr_liaison"])
def test_la_dsm_identifie_nimporte_quelle_personne_par_son_nom_ou_son_matricule(distribution, client_de, qui):
    d = distribution
    client = client_de(d[qui])
    assert "Kim Gagné" not in texte_de(client.get(IDENTIFIER))
    assert "Kim Gagné" in texte_de(client.get(IDENTIFIER, {"q": "gagne"}))
    assert "Kim Gagné" in texte_de(client.get(IDENTIFIER, {"q": d.membre.matricule}))
    reponse = client.post(f"{IDENTIFIER}?q=gagne", {"personne": d.membre.uuid, "expertise": "Langage"})
    assert reponse.status_code == 302
    assert FicheExpert.objects.get(personne=d.membre).identifiee_par == d[qui]


def test_lexpert_pressenti_decline_sans_se_justifier(distribution, client_de):
    d = distribution
    fiche = scenes.fiche_identifiee(d)
    assert "Vous n’avez pas à vous justifier" in texte_de(client_de(d.mentor).get(adresse("refuser", fiche)))
    assert client_de(d.mentor).post(adresse("refuser", fiche)).status_code == 302
    assert _relue(fiche).etat == "non_retenue"
    assert courriels("fiche_declinee") == [d.gestionnaire_mentor.prenom]


@pytest.mark.exigence("R-194", "R-200")
def test_une_fiche_retiree_sidentifie_de_nouveau(distribution, client_de):
    fiche = _retiree(distribution)
    client = client_de(distribution.gestionnaire_mentor)
    assert "Expertise déjà écrite" in texte_de(client.get(adresse("identifier", fiche)))
    assert client.post(adresse("identifier", fiche)).status_code == 302
    assert _relue(fiche).etat == "identifiee"


def test_identifier_de_nouveau_une_fiche_sans_expertise_la_demande(distribution, client_de):
    fiche = _retiree(distribution)
    FicheExpert.objects.filter(pk=fiche.pk).update(expertise="")
    client = client_de(distribution.dsm)
    assert "Nommez l’expertise" in texte_de(client.post(adresse("identifier", fiche)))
    assert client.post(adresse("identifier", fiche), {"expertise": "Plaies"}).status_code == 302
    assert (_relue(fiche).etat, _relue(fiche).expertise) == ("identifiee", "Plaies")


# — Qui ne peut pas, et ce que refusent les règles


@pytest.mark.parametrize("nom", ["mentore", "mentor", "collegue", "drhcaj", "pilote", "superutilisateur"])
def test_sans_equipe_ni_la_dsm_on_nidentifie_personne(distribution, client_de, nom):
    with rien_decrit():
        client = client_de(distribution[nom])
        assert client.get(IDENTIFIER).status_code == 403
        saisie = {"personne": distribution.collegue.uuid, "expertise": "Langage"}
        assert client.post(IDENTIFIER, saisie).status_code == 403


@pytest.mark.exigence("R-200")
@pytest.mark.parametrize("cible", ["mentore", "gestionnaire_mentor", "inactif", "directrice"])
def test_le_gestionnaire_nidentifie_ni_lui_ni_hors_de_son_equipe(distribution, client_de, cible):
    with rien_decrit():
        client = client_de(distribution.gestionnaire_mentor)
        page = client.post(IDENTIFIER, {"personne": distribution[cible].uuid, "expertise": "Langage"})
    assert page.status_code == 200
    assert "n’est pas de celles que vous pouvez identifier" in texte_de(page)


def test_la_dsm_ne_sidentifie_pas_elle_meme(distribution, client_de):
    d = distribution
    with rien_decrit():
        page = client_de(d.dsm).post(IDENTIFIER, {"personne": d.dsm.uuid, "expertise": "Langage"})
    assert "n’est pas de celles que vous pouvez identifier" in texte_de(page)


@pytest.mark.parametrize(
    ("saisie", "phrase"),
    [
        ({"expertise": "Langage"}, "Choisissez la personne."),
        ({"personne": "abc", "expertise": "Langage"}, "n’est pas de celles"),
        ({"expertise": ""}, "Nommez l’expertise"),
        ({"expertise": "x" * 201}, "en au plus 200 caractères"),
    ],
)
def test_identifier_mal_saisi_se_dit(distribution, client_de, saisie, phrase):
    with rien_decrit():
        page = client_de(distribution.gestionnaire_mentor).post(IDENTIFIER, saisie)
    assert phrase in texte_de(page)


def test_qui_est_deja_au_bottin_ne_sidentifie_pas_deux_fois(distribution, client_de):
    scenes.fiche_inscrite(distribution)
    with rien_decrit():
        page = client_de(distribution.gestionnaire_mentor).post(
            IDENTIFIER, {"personne": distribution.mentor.uuid, "expertise": "Langage"}
        )
    assert page.status_code == 409
    assert "a déjà une fiche au bottin" in texte_de(page)
    assert "Langage" in page.text


def test_par_delegation_on_identifie_dans_lequipe_de_labsent(distribution, client_de):
    d = distribution
    assert client_de(d.delegue).post(IDENTIFIER, {"personne": d.mentore.uuid, "expertise": "SAD"}).status_code == 302
    assert FicheExpert.objects.get(personne=d.mentore).identifiee_par == d.delegue


@pytest.mark.exigence("R-201")
def test_appuyer_demande_de_sengager_aux_conditions_favorables(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    with rien_decrit():
        page = client_de(distribution.gestionnaire_mentor).post(adresse("appuyer", fiche))
    assert "Cochez cet engagement" in texte_de(page)
    assert "charge de travail ajustée, rencontres autorisées, reconnaissance" in texte_de(page)


@pytest.mark.exigence("R-170")
@pytest.mark.parametrize(
    ("champ", "phrase"),
    [("sorte", "Dites à quel titre on vous consulte"), ("expertise", "Nommez votre expertise")],
)
def test_une_candidature_incomplete_ne_part_pas(distribution, client_de, champ, phrase):
    fiche = scenes.fiche_en_redaction(distribution)
    FicheExpert.objects.filter(pk=fiche.pk).update(**{champ: ""})
    with rien_decrit():
        reponse = client_de(distribution.mentor).post(adresse("soumettre", fiche))
    assert reponse.status_code == 409
    assert phrase in texte_de(reponse)


@pytest.mark.exigence("R-170")
def test_un_membre_dun_ordre_doit_y_etre_en_regle(distribution, client_de):
    d = distribution
    fiche = scenes.fiche_appuyee(d)
    d.mentor.ordre, d.mentor.ordre_en_regle = "OEQ", False
    d.mentor.save(update_fields=["ordre", "ordre_en_regle"])
    with rien_decrit():
        assert client_de(d.dsm).post(adresse("inscrire", fiche)).status_code == 409


def test_une_fiche_sans_sujet_demande_une_raison_sans_bloquer(distribution, client_de):
    fiche = scenes.fiche_en_redaction(distribution)
    fiche.sujets.clear()
    client = client_de(distribution.mentor)
    with rien_decrit():
        assert "Aucun sujet n’est coché" in texte_de(client.post(adresse("soumettre", fiche)))
    client.post(adresse("soumettre", fiche), {"raison": "La liste n’a pas encore mon sujet."})
    assert _relue(fiche).passages.get().motif == "La liste n’a pas encore mon sujet."


VERBES = [
    ("soumettre", scenes.fiche_en_redaction, "mentor", {}, "candidature"),
    ("completer", scenes.fiche_identifiee, "mentor", {}, None),
    ("refuser", scenes.fiche_identifiee, "mentor", {}, "non_retenue"),
    ("appuyer", scenes.fiche_soumise, "gestionnaire_mentor", ENGAGE, "appuyee"),
    ("ecarter", scenes.fiche_soumise, "gestionnaire_mentor", {"motif": "Pas cette année."}, "non_retenue"),
    ("inscrire", scenes.fiche_appuyee, "dsm", {}, "active"),
    ("confirmer", scenes.fiche_inscrite, "mentor", {}, "active"),
    ("mettre_en_pause", scenes.fiche_inscrite, "mentor", {}, "en_pause"),
    ("reprendre", _en_pause, "mentor", {}, "active"),
    ("retirer", scenes.fiche_inscrite, "mentor", {}, "retiree"),
    ("recommencer", _retiree, "mentor", {}, "brouillon"),
    ("identifier", _retiree, "gestionnaire_mentor", {}, "identifiee"),
]


@pytest.mark.parametrize(("verbe", "scene", "qui", "saisi", "arrivee"), VERBES, ids=[ligne[0] for ligne in VERBES])
def test_chaque_verbe_se_pose_une_fois(distribution, client_de, verbe, scene, qui, saisi, arrivee):
    fiche = scene(distribution)
    client = client_de(distribution[qui])
    premiere = client.post(adresse(verbe, fiche), saisi)
    if arrivee is None:  # La fiche identifiée n’a pas encore de titre : la règle le dit.
        assert premiere.status_code == 409
        return
    assert premiere.status_code == 302, texte_de(premiere)
    assert _relue(fiche).etat == arrivee
    if verbe == "confirmer":
        return
    with rien_decrit():
        assert client.post(adresse(verbe, fiche), saisi).status_code == 409


@pytest.mark.parametrize(("verbe", "scene", "qui", "saisi", "arrivee"), VERBES, ids=[ligne[0] for ligne in VERBES])
def test_qui_nen_a_pas_le_droit_ne_pose_aucun_verbe(distribution, client_de, verbe, scene, qui, saisi, arrivee):
    fiche = scene(distribution)
    with rien_decrit():
        for nom in ("mentore", "collegue", "autre_gestionnaire", "pilote", "superutilisateur"):
            assert client_de(distribution[nom]).post(adresse(verbe, fiche), saisi).status_code in (403, 404), nom


def test_ne_pas_retenir_demande_un_motif_que_la_personne_lit(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    client = client_de(distribution.gestionnaire_mentor)
    with rien_decrit():
        assert "Écrivez le motif" in texte_de(client.post(adresse("ecarter", fiche)))
    client.post(adresse("ecarter", fiche), {"motif": "Le service a besoin de vous d’abord."})
    page = client_de(distribution.mentor).get(reverse("consultation:fiche", args=[fiche.uuid]))
    assert "Le service a besoin de vous d’abord." in texte_de(page)


# — La vie d’une fiche


@pytest.mark.exigence("R-195")
def test_linscription_se_confirme_chaque_annee(distribution, client_de, time_machine):
    time_machine.move_to("2026-09-01T10:00:00-04:00", tick=False)
    fiche = scenes.fiche_inscrite(distribution)
    client = client_de(distribution.mentor)
    page = reverse("consultation:fiche", args=[fiche.uuid])
    assert "confirmez-la pour une autre année" not in texte_de(client.get(page))
    time_machine.move_to("2027-09-02T10:00:00-04:00", tick=False)
    client = client_de(distribution.mentor)
    assert "confirmez-la pour une autre année" in texte_de(client.get(page))
    assert client.post(adresse("confirmer", fiche)).status_code == 302
    assert _relue(fiche).confirmee_le == datetime.date(2027, 9, 2)
    assert "confirmez-la pour une autre année" not in texte_de(client.get(page))


def test_la_pause_garde_le_retour_prevu_et_la_reprise_lefface(distribution, client_de):
    fiche = scenes.fiche_inscrite(distribution)
    client = client_de(distribution.mentor)
    demain = jour_local() + datetime.timedelta(days=1)
    with rien_decrit():
        page = client.post(adresse("mettre_en_pause", fiche), {"retour_prevu_le": jour_local().isoformat()})
        assert "Indiquez un jour à venir" in texte_de(page)
    client.post(adresse("mettre_en_pause", fiche), {"retour_prevu_le": demain.isoformat()})
    assert _relue(fiche).retour_prevu_le == demain
    client.post(adresse("reprendre", fiche))
    assert _relue(fiche).retour_prevu_le is None


def test_se_retirer_ote_les_plages_libres(distribution, client_de):
    plage = scenes.plage_libre(distribution)
    client_de(distribution.mentor).post(adresse("retirer", plage.fiche), {"motif": "Retraite"})
    assert Plage.objects.get(pk=plage.pk).retiree
    assert _relue(plage.fiche).passages.order_by("-pk").first().motif == "Retraite"


@pytest.mark.exigence("R-195")
@pytest.mark.parametrize("qui", ["dsm", "appr"])
def test_la_dsm_tient_le_bottin_a_jour(distribution, client_de, qui):
    fiche = scenes.fiche_inscrite(distribution)
    client = client_de(distribution[qui])
    assert client.post(adresse("mettre_en_pause", fiche)).status_code == 302
    assert client.post(adresse("reprendre", fiche)).status_code == 302
    assert client.post(adresse("confirmer", fiche)).status_code == 302
    assert client.post(adresse("retirer", fiche)).status_code == 302
    assert _relue(fiche).etat == "retiree"


# — Les candidatures


@pytest.mark.exigence("R-194", "R-200")
def test_les_candidatures_disent_a_chacun_ce_qui_lattend(distribution, client_de):
    d = distribution
    scenes.fiche_soumise(d)
    scenes.fiche_appuyee(d, d.animatrice, "Langage")
    page = reverse("consultation:candidatures")
    du_gestionnaire = client_de(d.gestionnaire_mentor).get(page)
    assert [str(f) for f in du_gestionnaire.context["a_traiter"]] == ["Guylaine Cyr"]
    de_la_dsm = client_de(d.dsm).get(page)
    assert [str(f) for f in de_la_dsm.context["a_traiter"]] == ["Marie-Ève Huard"]
    assert [str(f) for f in de_la_dsm.context["ailleurs"]] == ["Guylaine Cyr"]
    de_la_collegue = client_de(d.collegue).get(page)
    assert not de_la_collegue.context["a_traiter"]
    assert not de_la_collegue.context["ailleurs"]
    assert "Aucune candidature ne vous attend" in texte_de(de_la_collegue)


def test_une_candidature_deleguee_se_traite_par_le_delegue(distribution, client_de):
    d = distribution
    Delegation.objects.create(de=d.gestionnaire_mentor, a=d.collegue, debut=jour_local(), fin=jour_local())
    fiche = scenes.fiche_soumise(d)
    page = client_de(d.collegue).get(reverse("consultation:candidatures"))
    assert [str(f) for f in page.context["a_traiter"]] == ["Guylaine Cyr"]
    assert client_de(d.collegue).post(adresse("appuyer", fiche), ENGAGE).status_code == 302
