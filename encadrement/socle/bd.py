"""Opérations de migration propres à PostgreSQL : des tables où l’on ne fait qu’ajouter."""

from django.db import migrations

_CREER = """
CREATE OR REPLACE FUNCTION {table}_ajout_seul() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'La table {table} ne se corrige ni ne s''efface.';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER {table}_ajout_seul BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_ajout_seul();
"""
_RETIRER = "DROP TRIGGER IF EXISTS {table}_ajout_seul ON {table}; DROP FUNCTION IF EXISTS {table}_ajout_seul();"


def ajout_seul(table):
    """Rend l’opération de migration qui interdit UPDATE et DELETE sur `table` (PostgreSQL seulement)."""

    def jouer(sql):
        def code(apps, editeur):
            if editeur.connection.vendor == "postgresql":
                editeur.execute(sql.format(table=table))

        return code

    return migrations.RunPython(jouer(_CREER), jouer(_RETIRER))
