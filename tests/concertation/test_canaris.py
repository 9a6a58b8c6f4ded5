"""Ce qui parle de la personne ne se lit nulle part sans la clé : base, Redis, courriels, journaux, fichiers (O-17, S-10)."""

import logging
import os
import re

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.urls import reverse

from concertation.actions.conservation import detruire_situation
from concertation.models import SituationComplexe
from encadrement.documents.actions import produire
from encadrement.documents.models import Document
from encadrement.outils.horloge import au
from encadrement.socle import coffre
from encadrement.socle.temps import ajouter_mois, jour_local
from tests.concertation import canaris, scenes
from tests.concertation.gestes import adresse, declares, relire
from tests.factories import MOT_DE_PASSE
from tests.mentorat.formulaire import champs_de

# Une vraie transaction : pg_dump lit ce qui est validé, pas ce qu’un essai garde pour lui.
pytestmark = pytest.mark.django_db(transaction=True)

# La suite en plante peu ; bench/canaris.py en plante mille.
SITUATIONS = 2


@pytest.fixture
def d(distribution):
    return distribution


@pytest.fixture
def publies(monkeypatch):
    """Tout ce qui serait publié au courtier : nom, arguments, options."""
    envois = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async",
        lambda tache, args=None, kwargs=None, **options: envois.append(repr((tache.name, args, kwargs, options))),
    )
    return envois


def rien(texte, semis, ou):
    assert canaris.trouves(texte, semis) == [], f"se lit dans {ou}"


def partout(semis, caplog, publies):
    """Cherche dans chaque sortie, une fois tout joué."""
    vidage = canaris.vidage_de_la_base()
    assert "concertation_recit" in vidage
    rien(vidage, semis, "la base")
    rien(canaris.base_decodee(vidage), semis, "la base, décodée")
    rien(canaris.sessions(), semis, "les sessions")
    rien(canaris.memoire_cache(), semis, "le cache")
    rien(canaris.courriels_envoyes(), semis, "les courriels")
    rien(canaris.fichiers(), semis, "les fichiers")
    rien("\n".join(publies), semis, "le courtier")
    if redis := os.environ.get("REDIS_URL"):
        rien(canaris.redis_en_texte(redis), semis, "Redis")
    journal = "\n".join(f"{ligne.getMessage()} {ligne.__dict__}" for ligne in caplog.records)
    rien(journal, semis, "les journaux")


def test_s_10_rien_de_ce_qui_est_plante_ne_se_lit_sans_la_cle_et_tout_se_lit_avec(d, caplog, capfd, publies):
    caplog.set_level(logging.DEBUG)
    semis = canaris.Semis()
    for _ in range(SITUATIONS):
        canaris.planter(d, semis)
    assert len(semis.plantes) >= 25 * SITUATIONS
    partout(semis, caplog, publies)
    sortie = capfd.readouterr()
    rien(sortie.out + sortie.err, semis, "la sortie des journaux")
    relu = canaris.relire_tout()
    assert [mot for mot in semis.plantes if mot not in relu] == []


def test_la_recherche_de_fuites_trouve_ce_qui_fuit(d, caplog, publies):
    """Un mot laissé en clair à chaque endroit est trouvé : sinon l’essai ci-dessus ne prouverait rien."""
    semis = canaris.Semis()
    mot = semis.neuf("fuite")
    situation = scenes.situation_transmise(d)
    SituationComplexe.objects.filter(pk=situation.pk).update(reorientation=mot[:12])
    assert canaris.trouves(canaris.vidage_de_la_base(), semis)
    code = "eyJ4IjogIlppYmVsaW5lIn0="
    assert canaris.trouves(canaris.base_decodee(f"'{code}'"), semis)
    fuite = canaris.Path(canaris.settings.VAR) / f"{mot[:20]}.txt"
    fuite.write_text("")
    assert canaris.trouves(canaris.fichiers(), semis)


