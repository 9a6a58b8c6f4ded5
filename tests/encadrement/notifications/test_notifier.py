"""Annoncer : une ligne par destinataire, dans la transaction du fait, jamais deux fois."""

import uuid

import pytest
from django.core import mail
from django.db import transaction

from encadrement.notifications.actions import (
    BoiteFonctionnelle,
    choisir_cadence,
    marquer_lus,
    message_id_de,
    notifier,
    retirer_relances,
)
from encadrement.notifications.coup_de_pouce import inscrire, pousser
from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.models import Courriel, EtatCourriel
from encadrement.notifications.redaction import rediger
from encadrement.personnes.models import Personne
from tests.encadrement.notifications.conftest import CONTEXTE, GABARIT
from tests.factories import PersonneFactory


@pytest.mark.django_db(transaction=True)
def test_hors_d_une_transaction_on_n_annonce_rien():
    personne = PersonneFactory()
    with pytest.raises(transaction.TransactionManagementError):
        notifier(GABARIT, personne, a=[personne], cle="fait", url="/", contexte=CONTEXTE)
    assert not Courriel.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_un_acte_annule_n_envoie_rien(coups_de_pouce):
    personne = PersonneFactory()

    @transaction.atomic
    def acte_qui_echoue():
        notifier(GABARIT, personne, a=[personne], cle="fait", url="/", contexte=CONTEXTE)
        raise LookupError

    with pytest.raises(LookupError):
        acte_qui_echoue()
    expedier_courriels()
    assert mail.outbox == []
    assert coups_de_pouce == []


