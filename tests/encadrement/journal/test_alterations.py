"""Altérer le journal se voit, même pour qui tient la base et réécrit les chaînes."""

import datetime
import json
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.utils import DatabaseError

from encadrement.journal.actions import anomalies, consigner
from encadrement.journal.ancres import ancrer, fichier_des_ancres
from encadrement.journal.models import Entree, LigneInalterable, Tete
from tests.factories import PersonneFactory

pytestmark = pytest.mark.django_db

INSTANT = datetime.datetime(2026, 11, 16, 15, 0, tzinfo=datetime.UTC)
CHAINES = ("entente:a", "entente:b", "entente:c")


@pytest.fixture
def journal(time_machine):
    """Trois chaînes de cinq entrées, ancrées en deux fois."""
    par = PersonneFactory()
    time_machine.move_to(INSTANT, tick=False)
    for rang in range(5):
        for chaine in CHAINES:
            consigner("essai.acte", par=par, chaine=chaine, titre="mentor", details={"rang": rang, "é": "ç"})
        time_machine.shift(datetime.timedelta(minutes=5))
        if rang in (2, 4):
            ancrer()
    return par


def sql(requete, *valeurs):
    """Écrit dans la base comme le ferait qui la tient : sans l’application, déclencheur désarmé."""
    with connection.cursor() as curseur:
        if connection.vendor == "postgresql":
            curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")
            curseur.execute("ALTER TABLE journal_entree DISABLE TRIGGER USER")
        curseur.execute(requete, valeurs)
        if connection.vendor == "postgresql":
            curseur.execute("ALTER TABLE journal_entree ENABLE TRIGGER USER")


def entree(rang, chaine="entente:b"):
    return Entree.objects.get(chaine=chaine, rang=rang)


def rechainer(chaine="entente:b"):
    """Recalcule toute la chaîne et sa tête : le journal redevient cohérent avec lui-même."""
    precedente, rang = "", 0
    for ligne in Entree.objects.filter(chaine=chaine).order_by("rang"):
        rang += 1
        ancien, ligne.rang, ligne.precedente = ligne.rang, rang, precedente
        precedente = ligne.calculer_empreinte()
        sql(
            "UPDATE journal_entree SET rang = %s, precedente = %s, empreinte = %s WHERE chaine = %s AND rang = %s",
            rang,
            ligne.precedente,
            precedente,
            chaine,
            ancien,
        )
    Tete.objects.filter(chaine=chaine).update(rang=rang, empreinte=precedente)


def modifier():
    sql("UPDATE journal_entree SET details = %s WHERE id = %s", json.dumps({"rang": 99}), entree(3).pk)


def antidater():
    sql(
        "UPDATE journal_entree SET quand = %s WHERE id = %s",
        datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC),
        entree(3).pk,
    )


def attribuer_a_un_autre():
    sql("UPDATE journal_entree SET par_id = %s WHERE id = %s", PersonneFactory().pk, entree(3).pk)


def retirer_au_milieu():
    sql("DELETE FROM journal_entree WHERE id = %s", entree(3).pk)


def retirer_au_debut():
    sql("DELETE FROM journal_entree WHERE id = %s", entree(1).pk)


def couper_la_fin():
    sql("DELETE FROM journal_entree WHERE id = %s", entree(5).pk)


def couper_la_fin_et_refaire_la_tete():
    couper_la_fin()
    Tete.objects.filter(chaine="entente:b").update(rang=4, empreinte=entree(4).empreinte)


def retirer_la_chaine():
    sql("DELETE FROM journal_entree WHERE chaine = %s", "entente:b")


def retirer_la_chaine_et_sa_tete():
    retirer_la_chaine()
    Tete.objects.filter(chaine="entente:b").delete()


def permuter():
    deux, trois = entree(2).pk, entree(3).pk
    sql("UPDATE journal_entree SET rang = 1000 WHERE id = %s", deux)
    sql("UPDATE journal_entree SET rang = 2 WHERE id = %s", trois)
    sql("UPDATE journal_entree SET rang = 3 WHERE id = %s", deux)


def deplacer_vers_une_autre_chaine():
    sql("UPDATE journal_entree SET chaine = %s, rang = 6 WHERE id = %s", "entente:a", entree(5).pk)


def inserer():
    modele = entree(5)
    modele.pk, modele.rang, modele._state.adding = None, 6, True
    modele.uuid = "00000000-0000-4000-8000-000000000000"
    modele.save()


def modifier_et_rechainer():
    modifier()
    rechainer()


def retirer_au_milieu_et_rechainer():
    retirer_au_milieu()
    rechainer()


