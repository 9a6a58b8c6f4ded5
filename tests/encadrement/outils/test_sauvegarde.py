"""Sauvegarder ici, restaurer ailleurs : tout se relit, ce qui est détruit le reste, ce qui est altéré se voit, rien ne repart."""

import datetime
import hashlib
import io
import json
import tarfile
from contextlib import contextmanager

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection

from concertation.actions.conservation import detruire_situation
from concertation.actions.recits import contenu
from concertation.models import Recit, SituationComplexe
from encadrement.documents.actions import produire_documents
from encadrement.documents.models import Document
from encadrement.fichiers.actions import deposer, ouvrir
from encadrement.fichiers.models import Fichier
from encadrement.journal.actions import consigner
from encadrement.journal.ancres import ancrer
from encadrement.journal.models import Entree
from encadrement.notifications.envoi import expedier_courriels
from encadrement.notifications.models import Courriel, Rappel
from encadrement.notifications.rappels import balayer_rappels
from encadrement.outils.horloge import au
from encadrement.outils.sauvegarde import lecture, manifeste, releve, retenue
from encadrement.outils.sauvegarde.cles import NOM as COPIE_DES_CLES
from encadrement.outils.sauvegarde.cles import sauvegarder_les_cles
from encadrement.outils.sauvegarde.ecriture import sauvegarder
from encadrement.outils.sauvegarde.refus import RestaurationRefusee, SauvegardeImpossible
from encadrement.outils.sauvegarde.restauration import destination_vide, restaurer
from encadrement.personnes.models import Personne
from encadrement.socle import coffre
from encadrement.socle.temps import ajouter_mois, jour_local
from encadrement.version import VERSION
from tests.bases import ailleurs
from tests.concertation import scenes
from tests.encadrement.fichiers.contenus import png, televerse
from tests.mentorat import scenes as mentorat
from tests.sources import RACINE

# pg_dump ne lit que ce qui est validé.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@contextmanager
def autre_machine(settings, dossier):
    """Une base vide et un dossier de données neuf : rien de la machine d’avant n’y est."""
    settings.VAR = dossier
    reglage = settings.STORAGES["default"]
    options = {**reglage["OPTIONS"], "location": dossier / "fichiers"}
    settings.STORAGES = {**settings.STORAGES, "default": {**reglage, "OPTIONS": options}}
    with ailleurs():
        yield


def vecue(d):
    """Une entente scellée dont un rappel est dû, une pièce déposée, des courriels en file ; rend la pièce."""
    with au(jour_local() - datetime.timedelta(days=100)):
        mentorat.entente(d)
    piece = deposer(televerse("schema.png", png()), par=d.mentor)
    assert produire_documents() >= 1
    ancrer()
    return piece


def echues(d):
    """Deux situations fermées, à détruire."""
    for mois in (61, 62):
        with au(ajouter_mois(jour_local(), -mois)):
            yield scenes.situation_fermee(d)


def membres(archive):
    with tarfile.open(archive) as tar:
        return {fiche.name: tar.extractfile(fiche).read() for fiche in tar.getmembers()}


def recrite(archive, vers, contenu):
    """Récrit l’archive avec ce contenu, {nom: octets}, comme le ferait un disque fatigué ou une main."""
    with tarfile.open(vers, "w") as tar:
        for nom, octets in contenu.items():
            fiche = tarfile.TarInfo(nom)
            fiche.size = len(octets)
            tar.addfile(fiche, io.BytesIO(octets))
    return vers


@pytest.fixture
def en_file(monkeypatch):
    """Les courriels qu’un travailleur resté debout pourrait prendre, sitôt la base rechargée."""
    vus, rattraper = [], retenue.rattraper

    def guetter():
        vus.append(Courriel.objects.filter(etat__in=retenue.EN_FILE).count())
        return rattraper()

    monkeypatch.setattr(retenue, "rattraper", guetter)
    return vus


