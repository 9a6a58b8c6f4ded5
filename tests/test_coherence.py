"""La maison se tient : ce qu’aucun essai d’une page ne verrait."""

import ast

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import NoReverseMatch, reverse

from encadrement.celery import app
from encadrement.trajectoire.transition import Trajectoire
from tests.sources import MESURES, appels, gabarits, imports, modules, noeuds, textes

# Où une trajectoire a le droit de s’arrêter ; tout autre état doit avoir une suite.
ETATS_FINAUX = {
    "mentorat.demandementorat": {"jumelee", "refusee", "retiree"},
    "mentorat.entente": {"close", "cessee", "refusee", "abandonnee"},
    "mentorat.prolongation": {"accordee", "refusee"},
    "mentorat.mesentente": {"reglee"},
    "cdp.communaute": {"dissoute"},
    "cdp.adhesion": {"refusee", "declinee", "retiree", "terminee"},
    "cdp.planannuel": {"approuve"},
    "cdp.rapportannuel": {"approuve"},
    "cdp.rencontrecdp": {"adoptee", "annulee"},
    "cdp.depassement": {"accorde", "refuse"},
    "concertation.situationcomplexe": {"detruite"},
    "concertation.orientation": set(),
    "concertation.impasserecurrente": set(),
    "concertation.rencontrecomite": {"tenue", "annulee"},
    "concertation.analysemensuelle": {"signee"},
    "importations.importation": {"annulee", "abandonnee"},
    "incidents.incident": {"clos"},
    "bilan_annuel.recommandation": {"realisee", "abandonnee"},
    "demandes.demandeservice": {"close", "retiree"},
    "consultation.demandeconsultation": {"fermee", "non_pertinente", "au_comite", "retiree"},
}
# Où un dossier naît, quand ce n’est pas l’état par défaut : une adhésion se demande, ou s’offre.
ETATS_DE_NAISSANCE = {"cdp.adhesion": {"demandee", "invitee"}}
NOMS_FOURRE_TOUT = {"utils", "helpers", "common", "services", "managers", "misc", "utilitaires"}
LIGNES_PAR_MODULE = 400
LIGNES_PAR_FONCTION = 40

TRAJECTOIRES = [pytest.param(t, id=t.modele._meta.label_lower) for t in Trajectoire.par_modele.values()]


# --- Base et tâches ---------------------------------------------------------------------------------------------


def test_aucune_migration_ne_manque(db):
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_chaque_tache_a_lhoraire_existe():
    app.loader.import_default_modules()
    app.finalize()
    prevues = {ligne["task"] for ligne in app.conf.beat_schedule.values()}
    assert prevues <= set(app.tasks)


def test_aucune_administration_de_django():
    assert not apps.is_installed("django.contrib.admin")


# --- Trajectoires -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trajectoire", TRAJECTOIRES)
def test_aucun_etat_nest_une_impasse(trajectoire):
    etats = {code for code, _ in trajectoire.modele._meta.get_field("etat").flatchoices}
    finaux = ETATS_FINAUX.get(trajectoire.modele._meta.label_lower, set())
    assert finaux <= etats
    sans_suite = {
        etat
        for etat in etats - finaux
        if not any(transition.vers not in {None, etat} for transition in trajectoire.depuis(etat))
    }
    assert sans_suite == set()


@pytest.mark.parametrize("trajectoire", TRAJECTOIRES)
def test_chaque_etat_satteint(trajectoire):
    champ = trajectoire.modele._meta.get_field("etat")
    naissances = ETATS_DE_NAISSANCE.get(trajectoire.modele._meta.label_lower, {champ.default})
    atteints = naissances | {transition.vers for transition in trajectoire if transition.vers}
    assert {code for code, _ in champ.flatchoices} == set(map(str, atteints))
    assert {str(etat) for transition in trajectoire for etat in transition.de} <= set(map(str, atteints))


@pytest.mark.parametrize("trajectoire", TRAJECTOIRES)
def test_chaque_transition_a_sa_ligne_dans_la_matrice(trajectoire):
    absentes = [t.code for t in trajectoire if not t.automatique and t.code not in t.droits.actes]
    assert absentes == []
    assert all(t.droits.modele is trajectoire.modele for t in trajectoire)


@pytest.mark.parametrize("trajectoire", TRAJECTOIRES)
def test_chaque_transition_a_son_adresse(trajectoire):
    sans_adresse = []
    for transition in trajectoire:
        if not transition.automatique:
            try:
                reverse(trajectoire.nom_url(transition), args=["00000000-0000-4000-8000-000000000000"])
            except NoReverseMatch:
                sans_adresse.append(trajectoire.nom_url(transition))
    assert not sans_adresse, sans_adresse


