"""La convocation, relue par un autre lecteur que celui qui l’écrit : un agenda n’a pas notre bibliothèque."""

import datetime
import email
import email.policy
import uuid
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil import rrule

from encadrement.notifications.message import Message
from encadrement.rencontres.calendrier import convoquer, ecrire_convocation

TORONTO = ZoneInfo("America/Toronto")
UID = uuid.UUID("5c1d2f0e-0b7a-4f53-9d7e-0f7a3a4d6b11")
# Les propriétés qu’Outlook exige ou lit pour reconnaître une convocation (RFC 5546, REQUEST et CANCEL).
EXIGEES = {"uid", "sequence", "dtstamp", "dtstart", "dtend", "summary", "organizer", "attendee", "status"}


def local(texte):
    return datetime.datetime.fromisoformat(texte).replace(tzinfo=TORONTO)


def ecrire(**champs):
    valeurs = {
        "uid": UID,
        "sequence": 0,
        "resume": "Communauté des ergothérapeutes\xa0: rencontre",
        "debut": local("2026-10-28T13:30"),
        "fin": local("2026-10-28T16:30"),
        "organisateur_nom": "Communauté des ergothérapeutes",
        "destinataire": ("Loïc D’Amours", "loic@cisss.exemple"),
        "page": "/rencontres/1/",
        **champs,
    }
    return ecrire_convocation(**valeurs)


def lire(texte):
    agenda = vobject.readOne(texte)
    agenda.validate()
    return agenda


@pytest.fixture(autouse=True)
def adresse(settings):
    settings.ADRESSE_PUBLIQUE = "https://encadrement.cisss.exemple"
    settings.DEFAULT_FROM_EMAIL = "Encadrement clinique <encadrement-clinique@cisss.exemple>"


# --- Ce que l’agenda lit ----------------------------------------------------------------------------------------------


def test_une_convocation_dit_tout_ce_qu_un_agenda_demande():
    agenda = lire(ecrire(lieu="Salle B-204, Gaspé", description="Apporter le plan d’action."))
    assert (agenda.version.value, agenda.method.value) == ("2.0", "REQUEST")
    evenement = agenda.vevent
    assert set(evenement.contents) >= EXIGEES
    assert evenement.uid.value == f"{UID}@encadrement.cisss.exemple"
    assert evenement.summary.value == "Communauté des ergothérapeutes\xa0: rencontre"
    assert (evenement.dtstart.value, evenement.dtend.value) == (local("2026-10-28T13:30"), local("2026-10-28T16:30"))
    assert evenement.location.value == "Salle B-204, Gaspé"
    assert evenement.url.value == "https://encadrement.cisss.exemple/rencontres/1/"
    assert evenement.description.value.startswith("Apporter le plan d’action.\n\n")
    assert evenement.description.value.endswith("\nhttps://encadrement.cisss.exemple/rencontres/1/")
    assert (evenement.status.value, evenement.transp.value) == ("CONFIRMED", "OPAQUE")
    assert evenement.contents["class"][0].value == "PRIVATE"
    assert evenement.contents["x-microsoft-cdo-busystatus"][0].value == "BUSY"
    assert evenement.valarm.trigger.value == datetime.timedelta(minutes=-15)


def test_on_repond_dans_l_application_pas_par_l_agenda():
    convoque = lire(ecrire()).vevent.attendee
    assert convoque.value == "mailto:loic@cisss.exemple"
    assert convoque.params["CN"] == ["Loïc D’Amours"]
    assert (convoque.params["RSVP"], convoque.params["PARTSTAT"]) == (["FALSE"], ["NEEDS-ACTION"])


def test_l_organisateur_est_l_application_au_nom_du_groupe():
    organisateur = lire(ecrire()).vevent.organizer
    assert organisateur.value == "mailto:encadrement-clinique@cisss.exemple"
    assert organisateur.params["CN"] == ["Communauté des ergothérapeutes"]


def test_une_rencontre_a_distance_donne_son_lien():
    lien = "https://teams.exemple/l/meetup-join/19%3ameeting"
    a_distance = lire(ecrire(lien=lien)).vevent
    assert a_distance.location.value == lien
    hybride = lire(ecrire(lien=lien, lieu="Salle B-204")).vevent
    assert hybride.location.value == "Salle B-204"
    assert lien in hybride.description.value


def test_deplacer_garde_l_identite_et_monte_la_sequence():
    avant = lire(ecrire()).vevent
    apres = lire(ecrire(sequence=1, debut=local("2026-10-29T09:00"), fin=local("2026-10-29T12:00"))).vevent
    assert apres.uid.value == avant.uid.value
    assert apres.organizer.value == avant.organizer.value
    assert apres.organizer.params == avant.organizer.params
    assert (avant.sequence.value, apres.sequence.value) == ("0", "1")
    assert apres.dtstart.value == local("2026-10-29T09:00")


