"""Une consultation tenue entre deux portes : l’inscrire, la corriger, la retirer (R-205, R-402)."""

import datetime

import pytest
from django.urls import reverse

from consultation.actions import bottin, suivi
from consultation.models import FicheExpert, LigneSuivi, SujetConsultation
from encadrement.acces.matrice import AccesRefuse
from encadrement.journal.models import Entree
from encadrement.socle.erreurs import ErreurMetier
from encadrement.socle.temps import jour_local
from tests.consultation import scenes
from tests.consultation.traces import actes, rien_decrit
from tests.ensemble import ensemble
from tests.factories import PersonneFactory
from tests.mentorat.formulaire import champs_de, texte_de

pytestmark = pytest.mark.django_db
AJOUTER = reverse("consultation:ligne_ajouter")


def adresse(nom, ligne):
    return reverse(f"consultation:{nom}", args=[ligne.uuid])


@pytest.fixture
def experte(distribution, client_de):
    scenes.fiche_inscrite(distribution)
    return client_de(distribution.mentor)


@pytest.fixture
def sujet(distribution):
    return scenes.les_sujets(distribution)[1]


@pytest.fixture
def saisie(distribution, experte, sujet):
    return {
        **champs_de(experte.get(AJOUTER)),
        "personne": "St-Onge",
        "duree": "1 h 30",
        "sujet": str(sujet.uuid),
        "commentaires": "Suivi à 3 sem.",
    }


@pytest.mark.exigence("R-205", "R-402")
def test_l_experte_inscrit_une_consultation_de_corridor(distribution, experte, saisie, sujet):
    assert saisie["expertise"] == scenes.EXPERTISE
    assert experte.post(AJOUTER, saisie).status_code == 302
    ligne = LigneSuivi.objects.get()
    assert (ligne.expert, ligne.demandeur, ligne.direction) == (
        distribution.mentor,
        distribution.mentore,
        distribution.mentore.direction,
    )
    assert (ligne.minutes, ligne.sujet, ligne.jour) == (90, sujet, jour_local())
    assert (ligne.expertise, ligne.commentaires) == (scenes.EXPERTISE, "Suivi à 3 sem.")
    assert not ligne.est_automatique
    assert actes(ligne) == ["consultation.suivi.ajouter"]


@pytest.mark.exigence("R-402")
def test_le_demandeur_se_nomme_par_son_matricule_ou_se_choisit_entre_homonymes(distribution, experte, saisie):
    assert experte.post(AJOUTER, {**saisie, "personne": distribution.collegue.matricule}).status_code == 302
    assert LigneSuivi.objects.get().demandeur == distribution.collegue
    homonyme = PersonneFactory(prenom="Loïc", nom="St-Onge", mot_de_passe=None)
    page = experte.post(AJOUTER, saisie)
    assert "Plusieurs personnes portent ce nom : choisissez la bonne." in texte_de(page)
    assert champs_de(page)["commentaires"] == "Suivi à 3 sem."
    assert experte.post(AJOUTER, {**saisie, "laquelle": str(homonyme.uuid)}).status_code == 302
    assert LigneSuivi.objects.filter(demandeur=homonyme).count() == 1


@pytest.mark.exigence("R-184", "R-402")
def test_un_sujet_libre_entre_a_la_liste_a_classer_et_un_sujet_connu_ne_se_double_pas(experte, saisie):
    libre = {**saisie, "sujet": "", "nouveau_sujet": "Positionnement  au lit"}
    assert experte.post(AJOUTER, libre).status_code == 302
    nouveau = SujetConsultation.objects.get(libelle="Positionnement au lit")
    assert nouveau.a_classer
    assert LigneSuivi.objects.get().sujet == nouveau
    avant = SujetConsultation.objects.count()
    assert experte.post(AJOUTER, {**libre, "nouveau_sujet": "DYSPHAGIE!", "duree": "20 min"}).status_code == 302
    assert SujetConsultation.objects.count() == avant
    assert LigneSuivi.objects.get(minutes=20).sujet.libelle == "Dysphagie"


@pytest.mark.parametrize(
    ("saisi", "phrase"),
    [
        ({"personne": ""}, "Écrivez le nom du demandeur."),
        ({"personne": "Zxqv"}, "Aucune personne en poste ne porte ce nom ni ce matricule."),
        ({"duree": ""}, "Écrivez la durée"),
        ({"duree": "0"}, "entre 1 min et 24 h"),
        ({"duree": "-45"}, "Écrivez une durée comme 1 h 15"),
        ({"duree": "25 h"}, "entre 1 min et 24 h"),
        ({"jour": ""}, "Écrivez la date."),
        ({"jour": "2026-02-31"}, "Cette date n’existe pas"),
        ({"jour": "2099-01-01"}, "Cette date est dans l’avenir"),
        ({"sujet": ""}, "Choisissez un sujet dans la liste, ou écrivez-en un."),
        ({"sujet": "n’importe quoi"}, "Ce sujet n’est plus dans la liste"),
        ({"nouveau_sujet": "= ? !"}, "Écrivez le sujet en quelques mots."),
        ({"nouveau_sujet": "z" * 121}, "Ce sujet dépasse 120 caractères"),
        ({"commentaires": "z" * 501}, "Ce texte dépasse 500 caractères"),
        ({"expertise": ""}, "Nommez l’expertise consultée"),
        ({"commentaires": "Mme Tremblay, née le 4 mars 1951"}, "Ce texte semble contenir"),
        ({"nouveau_sujet": "Plaie de TREM 5103 0412"}, "Ce texte semble contenir"),
    ],
)
def test_une_saisie_impossible_se_dit_sur_le_champ_et_reste(experte, saisie, saisi, phrase):
    with rien_decrit():
        page = experte.post(AJOUTER, {**saisie, **saisi})
    assert page.status_code == 200
    assert phrase in texte_de(page)
    ((champ, valeur),) = saisi.items()
    if champ != "sujet":
        assert champs_de(page)[champ] == valeur


