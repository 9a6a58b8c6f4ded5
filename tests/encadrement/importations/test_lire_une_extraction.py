"""Lire une extraction RH : encodages, en-tête, valeurs, lignes rejetées avec leur raison."""

import datetime
import io

import pytest

from encadrement.importations.lecture import COLONNES, FichierIllisible, lire
from encadrement.importations.noms import en_casse, nom_retenu
from encadrement.importations.valeurs import ValeurIllisible, lire_jour, lire_statut
from encadrement.personnes.ordres import sigle
from tests.encadrement.importations.extraits import BRUTE, PROPRE, extrait, rangee

JOUR = datetime.date(2026, 11, 22)


def raisons(lecture, sorte=None):
    return [str(s) for s in lecture.signalements if sorte in (None, s.sorte)]


def test_le_fichier_propre_se_lit_en_entier():
    lecture = lire(PROPRE, jour=JOUR)
    assert (lecture.encodage, len(lecture.lignes), lecture.signalements) == ("UTF-8", 68, ())


def test_l_extraction_brute_dit_chaque_anomalie_a_sa_ligne():
    lecture = lire(BRUTE, jour=JOUR)
    assert (lecture.encodage, len(lecture.lignes)) == ("Windows-1252", 67)
    assert lecture.rejetes == {"10029"}
    assert [(s.ligne, s.colonne, s.sorte) for s in lecture.signalements] == [
        (30, "MATRICULE", "rejet"),
        (31, "MATRICULE", "rejet"),
        (34, "COURRIEL", "avis"),
        (36, "DATE_EMBAUCHE", "valeur"),
        (71, "", "avis"),
    ]
    assert "supérieur, service" in str(lecture.signalements[0])
    assert "« 31/02/2021 » n’est pas une date du calendrier" in str(lecture.signalements[3])


@pytest.mark.parametrize(
    "octets",
    ["\ufeffMATRICULE;NOM\n1;A".encode("utf-16"), b"MATRICULE;NOM\n1;\x81", b"", b"MATRICULE,NOM,PRENOM\n1,A,B"],
    ids=["utf-16", "ni utf-8 ni 1252", "vide", "virgules"],
)
def test_un_fichier_qui_n_est_pas_une_extraction_est_refuse_en_entier(octets):
    with pytest.raises(FichierIllisible):
        lire(io.BytesIO(octets))


def test_les_colonnes_manquantes_ou_doublees_sont_nommees():
    sans = ";".join(c for c in COLONNES if c not in ("STATUT", "ORDRE"))
    with pytest.raises(FichierIllisible, match="STATUT, ORDRE"):
        lire(io.BytesIO(sans.encode()))
    with pytest.raises(FichierIllisible, match="deux fois la même colonne : NOM"):
        lire(io.BytesIO((";".join(COLONNES) + ";NOM").encode()))


def test_l_ordre_des_colonnes_et_une_colonne_en_plus_n_importent_pas():
    entete = ";".join(["AGE", *reversed(COLONNES)])
    valeurs = dict(zip(COLONNES, rangee().split(";"), strict=True))
    lecture = lire(io.BytesIO(f"{entete}\n52;{';'.join(valeurs[c] for c in reversed(COLONNES))}".encode()), jour=JOUR)
    assert lecture.lignes[0]["nom"] == "Cyr"
    assert lecture.signalements == ()


@pytest.mark.parametrize(
    ("remplace", "attendu"),
    [
        ({"NOM": ""}, "colonne NOM\xa0: nom vide ou illisible; ligne rejetée."),
        ({"PRENOM": "-"}, "colonne PRENOM\xa0: prénom vide"),
        ({"MATRICULE": ""}, "colonne MATRICULE\xa0: matricule vide"),
        ({"MATRICULE": "10 001"}, "« 10 001 » n’est pas un matricule"),
        ({"MATRICULE": "systeme"}, "« systeme » n’est pas un matricule"),
        ({"NOM": "Côté".encode().decode("cp1252")}, "a perdu ses accents"),
        ({"NOM": "N" * 81}, "plus de 80 caractères"),
    ],
)
def test_une_identite_douteuse_rejette_la_ligne(remplace, attendu):
    lecture = lire(extrait(rangee(**remplace)), jour=JOUR)
    assert lecture.lignes == ()
    assert attendu in raisons(lecture, "rejet")[0]