def test_annuler_libere_la_plage_sans_rien_sonner():
    agenda = lire(ecrire(sequence=2, annulee=True, lien="https://teams.exemple/l/1", description="Apporter le plan."))
    evenement = agenda.vevent
    assert agenda.method.value == "CANCEL"
    assert set(evenement.contents) >= EXIGEES
    assert (evenement.status.value, evenement.sequence.value) == ("CANCELLED", "2")
    assert (evenement.transp.value, evenement.contents["x-microsoft-cdo-busystatus"][0].value) == (
        "TRANSPARENT",
        "FREE",
    )
    assert "valarm" not in evenement.contents
    assert evenement.description.value == (
        "Cette rencontre est annulée.\nhttps://encadrement.cisss.exemple/rencontres/1/"
    )
    assert evenement.uid.value == lire(ecrire()).vevent.uid.value


def test_les_horodatages_sont_en_temps_universel(time_machine):
    time_machine.move_to("2026-09-01T08:00:00-04:00", tick=False)
    lignes = ecrire().split("\r\n")
    assert "DTSTAMP:20260901T120000Z" in lignes
    assert "LAST-MODIFIED:20260901T120000Z" in lignes


@pytest.mark.exigence("R-385")
def test_convoquer_tire_tout_de_la_rencontre_et_ne_dit_que_le_groupe():
    rencontre = SimpleNamespace(
        uuid=UID,
        sequence=4,
        debut=local("2026-10-28T13:30"),
        fin=local("2026-10-28T16:30"),
        lieu="Salle B-204",
        lien="https://teams.exemple/l/1",
        objectif_general="Retour sur une situation",
        get_absolute_url=lambda: "/rencontres/1/",
    )
    personne = SimpleNamespace(nom_complet="Loïc D’Amours", courriel="loic@cisss.exemple")
    texte = convoquer(rencontre, personne, groupe="Communauté des ergothérapeutes")
    evenement = lire(texte).vevent
    assert evenement.summary.value == "Communauté des ergothérapeutes\xa0: rencontre"
    assert evenement.organizer.params["CN"] == ["Communauté des ergothérapeutes"]
    assert (evenement.sequence.value, evenement.attendee.value) == ("4", "mailto:loic@cisss.exemple")
    assert evenement.location.value == "Salle B-204"
    assert "https://teams.exemple/l/1" in evenement.description.value
    assert "situation" not in texte
    annulation = lire(convoquer(rencontre, personne, groupe="Communauté des ergothérapeutes", annulee=True))
    assert annulation.method.value == "CANCEL"


@pytest.mark.parametrize("annulee", [False, True])
def test_la_convocation_se_retrouve_au_bout_du_courriel(annulee):
    texte = ecrire(lieu="Hôpital de Gaspé, salle « Forillon »", annulee=annulee)
    courriel = Message(
        objet="Rencontre",
        texte="Bonjour,",
        html="<p>Bonjour,</p>",
        a="loic@cisss.exemple",
        message_id="<0a@cisss.exemple>",
        calendrier=texte,
    )
    recu = email.message_from_bytes(courriel.message().as_bytes(linesep="\r\n"), policy=email.policy.default)
    (convocation,) = [partie for partie in recu.walk() if partie.get_content_type() == "text/calendar"]
    agenda = lire(convocation.get_content())
    assert convocation["Content-Type"].params["method"] == agenda.method.value
    assert agenda.vevent.location.value == "Hôpital de Gaspé, salle « Forillon »"
    _, fichier = recu.iter_parts()
    assert fichier.get_content() == texte.encode()


# --- L’heure ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "debut",
    [
        "2026-01-14T13:30",
        "2026-03-07T13:30",
        "2026-03-09T13:30",
        "2026-07-15T13:30",
        "2026-10-31T13:30",
        "2026-11-02T13:30",
    ],
)
def test_le_fuseau_joint_donne_la_bonne_heure_toute_l_annee(debut):
    debut = local(debut)
    texte = ecrire(debut=debut, fin=debut + datetime.timedelta(hours=3))
    assert f"DTSTART;TZID=America/Toronto:{debut:%Y%m%dT%H%M%S}" in texte
    # vobject lit le fuseau dans le VTIMEZONE joint, pas dans la base de la machine.
    lu = lire(texte).vevent.dtstart.value
    assert lu.astimezone(datetime.UTC) == debut.astimezone(datetime.UTC)
    assert lu.utcoffset() == debut.utcoffset()


def test_un_instant_universel_s_ecrit_a_l_heure_d_ici():
    debut = datetime.datetime(2026, 10, 28, 17, 30, tzinfo=datetime.UTC)
    assert "DTSTART;TZID=America/Toronto:20261028T133000" in ecrire(debut=debut)


def test_a_travers_un_changement_d_heure_la_duree_reste_vraie():
    debut = datetime.datetime(2026, 11, 1, 3, 0, tzinfo=datetime.UTC)
    evenement = lire(ecrire(debut=debut, fin=debut + datetime.timedelta(hours=5))).vevent
    assert evenement.dtend.value.astimezone(datetime.UTC) - debut == datetime.timedelta(hours=5)