def test_un_texte_relu_passe_une_fois_la_case_cochee(experte, saisie):
    douteux = {**saisie, "commentaires": "Revoir le cas de Mme Tremblay."}
    page = experte.post(AJOUTER, douteux)
    assert "Je l’ai relu" in texte_de(page)
    empreinte = page.context["form"].fields["relu"].widget.attrs["value"]
    assert experte.post(AJOUTER, {**douteux, "relu": empreinte}).status_code == 302


@pytest.mark.exigence("R-205")
def test_seul_un_expert_inscrit_ajoute_une_ligne(distribution, sujet):
    d = distribution
    scenes.fiche_soumise(d)
    for qui in (d.mentor, d.mentore, d.dsm, d.superutilisateur):
        with rien_decrit(), pytest.raises(AccesRefuse):
            suivi.ajouter_ligne(par=qui, jour=jour_local(), demandeur=d.collegue, minutes=30, sujet=sujet)


def test_un_expert_en_pause_inscrit_encore_un_retire_corrige_sans_ajouter(distribution, sujet):
    d = distribution
    ligne = scenes.ligne_de_couloir(d)
    fiche = FicheExpert.objects.get(personne=d.mentor)
    bottin.mettre_en_pause(fiche, par=d.mentor)
    suivi.ajouter_ligne(par=d.mentor, jour=jour_local(), demandeur=d.collegue, minutes=30, sujet=sujet)
    bottin.retirer_du_bottin(fiche, par=d.mentor)
    with pytest.raises(AccesRefuse):
        suivi.ajouter_ligne(par=d.mentor, jour=jour_local(), demandeur=d.collegue, minutes=31, sujet=sujet)
    assert suivi.corriger_ligne(ligne, par=d.mentor, commentaires="Revu.").commentaires == "Revu."


@pytest.mark.exigence("R-170")
def test_on_ne_se_consulte_pas_soi_meme_ni_demain(distribution, experte, saisie, sujet):
    with rien_decrit():
        page = experte.post(AJOUTER, {**saisie, "personne": distribution.mentor.matricule})
    assert page.status_code == 409
    assert "Le demandeur est une autre personne que l’expert." in texte_de(page)
    assert champs_de(page)["duree"] == "1 h 30"
    demain = jour_local() + datetime.timedelta(days=1)
    with rien_decrit(), pytest.raises(ErreurMetier, match="n’a pas encore eu lieu"):
        suivi.ajouter_ligne(
            par=distribution.mentor, jour=demain, demandeur=distribution.mentore, minutes=5, sujet=sujet
        )


def test_deux_envois_n_inscrivent_qu_une_ligne_et_un_sujet_libre_refuse_ne_reste_pas(experte, saisie, distribution):
    assert experte.post(AJOUTER, saisie).status_code == 302
    with rien_decrit():
        page = experte.post(AJOUTER, saisie)
    assert page.status_code == 409
    assert "Cette consultation est déjà au tableau." in texte_de(page)
    with rien_decrit(), pytest.raises(ErreurMetier):
        suivi.ajouter_ligne(
            par=distribution.mentor,
            jour=jour_local(),
            demandeur=distribution.mentor,
            minutes=5,
            nouveau_sujet="Jamais dit",
        )


@pytest.mark.exigence("R-402")
def test_corriger_sa_ligne_reprend_ce_qui_y_est(distribution, experte, sujet):
    ligne = scenes.ligne_de_couloir(distribution)
    champs = champs_de(experte.get(adresse("ligne_modifier", ligne)))
    assert (champs["personne"], champs["commentaires"]) == ("", "Suivi à 3 sem.")
    assert champs["duree"].replace("\xa0", " ") == "45 min"
    saisi = {**champs, "sujet": str(sujet.uuid), "duree": "50 min", "commentaires": ""}
    assert experte.post(adresse("ligne_modifier", ligne), saisi).status_code == 302
    relue = LigneSuivi.objects.get(pk=ligne.pk)
    assert (relue.minutes, relue.commentaires, relue.demandeur) == (50, "", distribution.mentore)
    # Un autre demandeur : sa direction suit.
    saisi["personne"] = distribution.animatrice.matricule
    experte.post(adresse("ligne_modifier", ligne), saisi)
    relue = LigneSuivi.objects.get(pk=ligne.pk)
    assert (relue.demandeur, relue.direction) == (distribution.animatrice, distribution.animatrice.direction)


