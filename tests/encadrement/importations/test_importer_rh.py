"""Comparer puis appliquer : rien n’est écrit sans le dire, rien ne change deux fois, rien n’est effacé."""

import io

import pytest
from django.core.management import CommandError, call_command

from encadrement.importations.actions import appliquer
from encadrement.importations.comparaison import comparer
from encadrement.importations.lecture import lire
from encadrement.journal.models import Entree
from encadrement.personnes.models import Direction, Personne, SorteDirection, TitreEmploi
from encadrement.socle.erreurs import ErreurMetier, Perime
from tests.encadrement.importations.extraits import BRUTE, PROPRE, extrait, rangee

pytestmark = pytest.mark.django_db


@pytest.fixture
def systeme(db):
    return Personne.objects.systeme()


@pytest.fixture
def importer(systeme):
    def importer(fichier, **options):
        ecart = comparer(lire(fichier), **options)
        appliquer(ecart, par=systeme)
        return ecart

    return importer


def personne(matricule):
    return Personne.objects.select_related("superieur", "service__direction", "titre_emploi", "installation").get(
        matricule=matricule
    )


def raisons(ecart):
    return [str(signalement) for signalement in ecart.signalements]


def photo():
    return list(
        Personne.objects.order_by("matricule").values_list(
            "matricule", "nom", "prenom", "courriel", "superieur__matricule", "service__nom", "titre_emploi__code",
            "installation__nom", "date_embauche", "date_entree_service", "ordre", "no_permis", "membre_cm", "is_active",
            "cle_recherche", "password",
        )
    )  # fmt: skip


def test_le_fichier_propre_charge_l_etablissement(importer):
    ecart = importer(PROPRE)
    assert len(ecart.nouvelles) == 68
    ergo = personne("10022")
    assert (ergo.nom_complet, ergo.ordre, ergo.superieur.matricule) == ("André Athot", "OEQ", "10021")
    assert (ergo.service.direction.nom, ergo.installation.rls) == (
        "Direction des programmes Soutien à l'autonomie des personnes âgées",
        "baie-des-chaleurs",
    )
    assert ergo.titre_emploi.discipline == "Ergothérapie"
    assert not ergo.has_usable_password()
    assert not Personne.objects.get(matricule="10022").is_superuser


def test_les_directions_recoivent_leur_sorte_et_leur_directeur(importer):
    importer(PROPRE)
    directeurs = dict(Direction.objects.values_list("nom", "directeur__matricule"))
    assert directeurs["Direction générale"] == "10001"
    assert directeurs["Direction des programmes Jeunesse"] == "10042"
    soutien = set(Direction.objects.filter(sorte=SorteDirection.SOUTIEN).values_list("nom", flat=True))
    assert soutien == {
        "Direction générale",
        "Direction des services multidisciplinaires",
        "Direction des ressources humaines, des communications et des affaires juridiques",
    }


def test_l_extraction_brute_charge_tout_ce_qui_peut_l_etre(importer):
    ecart = importer(BRUTE)
    assert Personne.objects.exclude(matricule="systeme").count() == 67
    assert not Personne.objects.filter(matricule="10029").exists()
    assert personne("10063").nom == "Gauthier dit Landreville"
    assert personne("10036").nom == "Dubé"
    assert personne("10026").superieur is None
    assert personne("10030").superieur is None
    assert personne("10034").date_embauche is None
    assert not personne("10031").is_active
    assert any("99999" in raison for raison in raisons(ecart))


@pytest.mark.parametrize("ordre", [(PROPRE, BRUTE), (BRUTE, PROPRE)], ids=["propre d’abord", "brute d’abord"])
def test_importer_deux_fois_ne_change_rien_dans_les_deux_ordres(importer, ordre):
    for fichier in ordre:
        importer(fichier)
        avant, entrees = photo(), Entree.objects.count()
        seconde = importer(fichier)
        assert seconde.est_vide
        assert photo() == avant
        assert Entree.objects.count() == entrees


def test_apres_le_fichier_propre_l_extraction_brute_n_abime_rien(importer):
    importer(PROPRE)
    avant = photo()
    ecart = importer(BRUTE)
    assert [fiche.matricule for fiche in ecart.parties] == ["10031"]
    assert ecart.changees == ()
    assert [a for a, b in zip(avant, photo(), strict=True) if a != b] == [a for a in avant if a[0] == "10031"]


def test_aucune_boucle_de_superieurs_ne_nait(importer):
    ecart = importer(BRUTE)
    assert personne("10002").superieur is None
    assert personne("10003").superieur is None
    assert sum("fermerait une boucle (10002 → 10003 → 10002)" in raison for raison in raisons(ecart)) == 2
    for chacune in Personne.objects.all():
        assert chacune.pk not in chacune.superieurs_ids()