ALTERATIONS = [
    modifier,
    antidater,
    attribuer_a_un_autre,
    retirer_au_milieu,
    retirer_au_debut,
    couper_la_fin,
    couper_la_fin_et_refaire_la_tete,
    retirer_la_chaine,
    retirer_la_chaine_et_sa_tete,
    permuter,
    deplacer_vers_une_autre_chaine,
    inserer,
    modifier_et_rechainer,
    retirer_au_milieu_et_rechainer,
]


def test_un_journal_intact_le_dit(journal, capsys):
    call_command("verifier_journal")
    assert capsys.readouterr().out == "Le journal est intact.\n"


@pytest.mark.parametrize("alterer", ALTERATIONS, ids=lambda alterer: alterer.__name__)
def test_chaque_alteration_est_trouvee(journal, alterer, capsys):
    alterer()
    with pytest.raises(CommandError, match="altéré"):
        call_command("verifier_journal")
    assert capsys.readouterr().err


@pytest.mark.parametrize(
    "alterer",
    [
        couper_la_fin_et_refaire_la_tete,
        retirer_la_chaine_et_sa_tete,
        modifier_et_rechainer,
        retirer_au_milieu_et_rechainer,
    ],
)
def test_seules_les_ancres_trahissent_qui_a_tout_reecrit(journal, alterer):
    alterer()
    trouvees = list(anomalies())
    assert trouvees
    assert all("ancre" in anomalie for anomalie in trouvees)


@pytest.mark.parametrize("graine", range(25))
def test_une_alteration_au_hasard_est_trouvee(journal, graine):
    hasard = random.Random(graine)
    for _ in range(hasard.randint(1, 3)):
        cible = hasard.choice(list(Entree.objects.values_list("pk", flat=True)))
        champ, valeur = hasard.choice(
            [
                ("acte", "autre.acte"),
                ("titre", "gestionnaire"),
                ("objet_type", "x"),
                ("empreinte", "0" * 64),
                (None, None),
            ]
        )
        if champ is None:
            sql("DELETE FROM journal_entree WHERE id = %s", cible)
        else:
            sql(f"UPDATE journal_entree SET {champ} = %s WHERE id = %s", valeur, cible)
    assert list(anomalies())


# --- Les ancres -------------------------------------------------------------------------------------------------


def test_ajouter_au_journal_ne_contredit_pas_les_ancres(journal, time_machine):
    consigner("essai.acte", par=journal, chaine="entente:a")
    consigner("essai.acte", par=journal, chaine="entente:nouvelle")
    assert list(anomalies()) == []
    time_machine.shift(datetime.timedelta(minutes=5))
    ancre = ancrer()
    assert (ancre.entrees, ancre.chaines) == (2, 2)
    assert list(anomalies()) == []


def test_sans_entree_nouvelle_il_n_y_a_pas_d_ancre_nouvelle(journal):
    assert ancrer() is None
    assert len(fichier_des_ancres().read_text().split()) > 0


def test_une_entree_toute_recente_attend_l_ancre_suivante(journal):
    consigner("essai.acte", par=journal, chaine="entente:a")
    assert ancrer() is None


def test_le_fichier_des_ancres_n_est_lisible_que_du_compte(journal):
    assert fichier_des_ancres().stat().st_mode & 0o777 == 0o600


def test_une_ancre_modifiee_ou_illisible_se_voit(journal):
    chemin = fichier_des_ancres()
    premiere, seconde = chemin.read_text().split("\n")[1:]
    chemin.write_text(premiere.replace('"entrees": 9', '"entrees": 8') + "\n" + seconde)
    assert any("ne correspondent plus" in anomalie for anomalie in anomalies())
    chemin.write_text(premiere + "\n" + seconde[:20])
    assert list(anomalies()) == ["Le fichier des ancres porte une ligne illisible."]


def test_une_ancre_coupee_par_un_arret_brutal_ne_gate_pas_la_suivante(journal, time_machine):
    chemin = fichier_des_ancres()
    chemin.write_text(chemin.read_text()[:-20])
    assert ancrer().entrees == 6
    assert list(anomalies()) == ["Le fichier des ancres porte une ligne illisible."]


# --- Ce que l’application et PostgreSQL refusent ----------------------------------------------------------------


def test_l_application_refuse_de_corriger_ou_d_effacer(journal):
    ligne = entree(3)
    ligne.acte = "autre"
    for geste in (ligne.save, ligne.delete, Entree.objects.all().delete, lambda: Entree.objects.update(acte="autre")):
        with pytest.raises(LigneInalterable):
            geste()


@pytest.mark.postgresql
@pytest.mark.parametrize("requete", ["UPDATE journal_entree SET acte = 'autre'", "DELETE FROM journal_entree"])
def test_postgresql_refuse_de_corriger_ou_d_effacer(journal, requete):
    with connection.cursor() as curseur, pytest.raises(DatabaseError, match="ne se corrige ni ne s'efface"):
        curseur.execute(requete)
