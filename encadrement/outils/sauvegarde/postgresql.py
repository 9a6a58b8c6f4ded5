"""PostgreSQL : figer la base par pg_dump, la recharger par pg_restore, en une seule transaction ou pas du tout."""

import os
import shutil
import subprocess
from contextlib import contextmanager, suppress

from django.db import connection, transaction

from encadrement.outils.sauvegarde.refus import RestaurationRefusee, SauvegardeImpossible
from encadrement.outils.sauvegarde.releve import tables_sans_lignes

MEMBRE = "base.dump"

# Tout ce que la base porte, sauf ce qui vient d’une extension ; un geste en cours dans l’application fait abandonner.
_VIDER = """
BEGIN;
SET client_min_messages = warning;
SET lock_timeout = '30s';
DO $$ DECLARE quoi text; BEGIN
  FOR quoi IN SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
  LOOP EXECUTE 'DROP TABLE IF EXISTS ' || quoi || ' CASCADE'; END LOOP;
  FOR quoi IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
  LOOP EXECUTE 'DROP FUNCTION IF EXISTS ' || quoi || ' CASCADE'; END LOOP;
END $$;
"""


@contextmanager
def figer(chemin):
    """Écrit la base dans `chemin` et rend un curseur qui la lit au même instant exactement, tant que dure le bloc."""
    with transaction.atomic(durable=True), connection.cursor() as curseur:
        curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # Une sauvegarde dure plus longtemps qu’une page.
        curseur.execute("SET LOCAL statement_timeout = 0")
        curseur.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        curseur.execute("SELECT pg_export_snapshot()")
        instant = curseur.fetchone()[0]
        _jouer(
            ["pg_dump", "--format=custom", f"--file={chemin}", f"--snapshot={instant}"],
            ["--schema=public", "--no-owner", "--no-privileges", "--no-comments"],
            [f"--exclude-table-data={table}" for table in tables_sans_lignes()],
            sinon=SauvegardeImpossible,
        )
        yield curseur


def charger(chemin, ensuite):
    """Remplace la base par celle de `chemin`, puis joue le SQL `ensuite` ; une panne laisse la base d’avant intacte."""
    connection.close()
    lecture = subprocess.Popen(
        [_outil("pg_restore"), "--file=-", "--no-owner", "--no-privileges", "--schema=public", chemin],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    ecriture = subprocess.Popen(
        [_outil("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environnement(),
    )
    with lecture, ecriture:
        coupure = _verser(lecture, ecriture, ensuite)
        plaintes = ecriture.stderr.read().decode(errors="replace").strip()
    if coupure or ecriture.returncode:
        raise RestaurationRefusee(
            "PostgreSQL n’a pas rechargé la base; elle est restée telle quelle. Si l’application tourne, arrêtez-la. "
            f"{_derniere_ligne(plaintes) or coupure}"
        )


def _verser(lecture, ecriture, ensuite):
    """Passe l’archive de l’un à l’autre ; ne valide qu’une archive lue jusqu’au bout. Rend la plainte, ou ""."""
    try:
        ecriture.stdin.write(_VIDER.encode())
        shutil.copyfileobj(lecture.stdout, ecriture.stdin)
        if lecture.wait() == 0:
            ecriture.stdin.write(f"SET search_path = public;\n{ensuite}\nCOMMIT;\n".encode())
        ecriture.stdin.close()
    except BrokenPipeError:
        lecture.kill()
        with suppress(BrokenPipeError):
            ecriture.stdin.close()
    return "" if lecture.wait() == 0 else _derniere_ligne(lecture.stderr.read().decode(errors="replace")) or "arrêt"


def prendre_son_temps():
    """Lève, pour cette connexion, les délais faits pour une page ; celui des verrous reste."""
    with connection.cursor() as curseur:
        curseur.execute("SET statement_timeout = 0")
        curseur.execute("SET idle_in_transaction_session_timeout = 0")


@contextmanager
def base_jetable():
    """Crée une base vide à côté de celle des réglages et rend l’environnement qui la nomme ; elle disparaît ensuite."""
    nom = f"{connection.settings_dict['NAME'][:40]}_exercice_{os.getpid()}"
    _jouer(["createdb", "--template=template0", "--encoding=UTF8", nom], sinon=_pas_de_base)
    try:
        yield {"PGDATABASE": nom}
    finally:
        _jouer(["dropdb", "--if-exists", "--force", nom], sinon=SauvegardeImpossible)


def _pas_de_base(plainte):
    return RestaurationRefusee(
        "Ce compte PostgreSQL ne peut pas créer la base de l’exercice. Donnez-lui CREATEDB, ou créez-en une et lancez "
        f"l’exercice comme le dit docs/sauvegarde.md. {plainte}"
    )


def _jouer(*mots, sinon):
    commande = [mot for suite in mots for mot in suite]
    fait = subprocess.run(
        [_outil(commande[0]), *commande[1:]], env=_environnement(), capture_output=True, text=True, check=False
    )
    if fait.returncode:
        raise sinon(f"{commande[0]}\xa0: {_derniere_ligne(fait.stderr)}")


def _outil(nom):
    if (chemin := shutil.which(nom)) is None:
        raise SauvegardeImpossible(f"{nom} n’est pas installé\xa0: apt-get install postgresql-client")
    return chemin


def _environnement():
    reglages = connection.settings_dict
    return {
        **os.environ,
        "PGHOST": reglages["HOST"],
        "PGPORT": str(reglages["PORT"]),
        "PGUSER": reglages["USER"],
        "PGPASSWORD": reglages["PASSWORD"],
        "PGDATABASE": reglages["NAME"],
    }


def _derniere_ligne(texte):
    return next((ligne for ligne in reversed(texte.splitlines()) if ligne.strip()), "")