@pytest.mark.django_db(transaction=True)
def test_un_acte_valide_donne_un_seul_coup_de_pouce(annoncer, coups_de_pouce):
    personne, objet = PersonneFactory(), PersonneFactory()
    with transaction.atomic():
        annoncer(personne, cle="un", objet=objet)
        annoncer(personne, cle="deux", objet=objet)
        assert coups_de_pouce == []
    assert coups_de_pouce == ["notifications.expedier"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("panne", [ConnectionRefusedError("courtier arrêté"), TimeoutError("courtier muet")])
def test_un_courtier_en_panne_ne_retient_pas_l_acte(annoncer, monkeypatch, panne):
    def tomber():
        raise panne

    monkeypatch.setattr("encadrement.notifications.coup_de_pouce._inscrits", {})
    inscrire("expedier", tomber)
    annoncer(PersonneFactory())
    assert Courriel.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_un_coup_de_pouce_inconnu_ne_fait_rien(coups_de_pouce):
    pousser("inexistant")
    assert coups_de_pouce == []


@pytest.mark.django_db
def test_la_meme_cle_deux_fois_donne_un_seul_courriel(annoncer):
    personne, objet = PersonneFactory(), PersonneFactory()
    premiere, seconde = annoncer(personne, objet=objet), annoncer(personne, objet=objet)
    assert premiere == seconde
    assert Courriel.objects.count() == 1
    annoncer(personne, objet=objet, cle="autre fait")
    assert Courriel.objects.count() == 2


@pytest.mark.django_db
def test_une_personne_citee_deux_fois_recoit_un_courriel(annoncer):
    personne = PersonneFactory()
    assert len(annoncer(personne, Personne.objects.get(pk=personne.pk), None)) == 1


@pytest.mark.django_db
def test_ni_les_comptes_inactifs_ni_le_systeme_ni_une_boite_sans_adresse_ne_recoivent_rien(annoncer):
    systeme = Personne.objects.systeme()
    systeme.is_active = True
    assert annoncer(PersonneFactory(is_active=False), systeme, BoiteFonctionnelle("DRHCAJ", "")) == []


@pytest.mark.exigence("R-070")
@pytest.mark.django_db
def test_une_boite_fonctionnelle_recoit_sa_copie_a_son_adresse(annoncer):
    (courriel,) = annoncer(BoiteFonctionnelle("DSM", "dsm@cisss.exemple"), urgent=False)
    assert (courriel.a, courriel.adresse, courriel.etat) == (None, "dsm@cisss.exemple", EtatCourriel.A_ENVOYER)
    assert courriel.texte.startswith("Bonjour,\n")


@pytest.mark.django_db
def test_le_message_porte_la_salutation_le_geste_et_le_lien_absolu(annoncer, settings):
    settings.ADRESSE_PUBLIQUE = "https://encadrement.exemple"
    (courriel,) = annoncer(PersonneFactory(prenom="Loïc", nom="D'Amours"))
    assert courriel.objet == "À faire\xa0: approuver l’entente"
    assert courriel.texte.startswith("Bonjour Loïc,")
    assert "https://encadrement.exemple/dossier/" in courriel.texte
    assert '<a href="https://encadrement.exemple/dossier/">' in courriel.html
    assert courriel.url == "/dossier/"


@pytest.mark.django_db
def test_le_texte_brut_ne_s_echappe_pas_le_html_oui(annoncer):
    (courriel,) = annoncer(PersonneFactory(), contexte={**CONTEXTE, "dossier": "L'entente <b>de D'Amours</b>"})
    assert "L'entente <b>de D'Amours</b>" in courriel.texte
    assert "<b>" not in courriel.html


def test_une_adresse_dans_le_texte_devient_un_lien_sans_sa_ponctuation(settings, tmp_path):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    (tmp_path / "courriels").mkdir()
    (tmp_path / "courriels" / "essai.objet.txt").write_text("Un\nobjet\n  sur une ligne")
    (tmp_path / "courriels" / "essai.corps.txt").write_text("Voyez https://a.exemple/x.\n\nAutre <p>.")
    message = rediger("essai", {"etablissement_nom": "CISSS"})
    assert message.objet == "Un objet sur une ligne"
    assert '<a href="https://a.exemple/x">https://a.exemple/x</a>.' in message.html
    assert "Autre &lt;p&gt;." in message.html


@pytest.mark.django_db
def test_le_message_id_est_le_meme_a_chaque_essai_et_suit_la_cle(annoncer):
    (courriel,) = annoncer(PersonneFactory())
    assert courriel.message_id == message_id_de(courriel.cle)
    assert message_id_de(courriel.cle) != message_id_de(courriel.cle + "x")


@pytest.mark.django_db
def test_un_fait_tres_long_tient_dans_la_cle(annoncer):
    (courriel,) = annoncer(PersonneFactory(), cle="fait " * 100)
    assert len(courriel.cle) <= 200


@pytest.mark.django_db
def test_ce_qui_n_est_pas_urgent_attend_le_resume_sauf_preference(annoncer):
    patiente, pressee = PersonneFactory(), PersonneFactory()
    choisir_cadence(pressee, "immediat")
    etats = {courriel.a_id: courriel.etat for courriel in annoncer(patiente, pressee, urgent=False)}
    assert etats == {patiente.pk: EtatCourriel.A_REGROUPER, pressee.pk: EtatCourriel.A_ENVOYER}


@pytest.mark.django_db
def test_annoncer_a_cent_personnes_coute_le_meme_nombre_de_requetes(annoncer, django_assert_max_num_queries):
    objet = PersonneFactory()
    personnes = PersonneFactory.create_batch(100, mot_de_passe=None)
    with django_assert_max_num_queries(9):
        annoncer(*personnes, objet=objet, urgent=False)


@pytest.mark.django_db
def test_le_fil_montre_ce_qui_a_bouge_puis_se_marque_lu(annoncer):
    personne, autre = PersonneFactory(), PersonneFactory()
    annoncer(personne, autre)
    assert [courriel.est_lu for courriel in Courriel.objects.fil_de(personne)] == [False]
    assert marquer_lus(personne) == 1
    assert [courriel.est_lu for courriel in Courriel.objects.fil_de(personne)] == [True]
    assert not Courriel.objects.fil_de(autre).get().est_lu


@pytest.mark.django_db
def test_retirer_les_relances_ne_touche_pas_aux_annonces(annoncer):
    objet = PersonneFactory()
    annoncer(PersonneFactory(), objet=objet)
    assert retirer_relances(objet) == 0
    assert Courriel.objects.get().etat == EtatCourriel.A_ENVOYER


@pytest.mark.django_db
def test_un_objet_sans_uuid_a_quand_meme_une_cle(annoncer):
    objet = PersonneFactory().service
    (courriel,) = annoncer(PersonneFactory(), objet=objet)
    assert f"personnes.service.{objet.pk}" in courriel.cle
    assert courriel.objet_uuid is None


@pytest.mark.django_db
def test_la_cle_nomme_le_gabarit_le_dossier_le_destinataire_et_le_fait(annoncer):
    personne, objet = PersonneFactory(), PersonneFactory()
    (courriel,) = annoncer(personne, objet=objet, cle="42")
    gabarit, dossier, destinataire, fait = courriel.cle.split(":")
    assert (gabarit, uuid.UUID(dossier), uuid.UUID(destinataire), fait) == (GABARIT, objet.uuid, personne.uuid, "42")


# --- Convoquer --------------------------------------------------------------------------------------------------------


def convocation(sequence=0, pour=""):
    return f"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSEQUENCE:{sequence}\r\nATTENDEE:{pour}\r\n"


@pytest.mark.django_db
def test_chacun_recoit_sa_propre_convocation(annoncer):
    personnes = [PersonneFactory(), PersonneFactory(), BoiteFonctionnelle("DSM", "dsm@cisss.exemple")]
    lignes = annoncer(*personnes, calendrier=lambda destinataire: convocation(pour=destinataire.nom_complet))
    attendues = {convocation(pour=personne.nom_complet) for personne in personnes}
    assert {ligne.calendrier for ligne in lignes} == attendues


@pytest.mark.django_db
def test_une_nouvelle_sequence_du_meme_fait_est_un_nouveau_courriel(annoncer):
    personne, objet = PersonneFactory(), PersonneFactory()
    premier = annoncer(personne, objet=objet, calendrier=convocation(1))
    assert annoncer(personne, objet=objet, calendrier=convocation(1)) == premier
    (second,) = annoncer(personne, objet=objet, calendrier=convocation(2))
    assert Courriel.objects.count() == 2
    assert second.message_id == message_id_de(second.cle) != premier[0].message_id


@pytest.mark.django_db
@pytest.mark.parametrize("longueur", [102, 103, 104, 128])
def test_un_fait_tres_long_et_sa_convocation_tiennent_dans_la_cle(annoncer, longueur):
    personne, objet = PersonneFactory(), PersonneFactory()
    for sequence in (1, 2):
        (courriel,) = annoncer(personne, objet=objet, cle="é" * longueur, calendrier=convocation(sequence))
        assert len(courriel.cle) <= 200
    assert Courriel.objects.count() == 2


@pytest.mark.django_db
def test_une_convocation_n_attend_pas_le_resume(annoncer):
    convoquee, autre = PersonneFactory(), PersonneFactory()
    annoncer(convoquee, autre, urgent=False, calendrier=lambda a: convocation() if a == convoquee else "")
    etats = {ligne.a_id: (ligne.etat, ligne.urgent) for ligne in Courriel.objects.all()}
    assert etats == {
        convoquee.pk: (EtatCourriel.A_ENVOYER, True),
        autre.pk: (EtatCourriel.A_REGROUPER, False),
    }