def test_seule_la_trajectoire_ecrit_letat():
    """Les mesures ne posent jamais un état : `franchir()` seul le fait."""
    ecritures = [
        lieu
        for mesure in MESURES
        for lieu, noeud in noeuds(ast.Assign, ast.AugAssign, ast.AnnAssign, dans=f"{mesure}/")
        for cible in (noeud.targets if isinstance(noeud, ast.Assign) else [noeud.target])
        if isinstance(cible, ast.Attribute) and cible.attr in {"etat", "etat_id"}
    ]
    for methode in ("update", "bulk_update", "setattr"):
        for lieu, appel in appels(methode):
            mots = {mot.arg for mot in appel.keywords}
            valeurs = {noeud.value for noeud in ast.walk(appel) if isinstance(noeud, ast.Constant)}
            if lieu.startswith(MESURES) and ("etat" in mots or (methode != "update" and "etat" in valeurs)):
                ecritures.append(lieu)
    assert ecritures == []


# --- Courriels --------------------------------------------------------------------------------------------------


def test_chaque_gabarit_de_courriel_a_un_objet_et_un_corps():
    bases = {nom.rsplit(".", 2)[0] for nom in gabarits() if nom.startswith("courriels/") and nom.count("/") > 1}
    incomplets = {
        base for base in bases for partie in ("objet.txt", "corps.txt") if f"{base}.{partie}" not in gabarits()
    }
    assert incomplets == set()


def test_chaque_courriel_annonce_a_son_gabarit():
    """`notifier("mesure/nom", …)` et, dans une mesure, `annoncer("nom", …)`."""
    annonces = {appel.args[0].value: lieu for lieu, appel in appels("notifier") if _litteral(appel)}
    annonces |= {
        f"{lieu.split('/')[0]}/{appel.args[0].value}": lieu for lieu, appel in appels("annoncer") if _litteral(appel)
    }
    sans_gabarit = {
        f"{nom} ({lieu})" for nom, lieu in annonces.items() if f"courriels/{nom}.objet.txt" not in gabarits()
    }
    assert sans_gabarit == set()


def _litteral(appel):
    return appel.args and isinstance(appel.args[0], ast.Constant)


# --- Habitudes d’écriture ---------------------------------------------------------------------------------------


def test_aucun_signal():
    interdits = ("django.db.models.signals", "django.dispatch")
    assert [lieu for lieu, module in imports() if module.startswith(interdits)] == []


def test_les_formulaires_nomment_leurs_champs():
    assert [
        lieu
        for lieu, noeud in noeuds(ast.Assign)
        if any(getattr(cible, "id", "") in {"fields", "exclude"} for cible in noeud.targets)
        and getattr(noeud.value, "value", None) == "__all__"
    ] == []


def test_un_envoi_vide_reste_un_envoi():
    """`Form(request.POST or None)` prendrait un POST vide pour une lecture."""
    assert [
        lieu
        for lieu, noeud in noeuds(ast.BoolOp)
        if isinstance(noeud.op, ast.Or) and getattr(noeud.values[0], "attr", "") in {"POST", "GET"}
    ] == []


def test_aucune_exception_avalee():
    larges = {"Exception", "BaseException"}
    assert [
        lieu
        for lieu, noeud in noeuds(ast.ExceptHandler)
        if noeud.type is None or any(getattr(n, "id", "") in larges for n in ast.walk(noeud.type))
    ] == []


def test_aucun_module_fourre_tout():
    assert [chemin for chemin in modules() if NOMS_FOURRE_TOUT & set(chemin.removesuffix(".py").split("/"))] == []


def test_les_modules_restent_courts():
    longs = {
        chemin: max((getattr(noeud, "end_lineno", 0) or 0) for noeud in ast.walk(arbre))
        for chemin, arbre in modules().items()
    }
    assert {chemin: lignes for chemin, lignes in longs.items() if lignes > LIGNES_PAR_MODULE} == {}


def test_les_fonctions_restent_courtes():
    """Le corps compte ; la signature et la docstring, non."""
    longues = {
        f"{lieu} {noeud.name}": _lignes_du_corps(noeud)
        for lieu, noeud in noeuds(ast.FunctionDef)
        if _lignes_du_corps(noeud) > LIGNES_PAR_FONCTION
    }
    assert longues == {}


def _lignes_du_corps(fonction):
    corps = fonction.body[1:] if ast.get_docstring(fonction) else fonction.body
    return corps[-1].end_lineno - corps[0].lineno + 1 if corps else 0


def test_rien_nest_remis_a_plus_tard():
    marques = ("TODO", "FIXME", "XXX")
    assert [nom for nom, texte in gabarits().items() if any(marque in texte for marque in marques)] == []
    assert [texte for texte in textes() if any(marque in texte for marque in marques)] == []