@pytest.mark.parametrize("annee", [2026, 2027, 2028, 2033])
def test_le_fuseau_se_dit_en_une_regle_annuelle_par_passage(annee):
    """Outlook ignore les listes de dates : il lui faut un mois, un jour de semaine et son rang."""
    texte = ecrire(debut=local(f"{annee}-06-10T13:30"), fin=local(f"{annee}-06-10T14:30"))
    assert "RDATE" not in texte
    fuseau = texte.partition("BEGIN:VTIMEZONE")[2].partition("END:VTIMEZONE")[0]
    lignes = [ligne for ligne in fuseau.split("\r\n") if ligne.startswith("RRULE:")]
    assert lignes == ["RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"]
    debuts = [ligne.partition(":")[2] for ligne in fuseau.split("\r\n") if ligne.startswith("DTSTART:")]
    for regle, debut in zip(lignes, debuts, strict=True):
        premier = datetime.datetime.fromisoformat(debut)
        assert (premier.year, premier.hour) == (annee - 1, 2)
        assert rrule.rrulestr(regle, dtstart=premier)[0] == premier


@pytest.mark.parametrize(
    ("zone", "regles"),
    [
        ("America/Regina", []),
        ("Europe/Paris", ["RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "RRULE:FREQ=YEARLY;BYDAY=4SU;BYMONTH=10"]),
        ("Asia/Beirut", ["RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "RRULE:FREQ=YEARLY;BYDAY=4SU;BYMONTH=10"]),
    ],
)
@pytest.mark.parametrize("mois", ["01", "06", "12"])
def test_le_fuseau_suit_la_base_des_fuseaux(settings, zone, regles, mois):
    """Le Québec peut cesser de changer d’heure : rien ici ne sait d’avance quand elle change."""
    settings.TIME_ZONE = zone
    debut = local(f"2026-{mois}-10T13:30")
    texte = ecrire(debut=debut, fin=debut + datetime.timedelta(hours=1))
    assert [ligne for ligne in texte.split("\r\n") if ligne.startswith("RRULE:")] == regles
    assert lire(texte).vevent.dtstart.value.astimezone(datetime.UTC) == debut.astimezone(datetime.UTC)


# --- Les octets -------------------------------------------------------------------------------------------------------


def test_les_lignes_se_replient_a_75_octets_et_finissent_par_crlf():
    texte = ecrire(resume="Été " * 60, lieu="Œuvre, « salle »; " * 20, description="é" * 500)
    octets = texte.encode()
    assert octets.endswith(b"END:VCALENDAR\r\n")
    assert octets.count(b"\n") == octets.count(b"\r\n") == octets.count(b"\r")
    lignes = octets.split(b"\r\n")
    assert max(map(len, lignes)) <= 75
    # Aucun caractère n’est coupé en deux : chaque ligne repliée se décode seule.
    assert all(ligne.decode() is not None for ligne in lignes)
    evenement = lire(texte).vevent
    assert evenement.summary.value == ("Été " * 60).strip()
    assert evenement.location.value == ("Œuvre, « salle »; " * 20).strip()
    assert evenement.description.value.startswith("é" * 500)


@pytest.mark.parametrize("saut", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00", "\x1c"])
@pytest.mark.parametrize("champ", ["lieu", "resume", "organisateur_nom", "description", "lien", "page"])
def test_un_saut_de_ligne_ne_glisse_aucune_propriete(champ, saut):
    texte = ecrire(**{champ: f"Salle B{saut}ATTENDEE:mailto:autre@exemple.org{saut}END:VEVENT"})
    assert sum(ligne.startswith("ATTENDEE") for ligne in texte.splitlines()) == 1
    assert sum(ligne == "END:VEVENT" for ligne in texte.splitlines()) == 1
    evenement = lire(texte).vevent
    assert len(evenement.contents["attendee"]) == 1


@pytest.mark.parametrize("destinataire", [("Loïc\r\nRSVP=TRUE", "loic@cisss.exemple"), ("Loïc", "loic@x\r\nATTACH:y")])
def test_un_destinataire_ne_glisse_aucune_propriete(destinataire):
    evenement = lire(ecrire(destinataire=destinataire)).vevent
    assert evenement.attendee.params["RSVP"] == ["FALSE"]
    assert "attach" not in evenement.contents


@pytest.mark.parametrize(
    ("nom", "dit"),
    [
        ('Le "comité"; RSVP=TRUE:x, y', "Le ”comité”; RSVP=TRUE:x, y"),
        ("Comité\\n", "Comité\\n"),
        ("D’Amours, Loïc; inf. : ergo", "D’Amours, Loïc; inf. : ergo"),
        ("A^nB^'", "A nB '"),
    ],
)
def test_un_nom_a_ponctuation_reste_un_nom(nom, dit):
    organisateur = lire(ecrire(organisateur_nom=nom)).vevent.organizer
    assert organisateur.value == "mailto:encadrement-clinique@cisss.exemple"
    assert set(organisateur.params) == {"CN"}
    assert organisateur.params["CN"] == [dit]


def test_sans_lieu_ni_lien_l_endroit_ne_se_dit_pas():
    assert "location" not in lire(ecrire()).vevent.contents