def test_une_ligne_decalee_est_rejetee_sans_avaler_les_suivantes():
    decalee = rangee(MATRICULE="20002").replace(";Actif", "")
    ouverte = rangee(MATRICULE="20003", SERVICE='"Soutien à domicile')
    lecture = lire(extrait(decalee, ouverte, rangee()), jour=JOUR)
    assert [ligne.matricule for ligne in lecture.lignes] == ["20001"]
    assert "16 valeurs pour 17 colonnes" in raisons(lecture, "rejet")[0]
    assert lecture.rejetes == {"20002", "20003"}


@pytest.mark.parametrize(
    ("colonne", "valeur", "champ", "attendu"),
    [
        ("STATUT", "Muté", "is_active", "n’est pas un statut connu"),
        ("STATUT", "", "is_active", "statut vide"),
        ("MEMBRE_CM", "peut-être", "membre_cm", "n’est ni O ni N"),
        ("COURRIEL", "guylaine.cyr", "courriel", "n’est pas une adresse de courriel"),
        ("DATE_ENTREE_SERVICE", "5 mai 2026", "date_entree_service", "n’est pas une date AAAA-MM-JJ ou JJ/MM/AAAA"),
        ("DATE_EMBAUCHE", "0012-01-01", "date_embauche", "hors de 1940 à 2100"),
        ("TITRE_EMPLOI", "", "titre_emploi", "titre d’emploi incomplet"),
        ("SERVICE", "", "service", "direction ou service vide"),
        ("INSTALLATION", "", "installation", "installation vide"),
    ],
)
def test_une_valeur_illisible_est_ecartee_et_la_personne_chargee(colonne, valeur, champ, attendu):
    lecture = lire(extrait(rangee(**{colonne: valeur})), jour=JOUR)
    assert champ not in lecture.lignes[0].lues
    assert attendu in raisons(lecture, "valeur")[0]
    assert f"Ligne 2, colonne {colonne}" in raisons(lecture)[0] or colonne in ("TITRE_EMPLOI",)


def test_deux_lignes_identiques_n_en_font_qu_une():
    lecture = lire(extrait(rangee(), rangee()), jour=JOUR)
    assert len(lecture.lignes) == 1
    assert "répète la ligne 2" in raisons(lecture, "avis")[0]


@pytest.mark.parametrize(
    ("texte", "attendu"),
    [
        ("Actif", (True, None)),
        ("Inactif", (False, None)),
        ("Départ 2026-10-30", (False, datetime.date(2026, 10, 30))),
        ("DÉPART 22/11/2026", (True, datetime.date(2026, 11, 22))),
        ("Départ", (False, None)),
        ("Retraite", (False, None)),
    ],
)
def test_le_statut_dit_qui_est_actif_aujourd_hui(texte, attendu):
    assert lire_statut(texte, JOUR) == attendu


def test_les_deux_ecritures_de_date_valent_le_meme_jour():
    assert lire_jour("08/02/2024") == lire_jour("2024-02-08") == datetime.date(2024, 2, 8)
    with pytest.raises(ValeurIllisible):
        lire_jour("8/2/24")


@pytest.mark.parametrize(
    ("capitales", "casse"),
    [
        ("LE BLANC", "Le Blanc"),
        ("O'CONNOR", "O'Connor"),
        ("D’AMOURS", "D’Amours"),
        ("POIRIER-LEBLANC", "Poirier-Leblanc"),
        ("GAUTHIER DIT LANDREVILLE", "Gauthier dit Landreville"),
        ("FRANCŒUR", "Francœur"),
        ("CÔTÉ", "Côté"),
        ("MCDONALD", "McDonald"),
        ("Lévesque", "Lévesque"),
        ("d’Astous", "d’Astous"),
        ("X", "X"),
    ],
)
def test_un_nom_en_capitales_retrouve_sa_casse(capitales, casse):
    assert en_casse(capitales) == casse


def test_un_nom_deja_bien_ecrit_n_est_pas_remplace_par_ses_capitales():
    assert nom_retenu("DE LA DURANTAYE", "de la Durantaye") == "de la Durantaye"
    assert nom_retenu("COTE", "Côté") == "Côté"
    assert nom_retenu("Cote", "Côté") == "Cote"


def test_l_ordre_ecrit_au_long_vaut_son_sigle():
    assert sigle("Ordre des ergothérapeutes du Québec") == sigle("oeq") == "OEQ"
    assert sigle("Ordre des arpenteurs") == "Ordre des arpenteurs"
