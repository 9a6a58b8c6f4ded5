"""De la candidature à l’inscription : soumettre, recommander ou non, inscrire ou non (R-086, annexe 5)."""

import pytest
from django.urls import reverse

from encadrement.journal.models import Entree
from encadrement.notifications.models import Courriel
from encadrement.personnes.models import Delegation
from encadrement.socle.temps import jour_local
from mentorat.actions import bottin
from mentorat.models import Caracteristique, EtatFiche, Qualite
from tests.mentorat import scenes
from tests.mentorat.formulaire import adresse, texte_de

pytestmark = pytest.mark.django_db
ATTESTE = {"experience_attestee": "on"}


def _etat(fiche):
    return scenes.relire(fiche).etat


def _avises(gabarit):
    return set(Courriel.objects.filter(gabarit=f"mentorat/{gabarit}").values_list("a__nom", flat=True))


@pytest.mark.exigence("R-050", "R-080", "R-086")
def test_la_candidature_va_de_la_personne_au_gestionnaire_puis_a_la_dsm(distribution, client_de):
    d = distribution
    fiche = scenes.fiche_en_redaction(d)
    assert client_de(d.mentor).post(adresse("fiche_soumettre", fiche)).url == adresse("fiche", fiche)
    assert _etat(fiche) == EtatFiche.CANDIDATURE
    assert _avises("fiche_soumise") == {d.gestionnaire_mentor.nom}
    assert client_de(d.gestionnaire_mentor).post(adresse("fiche_recommander", fiche), ATTESTE).status_code == 302
    assert _etat(fiche) == EtatFiche.RECOMMANDEE
    assert _avises("fiche_recommandee") == {d.dsm.nom, d.appr.nom, d.appr_liaison.nom}
    raison = {"raison": "La formation se donne en janvier."}
    assert client_de(d.appr).post(adresse("fiche_inscrire", fiche), raison).status_code == 302
    fiche = scenes.relire(fiche)
    assert (fiche.etat, fiche.recommandee_par, fiche.confirmee_le) == ("active", d.gestionnaire_mentor, jour_local())
    assert _avises("fiche_inscrite") == {d.mentor.nom}
    passages = list(fiche.passages.values_list("transition", "par__nom"))
    assert passages == [("soumettre", "Cyr"), ("recommander", "Boudreau"), ("inscrire", d.appr.nom)]
    assert Entree.objects.filter(objet_uuid=fiche.uuid, acte="mentorat.fichementor.inscrire").count() == 1


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        *(
            pytest.param(
                {"caracteristiques": [code for code in Caracteristique.values if code != manque]},
                "Cochez chacune des caractéristiques requises",
                marks=marque,
                id=manque,
            )
            for manque, marque in (
                ("competent", pytest.mark.exigence("R-344")),
                ("engage", pytest.mark.exigence("R-345")),
                ("interet", pytest.mark.exigence("R-346")),
                ("croit", pytest.mark.exigence("R-347")),
                ("equipe", pytest.mark.exigence("R-348")),
                ("volontaire", pytest.mark.exigence("R-349")),
            )
        ),
        pytest.param(
            {"qualites": Qualite.values[:-1]},
            "Cochez chacune des neuf qualités",
            marks=pytest.mark.exigence("R-351"),
            id="qualites",
        ),
    ],
)
def test_une_candidature_sans_tous_les_criteres_ne_part_pas(distribution, client_de, champs, phrase):
    fiche = scenes.fiche_en_redaction(distribution)
    bottin.ecrire_fiche(fiche, par=distribution.mentor, **champs)
    client = client_de(distribution.mentor)
    assert phrase in texte_de(client.get(adresse("fiche", fiche)))
    reponse = client.post(adresse("fiche_soumettre", fiche))
    assert reponse.status_code == 409
    assert phrase in texte_de(reponse)
    assert _etat(fiche) == EtatFiche.BROUILLON
    assert not Courriel.objects.exists()


@pytest.mark.exigence("R-350")
@pytest.mark.parametrize(("en_regle", "coche", "code"), [(True, True, 302), (True, False, 409), (False, True, 409)])
def test_un_membre_dun_ordre_doit_y_etre_en_regle(distribution, client_de, en_regle, coche, code):
    distribution.mentor.ordre, distribution.mentor.ordre_en_regle = "OEQ", en_regle
    distribution.mentor.save(update_fields=["ordre", "ordre_en_regle"])
    fiche = scenes.fiche_en_redaction(distribution)
    cochees = [c for c in Caracteristique.values if coche or c != Caracteristique.EN_REGLE]
    bottin.ecrire_fiche(fiche, par=distribution.mentor, caracteristiques=cochees)
    assert client_de(distribution.mentor).post(adresse("fiche_soumettre", fiche)).status_code == code


