"""Le bilan de mi-temps : rempli à deux, confirmé par les deux, lu par le gestionnaire ensuite."""

import pytest

from encadrement.documents.models import Document
from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from mentorat.models import Bilan, Sorte
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, champs_de, texte_de

pytestmark = pytest.mark.django_db

COMMENTAIRES = "Bonne progression. L’obj. 3 est reporté : aucune rencontre familiale disponible avant les Fêtes."


@pytest.fixture
def entente(distribution):
    dossier = scenes.entente(distribution)
    scenes.rencontrer(dossier, 2)
    return dossier


def remplir(client, entente, couleur="vert", **saisi):
    """Ouvre le bilan, donne une couleur à chaque ligne, et l’enregistre."""
    lus = champs_de(client.get(adresse("entente_mi_temps", entente)))
    lignes = {nom.removeprefix("temoin-"): couleur for nom in lus if nom.startswith(("temoin-obj", "temoin-act"))}
    return client.post(adresse("entente_mi_temps", entente), {**lus, **lignes, "commentaires": COMMENTAIRES, **saisi})


def confirmer(client, entente, **saisi):
    lus = champs_de(client.get(adresse("entente_confirmer_mi_temps", entente)))
    return client.post(adresse("entente_confirmer_mi_temps", entente), {**lus, **saisi})


@pytest.mark.exigence("R-057", "R-335", "R-336", "R-337", "R-409")
def test_la_dyade_remplit_le_bilan_et_les_deux_le_confirment(distribution, client_de, entente):
    mentor, mentore = client_de(distribution.mentor), client_de(distribution.mentore)
    page = texte_de(mentor.get(adresse("entente_mi_temps", entente)))
    assert "<dt>Rencontres réalisées</dt><dd>2</dd>" in page
    assert "<dt>Durée moyenne</dt><dd>1 h 08</dd>" in page
    assert remplir(mentor, entente).url == adresse("entente_mi_temps", entente)
    premier = entente.objectifs.first()
    remplir(mentore, entente, **{f"objectif-{premier.pk}": "rouge"}, commentaires=COMMENTAIRES)
    Courriel.objects.all().delete()
    confirmer(mentor, entente)
    assert set(Courriel.objects.values_list("a", flat=True)) == {distribution.mentore.pk}
    assert not Document.objects.filter(instantane__nature="mi_temps").exists()
    confirmer(mentore, entente)
    bilan = Bilan.objects.get(sorte=Sorte.MI_TEMPS)
    assert bilan.est_confirme
    contenu = bilan.instantane.donnees
    assert contenu["commentaires"] == COMMENTAIRES
    assert contenu["nombre_rencontres"] == 2
    assert [objectif["etat"] for objectif in contenu["objectifs"]] == ["rouge", "vert", "vert"]
    assert [confirmation["titre"] for confirmation in contenu["confirmations"]] == ["mentor", "mentoré"]
    assert Document.objects.filter(instantane=bilan.instantane).exists()
    avises = set(Courriel.objects.filter(gabarit="mentorat/mi_temps_confirme").values_list("a", flat=True))
    assert distribution.gestionnaire.pk in avises
    assert entente.passages.filter(transition="confirmer_mi_temps").count() == 2


@pytest.mark.exigence("R-337")
def test_chaque_etat_se_dit_en_mot_et_en_forme(distribution, client_de, entente):
    page = client_de(distribution.mentor).get(adresse("entente_mi_temps", entente)).content.decode()
    lignes = 3 + sum(objectif.activites.count() for objectif in entente.objectifs.all())
    for couleur, mot in (("vert", "Vert"), ("jaune", "Jaune"), ("rouge", "Rouge")):
        assert page.count(f'class="couleur couleur--{couleur}"') == lignes + 1
        assert page.count(f"</svg>{mot}</span>") == lignes + 1