def test_corriger_un_commentaire_ne_deplace_pas_la_direction_de_ce_jour_la(distribution):
    ligne = scenes.ligne_de_couloir(distribution)
    avant = ligne.direction
    distribution.mentore.service = distribution.animatrice.service
    distribution.mentore.save(update_fields=["service"])
    suivi.corriger_ligne(ligne, par=distribution.mentor, commentaires="Revu.", demandeur=distribution.mentore)
    assert LigneSuivi.objects.get(pk=ligne.pk).direction == avant != distribution.mentore.direction


@pytest.mark.exigence("R-402")
def test_d_une_ligne_nee_d_une_demande_seuls_l_expertise_et_les_commentaires_changent(distribution, client_de):
    ligne = scenes.demande_fermee(distribution).sollicitation.ligne_suivi
    client = client_de(distribution.mentor)
    page = client.get(adresse("ligne_modifier", ligne))
    assert set(champs_de(page)) == {"expertise", "commentaires"}
    saisi = {"expertise": "Neurologie", "commentaires": "Revoir à 6 sem.", "duree": "9 h", "jour": "2020-01-01"}
    assert client.post(adresse("ligne_modifier", ligne), saisi).status_code == 302
    relue = LigneSuivi.objects.get(pk=ligne.pk)
    assert (relue.expertise, relue.commentaires) == ("Neurologie", "Revoir à 6 sem.")
    assert (relue.minutes, relue.jour) == (ligne.minutes, ligne.jour)
    suivi.corriger_ligne(ligne, par=distribution.mentor, minutes=5, jour=jour_local(), nouveau_sujet="Autre")
    assert LigneSuivi.objects.get(pk=ligne.pk).minutes == ligne.minutes
    assert not SujetConsultation.objects.filter(libelle="Autre").exists()


def test_retirer_sa_ligne_la_retire_et_laisse_une_trace(distribution, experte):
    ligne = scenes.ligne_de_couloir(distribution)
    page = experte.get(adresse("ligne_retirer", ligne))
    assert "Retirer cette ligne" in texte_de(page)
    assert LigneSuivi.objects.exists()
    assert experte.post(adresse("ligne_retirer", ligne)).status_code == 302
    assert not LigneSuivi.objects.exists()
    assert Entree.objects.filter(acte="consultation.suivi.retirer", objet_uuid=ligne.uuid).count() == 1
    assert experte.post(adresse("ligne_retirer", ligne)).status_code == 404
    with rien_decrit(), pytest.raises(ErreurMetier, match="vient d’être retirée"):
        suivi.corriger_ligne(ligne, par=distribution.mentor, commentaires="Trop tard.")


@pytest.mark.exigence("R-402")
def test_la_ligne_d_une_demande_fermee_ne_se_retire_pas(distribution, client_de):
    ligne = scenes.demande_fermee(distribution).sollicitation.ligne_suivi
    client = client_de(distribution.mentor)
    page = texte_de(client.get(adresse("ligne_retirer", ligne)))
    assert "elle ne se retire pas" in page
    assert "Retirer cette ligne" not in page
    with rien_decrit():
        assert client.post(adresse("ligne_retirer", ligne)).status_code == 409


def test_ni_le_demandeur_ni_la_dsm_ni_un_autre_expert_ne_corrigent(distribution):
    d = distribution
    ligne = scenes.ligne_de_couloir(d)
    scenes.autre_fiche(d)
    for qui in (d.mentore, d.dsm, d.animatrice, d.gestionnaire):
        for geste in (
            lambda par: suivi.corriger_ligne(ligne, par=par, commentaires="Non."),
            lambda par: suivi.retirer_ligne(ligne, par=par),
        ):
            with rien_decrit(), pytest.raises(AccesRefuse):
                geste(qui)


def test_rien_de_clinique_au_journal(experte, saisie):
    experte.post(AJOUTER, {**saisie, "sujet": "", "nouveau_sujet": "Plaie de stade 2 au sacrum"})
    ligne = LigneSuivi.objects.get()
    experte.post(adresse("ligne_modifier", ligne), {**saisie, "personne": "", "commentaires": "Matelas à air"})
    dits = " ".join(str(entree.details) for entree in Entree.objects.all())
    for mot in ("sacrum", "Matelas", "Suivi à 3 sem.", "Coussin"):
        assert mot not in dits


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_quatre_clics_au_meme_instant_n_inscrivent_qu_une_ligne(distribution):
    d = distribution
    scenes.fiche_inscrite(d)
    sujet = scenes.les_sujets(d)[0]
    rendus = ensemble(
        *(
            lambda: suivi.ajouter_ligne(par=d.mentor, jour=jour_local(), demandeur=d.mentore, minutes=45, sujet=sujet)
            for _ in range(4)
        )
    )
    assert LigneSuivi.objects.count() == 1
    assert sum(isinstance(rendu, ErreurMetier) for rendu in rendus) == 3