def test_une_sauvegarde_se_restaure_sur_une_autre_machine(
    distribution, settings, tmp_path, mailoutbox, capsys, en_file
):
    d = distribution
    gardee, detruite = echues(d)
    piece = vecue(d)
    call_command("sauvegarder", tmp_path / "archives", cles=tmp_path / "cles")
    archive = next((tmp_path / "archives").glob("*.tar"))

    # Aucune clé dans l’archive ; rien de lisible par un autre compte ; aucune trace d’un chantier.
    dedans = membres(archive)
    assert not [nom for nom in dedans if "cle" in nom]
    assert all(cle.encode() not in b"".join(dedans.values()) for cle in settings.CLES_CHAMPS)
    assert archive.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "cles" / COPIE_DES_CLES).stat().st_mode & 0o777 == 0o600
    assert sorted(chemin.name for chemin in archive.parent.iterdir()) == [".verrou", archive.name]

    # Après la sauvegarde : un dossier est détruit, tout ce qui attendait part, un rappel aussi.
    detruire_situation(detruite, par=d.prp, confirmation=scenes.CONFIRMATION)
    sauvegarder_les_cles(tmp_path / "cles")
    assert balayer_rappels() > 0
    while expedier_courriels().envoyes:
        pass
    partis = len(mailoutbox)
    assert partis > 10

    with autre_machine(settings, tmp_path / "autre"):
        assert destination_vide()
        constat = restaurer(archive, cles=tmp_path / "cles")
        assert constat.ecarts == []
        assert min(constat.verifies.values()) > 0
        with ouvrir(Fichier.objects.get(uuid=piece.uuid)) as flux:
            assert flux.read() == png()
        assert Document.objects.get(instantane__nature="entente").est_produit
        assert Entree.objects.filter(acte="sauvegarde.restaurer").count() == 1

        # O-14 : la clé gardée ouvre, la clé détruite n’est pas revenue ; le dossier se détruit de nouveau, certificat compris.
        assert contenu(SituationComplexe.objects.get(uuid=gardee.uuid))["question"] == scenes.RECIT["question"]
        sans_cle = SituationComplexe.objects.get(uuid=detruite.uuid)
        assert not coffre.a_une_cle(sans_cle.uuid)
        assert Recit.objects.get(situation=sans_cle).chiffre == ""
        assert set(sans_cle.orientations.values_list("chiffre", flat=True)) == {""}
        prp = Personne.objects.get(pk=d.prp.pk)
        assert detruire_situation(sans_cle, par=prp, confirmation=scenes.CONFIRMATION).instantane.nature

        # Rien ne repart : ni ce qui était en file, ni ce que le temps referait partir.
        assert en_file == [0]
        assert Rappel.objects.exists()
        balayer_rappels()
        while expedier_courriels().envoyes:
            pass
        assert len(mailoutbox) == partis
        assert retenue.retenus().exists()

        # Une base qui sert déjà ne se remplace pas sans le dire ; si l’archive ne se recharge pas, tout reste tel quel.
        with pytest.raises(CommandError, match="--remplacer"):
            call_command("restaurer", archive)
        coupe = dedans["base.dump"][: len(dedans["base.dump"]) // 2]
        dit = json.loads(dedans[manifeste.NOM])
        dit["membres"]["base.dump"]["sha256"] = hashlib.sha256(coupe).hexdigest()
        coupee = {**dedans, "base.dump": coupe, manifeste.NOM: json.dumps(dit).encode()}
        avant = Courriel.objects.count()
        with pytest.raises(RestaurationRefusee, match="restée telle quelle"):
            restaurer(recrite(archive, tmp_path / "coupee.tar", coupee), remplacer=True)
        assert Courriel.objects.count() == avant
        with ouvrir(Fichier.objects.get(uuid=piece.uuid)) as flux:
            assert flux.read() == png()
        assert sorted(chemin.name for chemin in settings.VAR.iterdir()) == ["ancres", "cles", "envois", "fichiers"]

        # Le pilote relâche : ce qui restait part, une fois.
        attendent = retenue.retenus().count()
        call_command("relacher_courriels", par=d.pilote.matricule, renvoyer=True)
        assert f"remis en file\xa0: {attendent}" in capsys.readouterr().out
        assert not retenue.retenus().exists()


def test_ce_qui_est_altere_ou_trop_recent_se_voit(distribution, settings, tmp_path, capfd):
    vecue(distribution)
    archive = sauvegarder(tmp_path / "archives").archive
    capfd.readouterr()
    call_command("restaurer", archive, verifier=True)
    assert "tout concorde" in capfd.readouterr().out

    # L’archive, après coup : un octet d’un PDF, un membre de trop, la fin coupée, une version à venir.
    dedans, abimee = membres(archive), tmp_path / "abimee.tar"
    pdf = next(nom for nom in dedans if nom.endswith(".pdf"))
    altere = dedans[pdf][:-1] + bytes([dedans[pdf][-1] ^ 1])
    for change, plainte in (
        ({**dedans, pdf: altere}, f"{pdf} a changé"),
        ({**dedans, "intrus": b"x"}, "exactement"),
        ({nom: octets for nom, octets in dedans.items() if nom != manifeste.NOM}, "pas de manifeste"),
    ):
        with pytest.raises(RestaurationRefusee, match=plainte):
            lecture.extraire(recrite(archive, abimee, change), tmp_path / f"extrait-{len(change)}-{len(plainte)}")
    abimee.write_bytes(archive.read_bytes()[:-20000])
    with pytest.raises(RestaurationRefusee):
        lecture.lire_manifeste(abimee)
    dit = json.loads(dedans[manifeste.NOM])
    for plus_recent in (
        {"application": "99.0"},
        {"migrations": [*dit["migrations"], ["cdp", "9999_demain"]]},
        {"format": 9},
    ):
        futur = {**dedans, manifeste.NOM: json.dumps({**dit, **plus_recent}).encode()}
        with pytest.raises(CommandError, match="version plus récente"):
            call_command("restaurer", recrite(archive, abimee, futur), remplacer=True)

    # La source, avant la sauvegarde : un PDF sur le disque, une ligne du journal, un fichier disparu.
    with default_storage.open(pdf.removeprefix("fichiers/"), "r+b") as flux:
        flux.write(altere)
    default_storage.delete(Fichier.objects.get().contenu.name)
    with connection.cursor() as curseur:
        curseur.execute("ALTER TABLE journal_entree DISABLE TRIGGER USER")
        curseur.execute("UPDATE journal_entree SET titre = 'autre' WHERE id = (SELECT min(id) FROM journal_entree)")
        curseur.execute("ALTER TABLE journal_entree ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match=r"2 fichier\(s\) n’allaient déjà pas"):
        call_command("sauvegarder", tmp_path / "apres")
    capfd.readouterr()
    with autre_machine(settings, tmp_path / "autre"), pytest.raises(CommandError, match="écart"):
        call_command("restaurer", next((tmp_path / "apres").glob("*.tar")))
    plaintes = capfd.readouterr().err.splitlines()
    assert any("a été modifiée." in plainte for plainte in plaintes)
    # Deux fois chacun : ce que la sauvegarde en disait déjà, et ce que la base restaurée en montre.
    for quoi in (
        "son contenu n’est plus celui que la base connaît.",
        "la base le désigne, il ne s’ouvre pas.",
    ):
        assert sorted(plainte.startswith("Déjà") for plainte in plaintes if plainte.endswith(quoi)) == [False, True]


def test_une_cle_disparue_sans_destruction_arrete_la_copie_des_cles(distribution, tmp_path):
    """La copie n’a pas de passé : l’écraser par un coffre abîmé perdrait la clé pour de bon."""
    situation = scenes.situation_transmise(distribution)
    sauvegarder_les_cles(tmp_path)
    jeton = dict(coffre.cles())[str(situation.uuid)]
    (coffre.dossier() / str(situation.uuid)[:2] / f"{situation.uuid}.cle").unlink()
    with pytest.raises(SauvegardeImpossible, match="disparu du coffre"):
        sauvegarder_les_cles(tmp_path)
    call_command("restaurer_cles", tmp_path)
    assert dict(coffre.cles()) == {str(situation.uuid): jeton}
    with pytest.raises(CommandError, match="ailleurs que la base"):
        call_command("sauvegarder", tmp_path / "archives", cles=tmp_path / "archives" / "cles")


def test_une_sauvegarde_manquee_ne_laisse_rien(distribution, tmp_path, monkeypatch):
    consigner("essai", par=distribution.dsm)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SauvegardeImpossible, match="postgresql-client"):
        sauvegarder(tmp_path / "archives")
    assert [chemin.name for chemin in (tmp_path / "archives").iterdir()] == [".verrou"]


def test_chaque_colonne_de_fichier_a_son_condense_et_la_version_est_une(db):
    assert {f"{modele._meta.label_lower}.{champ.name}" for modele, champ in releve.colonnes_de_fichiers()} == set(
        releve.CONDENSES
    )
    assert f'version = "{VERSION}"' in (RACINE / "pyproject.toml").read_text()