def test_une_boucle_garde_les_liens_deja_connus(importer):
    importer(extrait(rangee(MATRICULE="1", COURRIEL=""), rangee(MATRICULE="2", MATRICULE_SUPERIEUR="1", COURRIEL="")))
    boucle = [
        rangee(MATRICULE="1", MATRICULE_SUPERIEUR="3", COURRIEL=""),
        rangee(MATRICULE="2", MATRICULE_SUPERIEUR="1", COURRIEL=""),
        rangee(MATRICULE="3", MATRICULE_SUPERIEUR="2", COURRIEL=""),
    ]
    importer(extrait(*boucle))
    assert [personne(m).superieur_id and personne(m).superieur.matricule for m in "123"] == [None, "1", None]
    assert importer(extrait(*boucle)).est_vide


def test_personne_n_est_son_propre_superieur(importer):
    ecart = importer(extrait(rangee(MATRICULE_SUPERIEUR="20001")))
    assert personne("20001").superieur is None
    assert "serait son propre supérieur" in raisons(ecart)[0]


@pytest.mark.parametrize("inverse", [False, True])
def test_une_adresse_partagee_va_a_la_personne_dont_elle_porte_le_nom(importer, inverse):
    paire = [
        rangee(MATRICULE="1", NOM="Boudreau", COURRIEL="andre.athot@cisss.exemple"),
        rangee(MATRICULE="2", NOM="Athot", PRENOM="André", COURRIEL="andre.athot@cisss.exemple"),
    ]
    ecart = importer(extrait(*(reversed(paire) if inverse else paire)))
    assert (personne("1").courriel, personne("2").courriel) == ("", "andre.athot@cisss.exemple")
    assert "est aussi l’adresse de 2" in raisons(ecart)[0]


def test_une_adresse_partagee_par_deux_homonymes_ne_va_a_personne(importer):
    importer(extrait(rangee(MATRICULE="1"), rangee(MATRICULE="2")))
    assert {personne("1").courriel, personne("2").courriel} == {""}


def test_une_adresse_deja_prise_dans_la_base_ne_se_donne_pas(importer):
    importer(extrait(rangee()))
    ecart = importer(extrait(rangee(MATRICULE="20002", NOM="Cyr")))
    assert personne("20002").courriel == ""
    assert "est aussi l’adresse de 20001" in raisons(ecart)[0]


def test_deux_personnes_peuvent_echanger_leurs_adresses(importer):
    importer(extrait(rangee(MATRICULE="1", COURRIEL="a@x.exemple"), rangee(MATRICULE="2", COURRIEL="b@x.exemple")))
    importer(extrait(rangee(MATRICULE="1", COURRIEL="b@x.exemple"), rangee(MATRICULE="2", COURRIEL="a@x.exemple")))
    assert (personne("1").courriel, personne("2").courriel) == ("b@x.exemple", "a@x.exemple")


def test_la_difference_dit_l_ancien_et_le_nouveau(importer):
    importer(extrait(rangee()))
    ecart = comparer(lire(extrait(rangee(NOM="Cyr-Roussy", SERVICE="Service B", DATE_EMBAUCHE="04/05/2012"))))
    assert [str(changement) for changement in ecart.changees[0].changements] == [
        "nom\xa0: Cyr → Cyr-Roussy",
        "service\xa0: Direction A / Service A → Direction A / Service B",
        "date d’embauche\xa0: 2012-04-03 → 2012-05-04",
    ]


def test_la_recherche_suit_le_changement_de_nom(importer):
    importer(extrait(rangee()))
    importer(extrait(rangee(NOM="D’Amours")))
    assert Personne.objects.chercher("damours").count() == 0
    assert Personne.objects.chercher("amours guyl").get().matricule == "20001"


def test_une_autre_graphie_ne_double_ni_direction_ni_service(importer):
    importer(extrait(rangee(DIRECTION="Soutien à l'autonomie", SERVICE="Équipe – Gaspé")))
    ecart = importer(extrait(rangee(DIRECTION="Soutien à l’autonomie", SERVICE="EQUIPE - GASPE")))
    assert ecart.est_vide
    assert Direction.objects.count() == 1


def test_le_rls_illisible_d_une_ligne_se_lit_sur_une_autre(importer):
    lignes = [
        rangee(MATRICULE="1", COURRIEL="", RLS="Gaspésie"),
        rangee(MATRICULE="2", COURRIEL="", INSTALLATION="CLSC B", RLS="?"),
        rangee(MATRICULE="3", COURRIEL=""),
        rangee(MATRICULE="4", COURRIEL="", RLS="Rocher-Percé"),
    ]
    ecart = importer(extrait(*lignes))
    assert [str(personne(m).installation) for m in "1234"] == ["CLSC A", "None", "CLSC A", "CLSC A"]
    assert personne("4").rls == "cote-de-gaspe"
    assert any("déjà rattachée à un autre RLS" in raison for raison in raisons(ecart))
    assert importer(extrait(*lignes)).est_vide