@pytest.mark.exigence("R-063", "R-091", "R-354")
def test_le_gestionnaire_lit_le_bilan_une_fois_confirme_par_les_deux(distribution, client_de, entente):
    gestionnaire = client_de(distribution.gestionnaire)
    remplir(client_de(distribution.mentor), entente)
    confirmer(client_de(distribution.mentor), entente)
    page = texte_de(gestionnaire.get(adresse("entente_mi_temps", entente)))
    assert "La dyade écrit son bilan" in page
    assert COMMENTAIRES not in page
    confirmer(client_de(distribution.mentore), entente)
    page = texte_de(gestionnaire.get(adresse("entente_mi_temps", entente)))
    assert COMMENTAIRES in page
    trace = Entree.objects.filter(acte="mentorat.lecture.mi_temps").latest("pk")
    assert trace.par_id == distribution.gestionnaire.pk


ADRESSES = ("entente_mi_temps", "entente_mi_temps_brouillon", "entente_confirmer_mi_temps")
DEHORS = [
    ("dsm", 403),
    ("appr", 403),
    ("drhcaj", 403),
    ("gestionnaire_mentor", 404),
    ("autre_gestionnaire", 404),
    ("ancien_gestionnaire", 404),
    ("directrice", 404),
    ("executif_cm", 404),
    ("pilote", 404),
    ("superutilisateur", 404),
]


@pytest.mark.exigence("R-063")
@pytest.mark.parametrize(("qui", "code"), DEHORS)
def test_personne_dautre_ne_lit_ni_necrit_le_bilan(distribution, client_de, entente, qui, code):
    scenes.mi_temps(entente)
    client = client_de(distribution[qui])
    reponse = client.get(adresse("entente_mi_temps", entente))
    assert reponse.status_code == code
    assert "Bonne progression" not in reponse.content.decode()
    for nom in ADRESSES:
        assert client.post(adresse(nom, entente), {"commentaires": "Intrus"}).status_code == code
    document = Document.objects.get(instantane__nature="mi_temps")
    assert client.get(f"/documents/{document.uuid}/").status_code == 404


@pytest.mark.parametrize("nom", ADRESSES)
def test_le_gestionnaire_lit_mais_necrit_ni_ne_confirme(distribution, client_de, entente, nom):
    assert client_de(distribution.gestionnaire).post(adresse(nom, entente), {"version": "0"}).status_code == 403
    assert not Bilan.objects.exists()


def test_on_ne_confirme_pas_deux_fois(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    remplir(client, entente)
    confirmer(client, entente)
    reponse = confirmer(client, entente)
    assert reponse.status_code == 409
    assert "Vous avez déjà confirmé ce bilan" in texte_de(reponse)


@pytest.mark.exigence("R-336", "R-337")
def test_un_bilan_incomplet_ne_se_confirme_pas(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    premier = entente.objectifs.first()
    remplir(client, entente, **{f"objectif-{premier.pk}": ""})
    reponse = confirmer(client, entente)
    assert reponse.status_code == 409
    assert "Donnez un état" in texte_de(reponse)
    assert Bilan.objects.get().confirme_mentor_le is None


def test_on_ne_confirme_que_la_version_quon_a_lue(distribution, client_de, entente):
    mentor, mentore = client_de(distribution.mentor), client_de(distribution.mentore)
    remplir(mentor, entente)
    lus = champs_de(mentor.get(adresse("entente_confirmer_mi_temps", entente)))
    remplir(mentore, entente, commentaires="Tout autre chose")
    reponse = mentor.post(adresse("entente_confirmer_mi_temps", entente), lus)
    assert reponse.status_code == 409
    page = texte_de(reponse)
    assert "Le bilan a changé depuis que vous l’avez lu" in page
    assert "Tout autre chose" in page
    assert Bilan.objects.get().confirme_mentor_le is None
    assert mentor.post(adresse("entente_confirmer_mi_temps", entente), champs_de(reponse)).status_code == 302
    assert Bilan.objects.get().confirme_mentor_le is not None


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30, "٣"])
def test_une_version_trafiquee_ne_confirme_rien(distribution, client_de, entente, version):
    client = client_de(distribution.mentor)
    remplir(client, entente)
    assert confirmer(client, entente, version=version).status_code in {200, 409}
    assert Bilan.objects.get().confirme_mentor_le is None