def test_o_14_la_cle_detruite_une_sauvegarde_d_avant_ne_se_lit_plus(d, caplog):
    """La sauvegarde garde le chiffré ; sans la clé, aucun mot n’en sort."""
    semis = canaris.Semis()
    with au(ajouter_mois(jour_local(), -61)):
        situation = scenes.situation_fermee(d, {champ: semis.neuf(champ) for champ in scenes.RECIT})
    chiffre = situation.recit.chiffre
    detruire_situation(situation, par=d.prp, confirmation=scenes.CONFIRMATION)
    produire(Document.objects.get(instantane__nature="concertation_destruction"))
    assert not coffre.a_une_cle(situation.uuid)
    for sortie in (canaris.vidage_de_la_base(), canaris.fichiers(), canaris.base_decodee(chiffre)):
        rien(sortie, semis, "après destruction")
    with pytest.raises(coffre.CoffreFerme):
        coffre.dechiffrer(situation.uuid, chiffre)


# — Par les pages


def _remplir(page, semis, **fixes):
    """Rend ce que la page enverrait, un mot neuf dans chaque zone de texte."""
    champs = champs_de(page)
    zones = re.findall(r'<textarea[^>]*\bname="([^"]+)"', page.text)
    return {**champs, **{nom: semis.neuf(nom) for nom in zones}, **fixes}


def _cases(situation):
    jour = jour_local().isoformat()
    directions = {f"direction-{pk}": "on" for pk in situation.directions.values_list("pk", flat=True)}
    return {
        "adulte": "on",
        "impasse": "les_deux",
        "informee_le": jour,
        "informee_comment": "verbalement",
        "discutee_le": jour,
        **directions,
    }


def test_o_17_ni_adresse_ni_temoin_ni_titre_ni_erreur_ne_redit_ce_qu_on_ecrit(
    d, client_de, caplog, publies, monkeypatch
):
    """Une personne écrit, se trompe, provoque des refus et une panne : rien de son texte ne sort de la page qu’elle lit."""
    caplog.set_level(logging.DEBUG)
    semis = canaris.Semis()
    situation = scenes.situation_en_redaction(d)
    client = client_de(d.mentore)
    client.raise_request_exception = False
    modifier = adresse("situation_modifier", situation)
    reponses = []

    def poster(client, ou, page, **fixes):
        reponses.append(client.post(ou, _remplir(page, semis, **fixes)))
        return reponses[-1]

    page = client.get(modifier)
    assert poster(client, modifier, page, **_cases(situation)).status_code == 302
    client.post(adresse("situation_brouillon", situation), _remplir(client.get(modifier), semis))
    # Une saisie fautive, un acte impossible, une page introuvable : 200 ou 409, 404.
    poster(client, modifier, client.get(modifier), informee_le="2026-02-31")
    poster(client, adresse("situation_renvoyer", situation), page, motif=semis.neuf("refus"))
    reponses.append(client.get(reverse("accueil:recherche"), {"q": "CC-"}))
    # Une panne en pleine écriture : la page 500 et la trace technique ne redisent rien.
    monkeypatch.setattr(coffre, "chiffrer", lambda *_: 1 / 0)
    panne = poster(client, modifier, client.get(modifier))
    assert panne.status_code == 500
    monkeypatch.undo()
    rien(panne.text, semis, "la page 500")
    for reponse in reponses:
        entetes = str(sorted(reponse.headers.items()))
        rien(entetes + reponse.get("Location", ""), semis, "les en-têtes")
        titre = re.search(r"<title>.*?</title>", reponse.text, re.DOTALL)
        rien(titre[0] if titre else "", semis, "le titre de la page")
        if reponse.status_code in (404, 405, 500):
            rien(reponse.text, semis, "une page d’erreur")
    rien(_temoins(client), semis, "les témoins")
    partout(semis, caplog, publies)
    assert relire(situation).etat == "brouillon"


def _temoins(client):
    """Rend ce que le navigateur garde de nous : les témoins, messages décodés."""
    requete = RequestFactory().get("/")
    requete.COOKIES = {nom: temoin.value for nom, temoin in client.cookies.items()}
    messages = CookieStorage(requete)._decode(requete.COOKIES.get("messages", "")) or []
    return "\n".join([*requete.COOKIES.values(), *map(str, messages)])


