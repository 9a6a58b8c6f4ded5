"""Les résultats : rien sous cinq personnes, rien avant la fermeture, rien qu’une soustraction ferait paraître (N-06)."""

import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from encadrement.sondages import questionnaires
from encadrement.sondages.actions import fermer_campagne, inviter, ouvrir_campagne
from encadrement.sondages.models import Campagne
from encadrement.sondages.resultats import MELEES, OUVERTE, TROP_PEU, non_repondants, participation, resultats
from tests.encadrement.sondages.essai import CODE, QUESTIONS, repondre_a
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db


def _gens(nombre):
    return PersonneFactory.create_batch(nombre, mot_de_passe=None)


def _campagne(cle, personnes, *, annee=2026, **reponses):
    """Une campagne ouverte, à laquelle ces personnes ont répondu."""
    campagne = ouvrir_campagne(CODE, cle=cle, mesure="essai", groupe=cle, annee=annee, libelle=f"évaluation {cle}")
    repondre_a(inviter(campagne, personnes), **reponses)
    return campagne


def _fermee(*args, **kwargs):
    return fermer_campagne(_campagne(*args, **kwargs))


@pytest.mark.exigence("R-073", "R-143", "R-154")
def test_a_la_fermeture_les_moyennes_les_choix_et_les_textes_paraissent(campagne, invitees):
    repondre_a(invitees[:3], utilite=5, note=10, mode="presence", mot="Oui")
    repondre_a(invitees[3:], utilite=2, note=None, mode="virtuel", mot="")
    assert resultats(campagne).attente == OUVERTE
    fermer_campagne(campagne)
    obtenus = resultats(campagne)
    assert obtenus.reponses == 6
    assert obtenus.moyenne("utilite") == 3.5
    assert [(part.libelle, part.nombre) for part in obtenus.question("mode").repartition] == [
        ("En présence", 3),
        ("À distance", 3),
    ]
    assert obtenus.question("mot").textes == ("Oui", "Oui", "Oui")
    # Trois personnes seulement ont donné une note : elle ne paraît pas.
    assert obtenus.question("note").nombre == 0
    assert obtenus.moyenne("note") is None
    assert obtenus.question("inconnue") is None


@pytest.mark.parametrize("reponses", range(7))
def test_rien_sous_cinq_personnes(campagne, invitees, reponses):
    repondre_a(invitees[:reponses])
    fermer_campagne(campagne)
    obtenus = resultats(campagne)
    assert obtenus.montrables == (reponses >= 5)
    assert obtenus.reponses == (reponses if reponses >= 5 else 0)
    assert obtenus.attente == ("" if reponses >= 5 else TROP_PEU)
    assert bool(obtenus.questions) == (reponses >= 5)


@pytest.mark.exigence("R-143")
def test_tant_quelle_est_ouverte_rien_ne_paraitrait_meme_avec_six_reponses(campagne, invitees):
    repondre_a(invitees)
    assert not resultats(campagne).montrables
    assert participation(campagne).repondus == 6


def test_une_meme_personne_qui_repond_cinq_fois_ne_fait_pas_cinq_personnes(campagne):
    [personne] = _gens(1)
    for sujet in range(5):
        repondre_a(inviter(campagne, [personne], sujet=sujet))
    fermer_campagne(campagne)
    assert resultats(campagne).attente == TROP_PEU


def test_une_question_compte_les_personnes_et_non_les_reponses(campagne):
    """Cinq personnes, sept réponses : cinq réponses à une question peuvent ne venir que de trois personnes."""
    prolixe, *autres = _gens(5)
    for sujet in range(3):
        repondre_a(inviter(campagne, [prolixe], sujet=sujet))
    repondre_a(inviter(campagne, autres[:2]))
    repondre_a(inviter(campagne, autres[2:]), note=None)
    fermer_campagne(campagne)
    obtenus = resultats(campagne)
    assert obtenus.reponses == 7
    assert obtenus.question("utilite").nombre == 7
    assert obtenus.question("note").nombre == 0


@pytest.mark.exigence("R-143")
def test_deux_petits_groupes_ne_paraissent_que_reunis(db):
    petits = [_fermee("a", _gens(3), utilite=5), _fermee("b", _gens(2), utilite=1)]
    for petit in petits:
        assert resultats(petit).attente == MELEES
    ensemble = resultats(petits)
    assert ensemble.reponses == 5
    assert ensemble.moyenne("utilite") == pytest.approx(3.4)


