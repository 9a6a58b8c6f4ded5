from django.db import migrations

CREER = """
CREATE OR REPLACE FUNCTION documents_document_produit() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'Un document produit ne change plus.';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER documents_document_produit BEFORE UPDATE OR DELETE ON documents_document
  FOR EACH ROW WHEN (OLD.etat = 'produit') EXECUTE FUNCTION documents_document_produit();
"""
RETIRER = """
DROP TRIGGER IF EXISTS documents_document_produit ON documents_document;
DROP FUNCTION IF EXISTS documents_document_produit();
"""


def jouer(sql):
    def code(_, editeur):
        if editeur.connection.vendor == "postgresql":
            editeur.execute(sql)

    return code


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(jouer(CREER), jouer(RETIRER))]