def test_o_17_les_actes_motives_ne_laissent_rien_non_plus(d, client_de, caplog, publies):
    """Renvoyer, demander des précisions, répondre, demander en urgence : par leurs pages."""
    caplog.set_level(logging.DEBUG)
    semis = canaris.Semis()
    situation = declares(scenes.situation_a_attester(d), d.gestionnaire)
    gestes = [
        (d.gestionnaire, "situation_renvoyer"),
        (d.mentore, "situation_soumettre"),
        (d.gestionnaire, "situation_attester"),
    ]
    for personne, nom in gestes:
        client = client_de(personne)
        page = client.get(adresse(nom, situation))
        reponse = client.post(adresse(nom, situation), _remplir(page, semis, demarches="on", mot_de_passe=MOT_DE_PASSE))
        assert reponse.status_code == 302, nom
        rien(_temoins(client) + str(reponse.headers), semis, nom)
    declares(relire(situation), d.coordonnatrice)
    client = client_de(d.coordonnatrice)
    reponse = client.post(
        adresse("situation_recevoir", situation), _remplir(client.get(adresse("situation_recevoir", situation)), semis)
    )
    assert reponse.status_code == 302
    client = client_de(d.dsm)
    demander = reverse("concertation:exception_demander")
    client.post(demander, _remplir(client.get(demander), semis, numero=situation.numero))
    client.post(demander, _remplir(client.get(demander), semis, numero="CC-2026-99"))
    assert len(semis.plantes) >= 4
    partout(semis, caplog, publies)
    relu = canaris.relire_tout()
    # Le motif d’une demande pour un code inconnu n’est gardé nulle part.
    assert [mot for mot in semis.plantes[:-1] if mot not in relu] == []
    assert semis.plantes[-1] not in relu


def test_le_pdf_du_plan_ne_se_garde_ni_sur_le_disque_ni_dans_la_base(d, client_de, caplog, publies):
    semis = canaris.Semis()
    situation = canaris.planter(d, semis)
    declares(situation, d.coordonnatrice)
    reponse = client_de(d.coordonnatrice).get(adresse("situation_plan_pdf", situation))
    assert reponse.status_code == 200
    assert reponse.getvalue()[:5] == b"%PDF-"
    rien(str(reponse.headers), semis, "le nom du PDF")
    assert not Document.objects.exists()
    partout(semis, caplog, publies)


def test_aucun_champ_de_texte_de_la_mesure_n_est_en_clair_sans_raison():
    """Un champ de texte ajouté à la mesure doit être chiffré, ou écrit ici avec sa raison (O-01)."""
    from django.apps import apps
    from django.db import models

    from encadrement.socle.champs import ChampChiffre

    permis = {
        # Des codes, jamais des mots de quelqu’un.
        *("situationcomplexe.numero", "situationcomplexe.etat", "situationcomplexe.impasse"),
        *("situationcomplexe.informee_comment", "situationcomplexe.reorientation", "orientation.etat"),
        *(
            "participationcomite.titre",
            "participationcomite.reponse",
            "rencontrecomite.etat",
            "rencontrecomite.mode",
            "impasserecurrente.etat",
        ),
        # Chiffrés par la clé du dossier, donc de simples textes pour la base.
        *("recit.chiffre", "orientation.chiffre", "passagesituation.motif", "passageorientation.motif"),
        # Hérités de toute rencontre ; le comité ne les écrit pas.
        *("rencontrecomite.objectif_general", "rencontrecomite.objectifs_specifiques"),
        # La rencontre, les thèmes et les impasses récurrentes ne disent rien d’une situation.
        *("rencontrecomite.lieu", "rencontrecomite.lien", "passagecomite.motif", "passageimpasse.motif"),
        *("analysemensuelle.etat", "analysemensuelle.part", "constat.sorte", "constat.conclusion"),
        # Une analyse se signe, sans motif.
        "passageanalyse.motif",
        *("theme.libelle", "theme.cle", "impasserecurrente.titre", "impasserecurrente.solution"),
    }
    passages = {"transition", "de", "vers", "titre"}
    en_clair = {
        f"{modele._meta.model_name}.{champ.name}"
        for modele in apps.get_app_config("concertation").get_models()
        for champ in modele._meta.local_concrete_fields
        if isinstance(champ, models.CharField | models.TextField)
        and not isinstance(champ, ChampChiffre)
        and not (modele._meta.model_name.startswith("passage") and champ.name in passages)
    }
    assert en_clair == permis, en_clair ^ permis