@pytest.mark.exigence("R-435")
def test_une_autoreflexion_vide_demande_une_raison_sans_bloquer(distribution, client_de):
    fiche = scenes.fiche_en_redaction(distribution)
    bottin.ecrire_fiche(fiche, par=distribution.mentor, motivation="")
    client = client_de(distribution.mentor)
    assert "Raison de cet écart" in texte_de(client.post(adresse("fiche_soumettre", fiche), {"raison": ""}))
    assert _etat(fiche) == EtatFiche.BROUILLON
    client.post(adresse("fiche_soumettre", fiche), {"raison": "Mon gestionnaire les connaît."})
    assert scenes.relire(fiche).passages.get().motif == "Mon gestionnaire les connaît."


def test_on_ne_soumet_pas_deux_fois(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    reponse = client_de(distribution.mentor).post(adresse("fiche_soumettre", fiche))
    assert reponse.status_code == 409
    assert fiche.passages.count() == 1


@pytest.mark.exigence("R-050", "R-344")
def test_le_bouton_recommander_souvre_et_lattestation_est_requise(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    client = client_de(distribution.gestionnaire_mentor)
    assert adresse("fiche_recommander", fiche) in client.get(adresse("fiche", fiche)).content.decode()
    page = client.get(adresse("fiche_recommander", fiche))
    assert "Ce n’est pas possible" not in texte_de(page)
    reponse = client.post(adresse("fiche_recommander", fiche), {})
    assert "Attestez l’expérience de cette personne" in texte_de(reponse)
    assert _etat(fiche) == EtatFiche.CANDIDATURE


@pytest.mark.exigence("R-050")
def test_recommander_sans_attester_est_refuse_par_laction_aussi(distribution):
    fiche = scenes.fiche_soumise(distribution)
    with pytest.raises(Exception, match="intervenant expérimenté"):
        bottin.recommander_mentor(fiche, par=distribution.gestionnaire_mentor)
    assert scenes.relire(fiche).recommandee_par is None


@pytest.mark.exigence("R-086")
@pytest.mark.parametrize(
    ("nom", "code"),
    [
        ("mentor", 403),
        ("dsm", 403),
        ("appr", 403),
        ("gestionnaire", 404),
        ("delegue", 404),
        ("ancien_gestionnaire", 404),
        ("directrice", 404),
        ("superutilisateur", 404),
    ],
)
def test_seul_le_gestionnaire_de_la_personne_recommande(distribution, client_de, nom, code):
    fiche = scenes.fiche_soumise(distribution)
    assert client_de(distribution[nom]).post(adresse("fiche_recommander", fiche), ATTESTE).status_code == code
    assert _etat(fiche) == EtatFiche.CANDIDATURE


def test_le_delegue_recommande_au_nom_du_gestionnaire(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution, distribution.collegue)
    assert client_de(distribution.delegue).post(adresse("fiche_recommander", fiche), ATTESTE).status_code == 302
    passage = fiche.passages.last()
    assert (passage.par, passage.au_nom_de) == (distribution.delegue, distribution.gestionnaire)


@pytest.mark.parametrize(("code", "donnees"), [("recommander", ATTESTE), ("decliner", {"motif": "Moi"})])
def test_personne_ne_se_recommande_meme_par_delegation(distribution, client_de, code, donnees):
    """N-01 : le gestionnaire a délégué ses approbations à la candidate elle-même."""
    d = distribution
    Delegation.objects.create(de=d.gestionnaire, a=d.collegue, debut=jour_local(), fin=jour_local())
    fiche = scenes.fiche_soumise(d, d.collegue)
    client = client_de(d.collegue)
    assert client.get(adresse(f"fiche_{code}", fiche)).status_code == 403
    assert client.post(adresse(f"fiche_{code}", fiche), donnees).status_code == 403
    assert _etat(fiche) == EtatFiche.CANDIDATURE


@pytest.mark.parametrize("code", ["inscrire", "ecarter", "former"])
def test_lappr_ne_traite_pas_sa_propre_candidature(distribution, client_de, code):
    """N-01 : elle tient le rôle, mais la fiche est la sienne."""
    fiche = scenes.fiche_recommandee(distribution, distribution.appr)
    donnees = {"motif": "Moi", "raison": "Moi", "suivie_le": jour_local().isoformat()}
    assert client_de(distribution.appr).post(adresse(f"fiche_{code}", fiche), donnees).status_code == 403
    assert client_de(distribution.dsm).get(adresse(f"fiche_{code}", fiche)).status_code == 200


@pytest.mark.exigence("R-080", "R-086")
def test_la_dsm_ninscrit_pas_avant_la_recommandation(distribution, client_de):
    fiche = scenes.fiche_soumise(distribution)
    reponse = client_de(distribution.dsm).post(adresse("fiche_inscrire", fiche), {"raison": "Pressé"})
    assert reponse.status_code == 409
    assert _etat(fiche) == EtatFiche.CANDIDATURE


@pytest.mark.exigence("R-080")
@pytest.mark.parametrize(("nom", "code"), [("gestionnaire_mentor", 403), ("mentor", 403), ("mentore", 404)])
def test_seule_la_dsm_inscrit(distribution, client_de, nom, code):
    fiche = scenes.fiche_recommandee(distribution)
    reponse = client_de(distribution[nom]).post(adresse("fiche_inscrire", fiche), {"raison": "Oui"})
    assert reponse.status_code == code


@pytest.mark.exigence("R-081")
def test_inscrire_sans_formation_demande_une_raison(distribution, client_de):
    fiche = scenes.fiche_recommandee(distribution)
    page = texte_de(client_de(distribution.dsm).post(adresse("fiche_inscrire", fiche), {}))
    assert "La formation de mentor n’est pas encore consignée" in page
    assert _etat(fiche) == EtatFiche.RECOMMANDEE


@pytest.mark.parametrize(
    ("scene", "acte", "par"),
    [(scenes.fiche_soumise, "decliner", "gestionnaire_mentor"), (scenes.fiche_recommandee, "ecarter", "dsm")],
)
def test_ne_pas_retenir_demande_un_motif_que_la_personne_lit_avant_de_recommencer(
    distribution, client_de, scene, acte, par
):
    fiche = scene(distribution)
    client = client_de(distribution[par])
    assert "Écrivez le motif" in texte_de(client.post(adresse(f"fiche_{acte}", fiche), {"motif": "  "}))
    client.post(adresse(f"fiche_{acte}", fiche), {"motif": "Dans un an, avec plaisir."})
    assert _etat(fiche) == EtatFiche.NON_RETENUE
    soi = client_de(distribution.mentor)
    assert "Dans un an, avec plaisir." in texte_de(soi.get(adresse("fiche", fiche)))
    soi.post(adresse("fiche_recommencer", fiche))
    fiche = scenes.relire(fiche)
    assert (fiche.etat, fiche.recommandee_par, fiche.experience_attestee) == ("brouillon", None, False)


def test_une_annonce_qui_echoue_annule_la_recommandation(distribution, monkeypatch):
    def panne(*_, **__):
        raise RuntimeError("panne")

    fiche = scenes.fiche_soumise(distribution)
    monkeypatch.setattr("mentorat.actions.bottin.annoncer", panne)
    with pytest.raises(RuntimeError):
        bottin.recommander_mentor(fiche, par=distribution.gestionnaire_mentor, experience_attestee=True)
    fiche = scenes.relire(fiche)
    assert (fiche.etat, fiche.experience_attestee, fiche.passages.count()) == ("candidature", False, 1)


CANDIDATURES = reverse("mentorat:candidatures")


@pytest.mark.exigence("R-086")
def test_chacun_voit_les_candidatures_qui_lattendent(distribution, client_de):
    d = distribution
    scenes.fiche_soumise(d)
    scenes.fiche_recommandee(d, d.collegue)

    def lues(personne):
        contexte = client_de(personne).get(CANDIDATURES).context
        return tuple([str(fiche.personne) for fiche in contexte[liste]] for liste in ("a_traiter", "ailleurs"))

    assert lues(d.gestionnaire_mentor) == (["Guylaine Cyr"], [])
    assert lues(d.gestionnaire) == ([], ["Zoé Bujold"])
    assert lues(d.dsm) == lues(d.appr) == (["Zoé Bujold"], ["Guylaine Cyr"])
    assert lues(d.mentor) == lues(d.superutilisateur) == ([], [])


def test_les_candidatures_menent_au_profil_recherche(distribution, client_de):
    page = client_de(distribution.dsm).get(CANDIDATURES).content.decode()
    assert reverse("cadre:ressource", args=["annexe-5"]) in page