def test_un_depart_garde_la_personne_inactive_et_l_entete_du_service_libre(importer):
    chef = {"TITRE_EMPLOI": "Directeur", "CODE_TITRE": "0100"}
    importer(extrait(rangee(**chef), rangee(MATRICULE="20002", COURRIEL="", MATRICULE_SUPERIEUR="20001")))
    ecart = importer(
        extrait(rangee(**chef, STATUT="Inactif"), rangee(MATRICULE="20002", COURRIEL="", MATRICULE_SUPERIEUR="20001"))
    )
    assert not personne("20001").is_active
    assert Direction.objects.get().directeur is None
    assert any("le supérieur 20001 n’est plus actif" in raison for raison in raisons(ecart))


def test_un_retour_rouvre_l_acces(importer):
    importer(extrait(rangee(STATUT="Inactif")))
    importer(extrait(rangee()))
    assert personne("20001").is_active


def test_un_statut_inconnu_n_ouvre_aucun_acces(importer):
    importer(extrait(rangee(STATUT="Muté")))
    assert not personne("20001").is_active


def test_les_absents_sont_signales_et_restent_actifs(importer):
    importer(extrait(rangee(), rangee(MATRICULE="20002", COURRIEL="")))
    ecart = importer(extrait(rangee()))
    assert [absente.matricule for absente in ecart.absentes] == ["20002"]
    assert personne("20002").is_active


def test_une_extraction_complete_ferme_l_acces_des_absents_sauf_des_lignes_rejetees(importer, systeme):
    Personne.objects.create_superuser("technique", nom="Racine", courriel="")
    importer(extrait(*(rangee(MATRICULE=f"2000{n}", COURRIEL="") for n in range(4))))
    ecart = importer(extrait(rangee(MATRICULE="20000"), rangee(MATRICULE="20001", NOM="")), complete=True)
    assert [absente.matricule for absente in ecart.absentes] == ["20002", "20003"]
    assert [personne(f"2000{n}").is_active for n in range(4)] == [True, True, False, False]
    assert personne("technique").is_active
    assert Entree.objects.order_by("-id").first().details["desactivees"] == ["20002", "20003"]


def test_une_extraction_complete_tronquee_est_refusee(importer):
    importer(PROPRE)
    with pytest.raises(ErreurMetier, match="paraît tronquée"):
        importer(extrait(rangee()), complete=True)
    assert Personne.objects.filter(is_active=True).count() == 68


def test_la_base_changee_entre_la_comparaison_et_l_application_refuse_tout(importer, systeme):
    importer(extrait(rangee()))
    ecart = comparer(lire(extrait(rangee(NOM="Roussy"))))
    Personne.objects.filter(matricule="20001").update(prenom="Guy")
    with pytest.raises(Perime):
        appliquer(ecart, par=systeme)
    assert personne("20001").nom == "Cyr"


def test_l_importation_ne_touche_ni_mot_de_passe_ni_libelle_deja_connu(importer):
    importer(extrait(rangee()))
    connue = personne("20001")
    connue.set_password("Essai-clinique-2026")
    connue.save(update_fields=["password"])
    ecart = importer(extrait(rangee(TITRE_EMPLOI="Ergothérapeute clinicienne", NOM="Roussy")))
    assert personne("20001").check_password("Essai-clinique-2026")
    assert TitreEmploi.objects.get(code="1230").libelle == "Ergothérapeute"
    assert any("se dit déjà « Ergothérapeute »" in raison for raison in raisons(ecart))


def test_l_importation_se_consigne_sans_nom(importer):
    importer(extrait(rangee()))
    entree = Entree.objects.get(acte="importations.rh")
    assert entree.details["nouvelles"] == 1
    assert len(entree.details["empreinte"]) == 64
    assert "Cyr" not in str(entree.details)


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_lignes(importer, django_assert_max_num_queries):
    importer(extrait(rangee()))
    lignes = [rangee(MATRICULE=f"3{n:04d}", COURRIEL="", MATRICULE_SUPERIEUR="20001") for n in range(300)]
    with django_assert_max_num_queries(50):
        importer(extrait(*lignes))


def commande(*arguments):
    sortie = io.StringIO()
    call_command("importer_rh", *map(str, arguments), stdout=sortie, no_color=True)
    return sortie.getvalue()


def test_la_commande_montre_sans_ecrire():
    page = commande(BRUTE)
    assert "Nouvelles personnes : 67" in page
    assert "Ligne 36, colonne DATE_EMBAUCHE" in page
    assert "Rien n’a été écrit" in page
    assert not Personne.objects.exists()


def test_la_commande_applique_puis_n_a_plus_rien_a_changer():
    assert "La différence ci-dessus est appliquée." in commande(PROPRE, "--appliquer")
    assert "Rien à changer." in commande(PROPRE, "--appliquer")


def test_la_commande_dit_pourquoi_le_fichier_ne_s_ouvre_pas(tmp_path):
    with pytest.raises(CommandError, match="ne s’ouvre pas"):
        commande(tmp_path / "absent.csv")
    (tmp_path / "vide.csv").write_text("")
    with pytest.raises(CommandError, match="MATRICULE"):
        commande(tmp_path / "vide.csv")
    with pytest.raises(CommandError, match="Aucune personne active"):
        commande(PROPRE, "--par", "404")