def test_un_petit_groupe_ne_se_devine_pas_par_soustraction(db):
    grand, petit = _fermee("a", _gens(6)), _fermee("b", _gens(2), utilite=1)
    assert resultats([grand, petit]) == resultats(grand)
    assert resultats(petit).attente == TROP_PEU


@pytest.mark.parametrize("autre", [{"annee": 2025}, {"code": "essai-2"}])
def test_on_ne_reunit_que_le_meme_questionnaire_de_la_meme_annee(autre):
    questionnaires.inscrire("essai-2", nom="Autre", questions=QUESTIONS)
    _fermee("a", _gens(3))
    campagne = ouvrir_campagne(
        autre.get("code", CODE), cle="b", mesure="essai", annee=autre.get("annee", 2026), libelle="b"
    )
    repondre_a(inviter(campagne, _gens(3)))
    fermer_campagne(campagne)
    assert not Campagne.objects.exclude(lot=None).exists()


def test_les_memes_personnes_dans_deux_groupes_ne_comptent_quune_fois(db):
    gens = _gens(4)
    assert not resultats([_fermee("a", gens), _fermee("b", gens)]).montrables


def test_un_resultat_paru_ne_change_plus_quand_dautres_ferment(db):
    gens = _gens(3)
    premieres = [_fermee("a", gens), _fermee("b", _gens(3))]
    parus = resultats(premieres).reponses
    _fermee("c", _gens(2))
    assert resultats(premieres).reponses == parus == 6
    assert resultats(Campagne.objects.all()).reponses == 6


def test_la_participation_et_qui_relancer_se_connaissent(campagne, invitees):
    repondre_a(invitees[:2])
    assert (participation(campagne).invites, participation(campagne).repondus, participation(campagne).taux) == (
        6,
        2,
        33,
    )
    assert {attendue.pk for attendue in non_repondants(campagne)} == {attendue.pk for attendue in invitees[2:]}
    assert participation([]).taux is None


# --- Quels que soient les groupes, les filtres et l’ordre des fermetures -----------------------------------------

_GROUPES = st.lists(
    st.tuples(
        st.sets(st.integers(0, 11), max_size=8),  # qui répond
        st.integers(0, 8),  # combien ne donnent pas de note
        st.sampled_from([2025, 2026]),
    ),
    min_size=1,
    max_size=5,
)


def _parus(campagnes):
    """Rend ce que chaque filtre possible montre : {filtre: (réponses, notes, somme des notes)}."""
    vus = {}
    for taille in range(1, len(campagnes) + 1):
        for filtre in itertools.combinations(campagnes, taille):
            obtenus = resultats(filtre)
            note = obtenus.question("note")
            notes = note.nombre if note else 0
            vus[frozenset(c.pk for c in filtre)] = (
                obtenus.reponses,
                notes,
                round(notes * (obtenus.moyenne("note") or 0)),
            )
    return vus


def _jouer(groupes, gens, ordre):
    campagnes = []
    for rang, (qui, muets, annee) in enumerate(groupes):
        campagne = ouvrir_campagne(CODE, cle=str(rang), mesure="essai", annee=annee, libelle=str(rang))
        for place, invitation in enumerate(inviter(campagne, [gens[numero] for numero in sorted(qui)])):
            repondre_a([invitation], note=None if place < muets else (rang + place) % 11)
        campagnes.append(campagne)
    regards = []
    for rang in ordre:
        campagnes[rang] = fermer_campagne(campagnes[rang])
        regards.append(_parus(campagnes))
    return regards


@pytest.mark.exigence("R-073", "R-143")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(donnees=st.data(), groupes=_GROUPES)
def test_aucune_soustraction_ne_fait_paraitre_moins_de_cinq_reponses(db, donnees, groupes):
    """Entre deux filtres emboîtés, ou deux moments, la différence est vide ou d’au moins cinq réponses."""
    ordre = donnees.draw(st.permutations(range(len(groupes))))
    with transaction.atomic():
        regards = _jouer(groupes, _gens(12), ordre)
        transaction.set_rollback(True)
    for avant, apres in itertools.pairwise([dict.fromkeys(regards[0], (0, 0, 0)), *regards]):
        for filtre in apres:
            _exiger_cinq(avant[filtre], apres[filtre])
    for petit, grand in itertools.permutations(regards[-1], 2):
        if petit < grand:
            _exiger_cinq(regards[-1][petit], regards[-1][grand])


def _exiger_cinq(moins, plus):
    for rang in (0, 1):
        ecart = plus[rang] - moins[rang]
        assert ecart == 0 or ecart >= 5, (moins, plus)
    if plus[1] == moins[1]:
        assert plus[2] == moins[2]
