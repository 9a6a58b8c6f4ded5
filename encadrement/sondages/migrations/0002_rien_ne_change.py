from django.db import migrations

from encadrement.socle.bd import ajout_seul

CREER = """
CREATE OR REPLACE FUNCTION sondages_questionnaire_publie() RETURNS trigger AS $$
BEGIN
  RAISE EXCEPTION 'Un questionnaire publié ne change plus.';
END $$ LANGUAGE plpgsql;
CREATE TRIGGER sondages_questionnaire_publie BEFORE UPDATE OR DELETE ON sondages_questionnaire
  FOR EACH ROW WHEN (OLD.etat = 'publie') EXECUTE FUNCTION sondages_questionnaire_publie();
"""
RETIRER = """
DROP TRIGGER IF EXISTS sondages_questionnaire_publie ON sondages_questionnaire;
DROP FUNCTION IF EXISTS sondages_questionnaire_publie();
"""


def jouer(sql):
    def code(_, editeur):
        if editeur.connection.vendor == "postgresql":
            editeur.execute(sql)

    return code


class Migration(migrations.Migration):
    dependencies = [("sondages", "0001_initial")]
    operations = [migrations.RunPython(jouer(CREER), jouer(RETIRER)), ajout_seul("sondages_lot")]