def test_modifier_le_bilan_defait_la_confirmation_deja_donnee(distribution, client_de, entente):
    remplir(client_de(distribution.mentor), entente)
    confirmer(client_de(distribution.mentor), entente)
    page = texte_de(client_de(distribution.mentore).get(adresse("entente_mi_temps", entente)))
    assert "Guylaine Cyr a déjà confirmé ce bilan." in page
    remplir(client_de(distribution.mentore), entente, couleur="jaune")
    assert Bilan.objects.get().confirme_mentor_le is None


def test_confirme_par_les_deux_il_ne_se_modifie_plus_et_rien_de_tape_nest_perdu(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    remplir(client, entente)
    lus = champs_de(client.get(adresse("entente_mi_temps", entente)))
    confirmer(client, entente)
    confirmer(client_de(distribution.mentore), entente)
    saisi = {**lus, "commentaires": "Un ajout tardif"}
    reponse = client.post(adresse("entente_mi_temps", entente), saisi)
    assert reponse.status_code == 409
    assert champs_de(reponse)["commentaires"] == "Un ajout tardif"
    brouillon = client.post(adresse("entente_mi_temps_brouillon", entente), saisi)
    assert brouillon.status_code == 422
    assert "ne se modifie plus" in brouillon.json()["message"]
    assert Bilan.objects.get().commentaires == COMMENTAIRES


def test_une_couleur_inventee_est_refusee_et_le_reste_enregistre(distribution, client_de, entente):
    premier = entente.objectifs.first()
    reponse = remplir(client_de(distribution.mentor), entente, **{f"objectif-{premier.pk}": "mauve"})
    assert "Choisissez vert, jaune ou rouge." in texte_de(reponse)
    bilan = Bilan.objects.get()
    assert bilan.commentaires == COMMENTAIRES
    assert bilan.etats_objectifs.count() == 2


@pytest.mark.parametrize("longueur", [20_000, 20_001])
def test_la_limite_des_commentaires_est_de_vingt_mille_caracteres(distribution, client_de, entente, longueur):
    texte = ("é\n" * 10_001)[:longueur].rstrip("\n").ljust(longueur, "z")
    reponse = remplir(client_de(distribution.mentor), entente, commentaires=texte.replace("\n", "\r\n"))
    if longueur == 20_000:
        assert Bilan.objects.get().commentaires == texte
    else:
        assert "dépasse 20 000 caractères" in texte_de(reponse)
        assert champs_de(reponse)["commentaires"].replace("\r\n", "\n") == texte
        assert Bilan.objects.get().etats_objectifs.count() == 3


def test_une_ligne_dune_autre_entente_ne_secrit_pas(distribution, client_de, entente):
    client = client_de(distribution.mentor)
    remplir(client, entente, **{"objectif-999999": "rouge", "activite-x": "rouge", "instantane": "1", "version": "77"})
    bilan = Bilan.objects.get()
    assert (bilan.etats_objectifs.count(), bilan.version) == (3, 1)


def test_une_panne_ne_laisse_ni_confirmation_ni_passage(distribution, client_de, entente, monkeypatch):
    def panne(*args, **kwargs):
        raise RuntimeError("panne")

    client = client_de(distribution.mentor)
    remplir(client, entente)
    monkeypatch.setattr("mentorat.actions.bilans.annoncer", panne)
    with pytest.raises(RuntimeError, match="panne"):
        confirmer(client, entente)
    assert Bilan.objects.get().confirme_mentor_le is None
    assert not entente.passages.filter(transition="confirmer_mi_temps").exists()


def test_le_formulaire_coute_autant_de_requetes_quel_que_soit_le_nombre_de_lignes(
    distribution, client_de, entente, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("encadrement.accueil.contexte.nombre_a_faire", lambda personne: 0)
    client = client_de(distribution.mentor)
    remplir(client, entente)
    with django_assert_max_num_queries(22):
        client.get(adresse("entente_mi_temps", entente))
