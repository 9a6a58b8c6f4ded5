"""Le plan de concertation : l’écrire pendant la rencontre, l’établir, le lire, le ramener, le fermer (R-251 à R-254, Q-04)."""

import pytest

from concertation.actions import plans, recits, redaction
from concertation.models import EtatSituation, Orientation, PassageSituation
from encadrement.notifications.models import Courriel
from encadrement.socle.fusion import temoin
from tests.concertation import scenes
from tests.concertation.gestes_plan import adresse, ajout, dans, lectures, sans_lien
from tests.consultation.traces import courriels
from tests.mentorat.formulaire import champs_de, texte_de
from tests.rejeu import rejouee

pytestmark = pytest.mark.django_db
PLAN = "Adulte sans hébergement stable; trois services sans porteur désigné."
DISCUSSION = "La direction A peut prêter une place."


@pytest.fixture
def d(distribution):
    return distribution


@rejouee
def _presentee(d):
    situation = scenes.situation_presentee(d)
    sans_lien(situation, d.coordonnatrice)
    return situation


@pytest.fixture
def presentee(d):
    return _presentee(d)


def relue(situation):
    return type(situation).objects.get(pk=situation.pk)


def contenu(situation):
    return recits.contenu(situation, ("discussion", "plan"))


@pytest.mark.exigence("R-225", "R-251", "R-252", "R-253", "R-254")
def test_le_coordonnateur_ecrit_le_plan_pendant_la_rencontre_l_etablit_et_le_ferme(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    page = adresse("situation_plan", presentee)
    saisi = champs_de(client.get(page)) | {"discussion": DISCUSSION, "plan": PLAN}
    assert client.post(page, saisi).status_code == 302
    for (direction, personne), (texte, jours) in zip(scenes.directions(d), scenes.ORIENTATIONS, strict=True):
        reponse = client.post(adresse("orientation_ajouter", presentee), ajout(direction, personne, texte, jours))
        assert reponse.status_code == 302, texte_de(reponse)
    assert contenu(presentee) == {"discussion": DISCUSSION, "plan": PLAN}
    ecrit = texte_de(client.get(page))
    for texte, _ in scenes.ORIENTATIONS:
        assert texte in ecrit
    etablir = adresse("situation_etablir_plan", presentee)
    assert PLAN in texte_de(client.get(etablir))
    assert client.post(etablir).status_code == 302
    assert relue(presentee).etat == EtatSituation.EN_SUIVI
    assert courriels("orientation_confiee", "concertation") == sorted(p.prenom for _, p in scenes.directions(d))
    assert courriels("plan_etabli", "concertation") == sorted(
        {d.mentore.prenom, d.gestionnaire.prenom, d.delegue.prenom}
    )
    for orientation in presentee.orientations.all():
        plans.appliquer_orientation(orientation, par=orientation.responsable)
    assert client.post(adresse("situation_fermer", presentee)).status_code == 302
    fermee = relue(presentee)
    assert (fermee.etat, fermee.verrou_le is not None, fermee.detruire_le is not None) == ("fermee", True, True)


@pytest.mark.exigence("R-253")
def test_presenter_suit_la_rencontre_tenue_et_mene_au_plan(d, client_de):
    situation = scenes.situation_convoquee(d)
    client = client_de(d.coordonnatrice)
    trop_tot = client.post(adresse("situation_presenter", situation))
    assert trop_tot.status_code == 409
    assert "pas encore notée comme tenue" in texte_de(trop_tot)
    rencontre = situation.inscription.rencontre
    scenes.comite.deplacer_rencontre(
        rencontre,
        par=d.coordonnatrice,
        debut=rencontre.debut - scenes.datetime.timedelta(days=22),
        fin=rencontre.fin - scenes.datetime.timedelta(days=22),
    )
    scenes.comite.tenir_rencontre(rencontre, par=d.coordonnatrice)
    reponse = client.post(adresse("situation_presenter", situation))
    assert reponse.url == adresse("situation_plan", situation)
    assert client.post(adresse("situation_presenter", situation)).status_code == 409
    passage = PassageSituation.objects.get(situation=situation, transition="presenter")
    assert situation.inscription.presentee_le == passage.quand


@pytest.mark.exigence("R-225", "R-253")
def test_un_plan_sans_orientation_ne_s_etablit_pas(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    reponse = client.post(adresse("situation_etablir_plan", presentee))
    assert reponse.status_code == 409
    assert "Écrivez au moins une orientation" in texte_de(reponse)
    assert relue(presentee).etat == EtatSituation.PRESENTEE


@pytest.mark.exigence("R-254")
def test_une_situation_ne_se_ferme_qu_une_fois_chaque_orientation_close(d, client_de):
    situation = scenes.situation_en_suivi(d)
    client = client_de(d.coordonnatrice)
    reponse = client.post(adresse("situation_fermer", situation))
    assert reponse.status_code == 409
    assert "3 orientations encore ouvertes" in texte_de(reponse)
    assert relue(situation).etat == EtatSituation.EN_SUIVI


@pytest.mark.exigence("R-254")
def test_ramener_au_comite_demande_un_motif_chiffre_et_garde_les_orientations(d, client_de):
    situation = scenes.situation_en_suivi(d)
    client = client_de(d.coordonnatrice)
    page = adresse("situation_representer", situation)
    assert "Écrivez le motif" in texte_de(client.post(page, {"motif": ""}))
    assert client.post(page, {"motif": "Deux ruptures depuis."}).status_code == 302
    passage = situation.passages.get(transition="representer")
    assert "ruptures" not in passage.motif
    assert passage.texte == "Deux ruptures depuis."
    ramenee = relue(situation)
    assert (ramenee.etat, ramenee.orientations.count()) == (EtatSituation.RECEVABLE, 3)
    # Le plan de la première fois reste à un clic du dossier, pour qui le lisait.
    for personne in (d.coordonnatrice, d.mentore):
        sans_lien(ramenee, personne)
        assert adresse("situation_plan", ramenee) in client_de(personne).get(ramenee.get_absolute_url()).text
    assert "Deux ruptures" not in "".join(f"{c.objet}{c.texte}{c.html}" for c in Courriel.objects.all())


# — Écrire à mesure, au serveur seulement


@pytest.mark.exigence("R-253")
def test_ce_qui_se_tape_va_au_coffre_a_mesure_et_rien_n_en_est_lu(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    saisi = champs_de(client.get(adresse("situation_plan", presentee))) | {"discussion": "La pente est glacée."}
    avant = lectures(presentee)
    reponse = client.post(adresse("situation_plan_brouillon", presentee), saisi)
    assert reponse.status_code == 200
    assert reponse.json()["temoins"]["discussion"] == temoin("La pente est glacée.")
    assert contenu(presentee)["discussion"] == "La pente est glacée."
    assert lectures(presentee) == avant
    assert "pente" not in presentee.recit.chiffre


def test_le_brouillon_n_ajoute_jamais_une_orientation_a_demi_tapee(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    direction, personne = scenes.directions(d)[0]
    saisi = {"discussion": "x", **ajout(direction, personne)}
    assert client.post(adresse("situation_plan_brouillon", presentee), saisi).status_code == 200
    assert not presentee.orientations.exists()
    page = client.get(adresse("situation_plan", presentee)).content.decode()
    for champ in ("texte", "direction", "personne", "echeance"):
        (balise,) = [b for b in page.split("<") if f'name="orientation-{champ}"' in b]
        assert "data-brouillon-hors" in balise


def test_deux_coordonnateurs_ne_s_ecrasent_pas_et_ce_qu_on_recoit_de_l_autre_est_consigne(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    saisi = champs_de(client.get(adresse("situation_plan", presentee)))
    plans.ecrire_plan(presentee, par=d.coordonnatrice, discussion="Ce que l’autre a écrit.")
    avant = lectures(presentee)
    reponse = client.post(adresse("situation_plan_brouillon", presentee), saisi | {"discussion": "Le mien."})
    assert reponse.status_code == 409
    assert reponse.json()["conflit"][0]["actuel"] == "Ce que l’autre a écrit."
    assert lectures(presentee)[len(avant) :] == [(d.coordonnatrice.prenom, ("discussion",), "écriture à deux")]
    par_la_page = client.post(adresse("situation_plan", presentee), saisi | {"discussion": "Le mien."})
    assert par_la_page.status_code == 409
    assert "Le mien." in texte_de(par_la_page)
    assert contenu(presentee)["discussion"] == "Ce que l’autre a écrit."


def test_ajouter_une_orientation_enregistre_aussi_ce_que_la_page_porte(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    saisi = champs_de(client.get(adresse("situation_plan", presentee))) | {"plan": PLAN}
    direction, personne = scenes.directions(d)[0]
    # La touche Entrée envoie à la page elle-même : l’orientation n’est pas perdue pour autant.
    assert client.post(adresse("situation_plan", presentee), saisi | ajout(direction, personne)).status_code == 302
    assert contenu(presentee)["plan"] == PLAN
    assert presentee.orientations.count() == 1


# — Une orientation bien écrite


@pytest.mark.exigence("R-225", "R-253")
@pytest.mark.parametrize(
    ("champ", "valeur", "phrase"),
    [
        ("texte", "", "Écrivez l’orientation"),
        ("direction", "", "Choisissez la direction"),
        ("direction", "999999", "Cette direction n’existe plus"),
        ("personne", "", "Nommez la personne qui en répondra."),
        ("personne", "Xyz Inconnu", "Aucune personne en poste"),
        ("echeance", "", "Donnez le jour"),
        ("echeance", "2020-01-01", "Cette date est passée"),
        ("echeance", "2026-02-31", "Cette date n’existe pas"),
        ("texte", "a" * 2001, "dépasse 2000 caractères"),
    ],
)
def test_une_orientation_incomplete_le_dit_sur_le_champ_et_rien_n_est_perdu(
    d, client_de, presentee, champ, valeur, phrase
):
    direction, personne = scenes.directions(d)[0]
    saisi = ajout(direction, personne) | {f"orientation-{champ}": valeur}
    reponse = client_de(d.coordonnatrice).post(adresse("orientation_ajouter", presentee), saisi)
    assert reponse.status_code == 200
    assert phrase in texte_de(reponse)
    garde = reponse.context["ajout"]
    assert all(str(garde[nom.partition("-")[2]].value()) == str(mis) for nom, mis in saisi.items())
    assert not presentee.orientations.exists()


def test_un_texte_qui_semble_nommer_quelqu_un_avertit_avant_de_s_ecrire(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    direction, personne = scenes.directions(d)[0]
    saisi = ajout(direction, personne, "Rejoindre la personne au 418 555-0199.")
    reponse = client.post(adresse("orientation_ajouter", presentee), saisi)
    assert "Ce texte semble contenir" in texte_de(reponse)
    assert not presentee.orientations.exists()
    relu = champs_de(reponse) | saisi
    case = reponse.context["ajout"].fields["relu"].widget.attrs["value"]
    assert client.post(adresse("orientation_ajouter", presentee), relu | {"orientation-relu": case}).status_code == 302
    assert presentee.orientations.count() == 1


def test_ce_qui_semble_nommer_quelqu_un_se_relit_avant_d_etablir(d, client_de):
    situation = scenes.orientations_ecrites(d)
    sans_lien(situation, d.coordonnatrice)
    plans.ecrire_plan(situation, par=d.coordonnatrice, plan="Joindre au 418 555-0199.")
    client = client_de(d.coordonnatrice)
    page = adresse("situation_etablir_plan", situation)
    reponse = client.post(page)
    assert reponse.status_code == 200
    assert "À relire avant d’établir" in texte_de(reponse)
    assert relue(situation).etat == EtatSituation.PRESENTEE
    case = reponse.context["form"].fields["relu"].widget.attrs["value"]
    assert client.post(page, {"relu": case}).status_code == 302


def test_une_personne_exclue_ne_porte_pas_d_orientation(d, client_de, presentee):
    scenes.exclusions.exclure(presentee, par=d.mentore, personne=d.collegue)
    direction, _ = scenes.directions(d)[0]
    reponse = client_de(d.coordonnatrice).post(adresse("orientation_ajouter", presentee), ajout(direction, d.collegue))
    assert reponse.status_code == 409
    assert "choisissez-en une autre" in texte_de(reponse)
    assert not presentee.orientations.exists()


def test_corriger_une_orientation_avise_le_nouveau_responsable_et_garde_l_ancien_texte_du_champ(d, client_de):
    situation = scenes.situation_en_suivi(d)
    sans_lien(situation, d.coordonnatrice)
    orientation = situation.orientations.get(rang=1)
    client = client_de(d.coordonnatrice)
    page = adresse("orientation_modifier", orientation)
    saisi = champs_de(client.get(page))
    assert saisi["texte"].strip() == scenes.ORIENTATIONS[0][0]
    saisi |= {"direction": orientation.direction_id}
    saisi |= {"texte": "Désigner deux intervenants.", "personne": d.parrain.matricule, "echeance": dans(20)}
    assert client.post(page, saisi).status_code == 302
    corrigee = Orientation.objects.get(pk=orientation.pk)
    assert corrigee.responsable == d.parrain
    assert recits.lire_orientation(corrigee, par=d.parrain)["texte"] == "Désigner deux intervenants."
    assert d.parrain.prenom in courriels("orientation_confiee", "concertation")
    plans.appliquer_orientation(corrigee, par=d.parrain)
    refus = client.post(page, saisi | {"personne": ""})
    assert refus.status_code == 409
    assert "Cette orientation est close" in texte_de(refus)


# — Qui ne peut pas


@pytest.mark.exigence("R-251", "R-253")
@pytest.mark.parametrize("qui", ["mentore", "gestionnaire", "autre_gestionnaire", "collegue", "delegue"])
def test_qui_lit_le_plan_ne_l_ecrit_pas(d, client_de, presentee, qui):
    sans_lien(presentee, d[qui])
    client = client_de(d[qui])
    direction, personne = scenes.directions(d)[0]
    for nom, saisi in (
        ("situation_plan", {"discussion": "x"}),
        ("situation_plan_brouillon", {"discussion": "x"}),
        ("orientation_ajouter", ajout(direction, personne)),
        ("situation_etablir_plan", {}),
        ("situation_representer", {"motif": "x"}),
        ("situation_fermer", {}),
    ):
        assert client.post(adresse(nom, presentee), saisi).status_code == 403, nom
    assert contenu(presentee) == {"discussion": "", "plan": ""}
    assert not presentee.orientations.exists()


def test_une_situation_trop_tot_ou_fermee_ne_s_ecrit_plus(d, client_de):
    situation = scenes.situation_fermee(d)
    sans_lien(situation, d.coordonnatrice)
    client = client_de(d.coordonnatrice)
    assert "data-brouillon" not in client.get(adresse("situation_plan", situation)).content.decode()
    reponse = client.post(adresse("situation_plan_brouillon", situation), {"discussion": "trop tard"})
    assert reponse.status_code == 422
    assert "trop tard" not in contenu(situation)["discussion"]


# — Chaque lecture est consignée, une fois, avant d’être montrée


@pytest.mark.exigence("R-253")
def test_lire_le_plan_consigne_une_fois_ce_qui_est_montre(d, client_de):
    situation = scenes.situation_en_suivi(d)
    sans_lien(situation, d.autre_gestionnaire)
    avant = lectures(situation)
    page = texte_de(client_de(d.autre_gestionnaire).get(adresse("situation_plan", situation)))
    assert lectures(situation)[len(avant) :] == [
        (
            d.autre_gestionnaire.prenom,
            ("precision_impasse", "plan", "orientation 1", "orientation 2", "orientation 3"),
            "plan de concertation",
        )
    ]
    for texte, _ in scenes.ORIENTATIONS:
        assert texte in page
    # Les notes de la discussion ne sont pas du plan.
    assert "Chacun nomme ce qu’il peut faire." not in page


@pytest.mark.exigence("R-243", "R-252")
def test_le_representant_suit_le_plan_pendant_qu_on_l_ecrit_et_y_voit_ce_qu_on_lui_confie(d, client_de, presentee):
    sans_lien(presentee, d.autre_gestionnaire)
    direction, personne = scenes.directions(d)[0]
    ecrit = client_de(d.coordonnatrice).post(adresse("orientation_ajouter", presentee), ajout(direction, personne))
    assert ecrit.status_code == 302
    page = client_de(d.autre_gestionnaire).get(adresse("situation_plan", presentee))
    texte = texte_de(page)
    assert "Ce plan est en préparation" in texte
    assert scenes.ORIENTATIONS[0][0] in texte
    assert str(direction) in texte
    # Il en parle à la rencontre; c’est le coordonnateur qui écrit.
    assert "data-brouillon" not in page.content.decode()


def test_un_plan_qui_n_existe_pas_encore_ne_consigne_rien(d, client_de):
    situation = scenes.situation_transmise(d)
    avant = lectures(situation)
    assert "Pas encore de plan" in texte_de(client_de(d.mentore).get(adresse("situation_plan", situation)))
    assert lectures(situation) == avant


def test_on_declare_d_abord(d, client_de):
    situation = scenes.situation_en_suivi(d)
    avant = lectures(situation)
    for nom in ("situation_plan", "situation_plan_pdf"):
        reponse = client_de(d.gestionnaire).get(adresse(nom, situation))
        assert reponse.status_code == 302
        assert reponse.url.startswith(adresse("situation_declarer", situation))
    assert lectures(situation) == avant


@pytest.mark.exigence("R-259")
def test_l_intervenant_responsable_lit_le_plan_et_ce_qui_lui_revient(d, client_de):
    situation = scenes.situation_en_suivi(d)
    page = texte_de(client_de(d.mentore).get(adresse("situation_plan", situation)))
    assert "notez-les à son dossier d’usager" in page
    assert scenes.ORIENTATIONS[0][0] in page


def test_une_panne_en_etablissant_ne_laisse_rien(d, monkeypatch):
    situation = scenes.orientations_ecrites(d)
    monkeypatch.setattr(plans, "annoncer", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("panne")))
    with pytest.raises(RuntimeError):
        plans.etablir_plan(situation, par=d.coordonnatrice)
    assert relue(situation).etat == EtatSituation.PRESENTEE
    assert not Courriel.objects.filter(gabarit="concertation/orientation_confiee").exists()


def test_rien_ne_va_dans_la_session(d, client_de, presentee):
    client = client_de(d.coordonnatrice)
    saisi = champs_de(client.get(adresse("situation_plan", presentee))) | {"discussion": "CANARI"}
    direction, personne = scenes.directions(d)[0]
    client.post(adresse("situation_plan", presentee), saisi | ajout(direction, personne, "CANARI deux"))
    assert "CANARI" not in str(dict(client.session))
    assert redaction.ecrit_le_plan(d.coordonnatrice, presentee)
