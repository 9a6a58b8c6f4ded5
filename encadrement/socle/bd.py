"""Ce que la base garantit : des tables où l’on ne fait qu’ajouter, et une phrase quand deux gestes se croisent."""

from contextlib import contextmanager

from django.db import IntegrityError, migrations, transaction

from encadrement.socle.erreurs import ErreurMetier

_CREER = """
CREATE OR REPLACE FUNCTION {table}_ajout_seul() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'La table {table} ne se corrige ni ne s''efface.';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_ajout_seul();
"""
_RETIRER = "DROP TRIGGER IF EXISTS {table}_ajout_seul ON {table}; DROP FUNCTION IF EXISTS {table}_ajout_seul();"


class _AChaud(migrations.RunPython):
    """Une opération qui n’arrête personne : le code ne corrige déjà plus ces tables, la version d’avant peut servir."""

    a_chaud = True


def ajout_seul(table):
    """Rend l’opération de migration qui interdit UPDATE et DELETE sur `table` (PostgreSQL seulement)."""

    def jouer(sql):
        def code(apps, editeur):
            if editeur.connection.vendor == "postgresql":
                editeur.execute(sql.format(table=table))

        return code

    return _AChaud(jouer(_CREER), jouer(_RETIRER))


@contextmanager
def unicite(phrase, *, exigences=()):
    """Rend une ErreurMetier quand une contrainte de la base refuse : un autre a écrit la même chose entre-temps.

    La vérification faite avant d’écrire suffit presque toujours ; deux clics au même instant la passent tous les deux.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as erreur:
        raise ErreurMetier(phrase, exigences=exigences) from erreur
