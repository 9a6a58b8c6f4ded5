"""PostgreSQL, Redis et Chromium pour les essais : ceux de la machine, sinon des instances privées et jetables."""

import contextlib
import getpass
import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
import redis

ATTENTE = 30


class InstanceAbsente(Exception):
    """Le service ne répond pas et rien ne permet d’en lancer un ; le message dit quoi faire."""


@contextlib.contextmanager
def postgresql():
    """Rend l’environnement (PGHOST, PGPORT, PGUSER, PGDATABASE…) d’un PostgreSQL où créer des bases d’essai."""
    trouve = _postgresql_de_la_machine()
    if trouve:
        with _base_a_nous(trouve) as environnement:
            yield environnement
        return
    binaires = _binaires_postgresql()
    if binaires is None:
        raise InstanceAbsente("PostgreSQL ne répond pas et n’est pas installé : apt-get install postgresql")
    with _postgresql_prive(binaires) as prive, _base_a_nous(prive) as environnement:
        yield environnement


@contextlib.contextmanager
def courtier():
    """Rend l’adresse d’un Redis : celui de REDIS_URL, celui de la machine, ou une instance privée sans mémoire."""
    for adresse in filter(None, (os.environ.get("REDIS_URL"), "redis://127.0.0.1:6379/15")):
        if _redis_repond(adresse):
            yield adresse
            return
    with courtier_prive() as adresse:
        yield adresse


@contextlib.contextmanager
def courtier_prive(port=None):
    """Rend l’adresse d’un Redis à soi, qu’on peut donc arrêter ; le même `port` le remet où il était."""
    binaire = shutil.which("redis-server")
    if binaire is None:
        raise InstanceAbsente("Redis ne répond pas et n’est pas installé : apt-get install redis-server")
    with _redis_prive(binaire, port or port_libre()) as adresse:
        yield adresse


@contextlib.contextmanager
def postgresql_prive():
    """Rend un PostgreSQL à soi, qui garde ce qu’il a confirmé : (environnement, redémarrage brutal)."""
    binaires = _binaires_postgresql()
    if binaires is None:
        raise InstanceAbsente("PostgreSQL n’est pas installé : apt-get install postgresql")
    with _instance(binaires, DURABLE) as (prive, redemarrer), _base_a_nous(prive) as environnement:
        yield environnement, redemarrer


def chromium():
    """Rend le chemin de Chromium, ou lève InstanceAbsente."""
    for nom in (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"):
        chemin = shutil.which(nom) if nom else None
        if chemin:
            return chemin
    raise InstanceAbsente("Chromium n’est pas installé : apt-get install chromium")


# --- PostgreSQL -------------------------------------------------------------------------------------------------


def _postgresql_de_la_machine():
    """Rend les paramètres d’une connexion qui permet de créer une base, ou None."""
    # La prise du système d’abord : ni réseau ni chiffrement entre l’essai et sa base, sur la même machine.
    hotes = [os.environ.get("DATABASE_HOST") or os.environ.get("PGHOST"), "/var/run/postgresql", "127.0.0.1"]
    comptes = [os.environ.get("PGUSER"), getpass.getuser(), "postgres"]
    port = os.environ.get("PGPORT", "5432")
    for hote in dict.fromkeys(filter(None, hotes)):
        for compte in dict.fromkeys(filter(None, comptes)):
            parametres = {"host": hote, "port": port, "user": compte, "password": os.environ.get("PGPASSWORD", "")}
            if _peut_creer_une_base(parametres):
                return parametres
    return None


def _peut_creer_une_base(parametres):
    try:
        with contextlib.closing(_connexion(parametres)) as connexion, connexion.cursor() as curseur:
            curseur.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
            return curseur.fetchone()[0]
    except psycopg2.OperationalError:
        return False


def _connexion(parametres):
    connexion = psycopg2.connect(dbname="postgres", connect_timeout=3, **parametres)
    connexion.autocommit = True
    return connexion


@contextlib.contextmanager
def _base_a_nous(parametres):
    """Donne un nom de base propre à cette exécution et, à la fin, retire celles qu’elle aurait laissées."""
    nom = f"encadrement_{os.getpid()}"
    try:
        yield {
            "PGHOST": parametres["host"],
            "DATABASE_HOST": parametres["host"],
            "PGPORT": str(parametres["port"]),
            "PGUSER": parametres["user"],
            "PGPASSWORD": parametres["password"],
            "PGDATABASE": nom,
        }
    finally:
        with contextlib.closing(_connexion(parametres)) as connexion, connexion.cursor() as curseur:
            curseur.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"test\\_{nom}%"])
            for (restante,) in curseur.fetchall():
                curseur.execute(f'DROP DATABASE IF EXISTS "{restante}" WITH (FORCE)')


def _binaires_postgresql():
    versions = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda chemin: int(chemin.split("/")[4]))
    if versions:
        return Path(versions[-1])
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


# Données jetables : la durabilité ne sert qu’à ralentir.
JETABLE = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# De quoi survivre à la mort du serveur, sinon à celle de la machine.
DURABLE = ("fsync=off", "synchronous_commit=on")


@contextlib.contextmanager
def _postgresql_prive(binaires):
    with _instance(binaires, JETABLE) as (parametres, _):
        yield parametres


@contextlib.contextmanager
def _instance(binaires, reglages):
    """Une instance neuve dans un dossier temporaire, sous un compte sans privilège : initdb refuse root."""
    port = port_libre()
    with tempfile.TemporaryDirectory(prefix="encadrement-pg-") as dossier:
        compte = _compte_sans_privilege(dossier)
        donnees = f"{dossier}/donnees"
        subprocess.run(
            [binaires / "initdb", "-D", donnees, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
            check=True,
            capture_output=True,
            cwd=dossier,
            **compte,
        )
        commande = [
            *(binaires / "postgres", "-D", donnees, "-p", str(port), "-k", dossier),
            *(mot for reglage in (*reglages, "listen_addresses=127.0.0.1") for mot in ("-c", reglage)),
        ]
        parametres = {"host": "127.0.0.1", "port": port, "user": "postgres", "password": ""}
        serveur = None

        def demarrer():
            nonlocal serveur
            serveur = subprocess.Popen(
                commande, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=dossier, **compte
            )
            _attendre(lambda: _peut_creer_une_base(parametres), "PostgreSQL")

        def redemarrer():
            # L’arrêt immédiat : aucune transaction ne finit, le démarrage suivant relit le journal de la base.
            serveur.send_signal(signal.SIGQUIT)
            serveur.wait(ATTENTE)
            demarrer()

        try:
            demarrer()
            yield parametres, redemarrer
        finally:
            _eteindre(serveur)


def _compte_sans_privilege(dossier):
    """Rend les arguments de subprocess qui quittent root ; vides quand on ne l’est pas."""
    if os.geteuid() != 0:
        return {}
    noms = {ligne.pw_name for ligne in pwd.getpwall()}
    compte = pwd.getpwnam("postgres" if "postgres" in noms else "nobody")
    os.chown(dossier, compte.pw_uid, compte.pw_gid)
    return {"user": compte.pw_uid, "group": compte.pw_gid, "extra_groups": []}


# --- Redis ------------------------------------------------------------------------------------------------------


def _redis_repond(adresse):
    try:
        with contextlib.closing(redis.Redis.from_url(adresse, socket_connect_timeout=2, socket_timeout=2)) as client:
            return client.ping()
    except redis.RedisError:
        return False


@contextlib.contextmanager
def _redis_prive(binaire, port):
    with tempfile.TemporaryDirectory(prefix="encadrement-redis-") as dossier:
        serveur = subprocess.Popen(
            [
                *(binaire, "--port", str(port), "--bind", "127.0.0.1", "--dir", dossier),
                *("--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        adresse = f"redis://127.0.0.1:{port}/0"
        try:
            _attendre(lambda: _redis_repond(adresse), "Redis")
            yield adresse
        finally:
            _eteindre(serveur)


# --- Communs ----------------------------------------------------------------------------------------------------


def port_libre():
    """Rend un port libre de la boucle locale."""
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        return prise.getsockname()[1]


def _attendre(pret, nom):
    limite = time.monotonic() + ATTENTE
    while not pret():
        if time.monotonic() > limite:
            raise InstanceAbsente(f"{nom} n’a pas démarré en {ATTENTE} s.")
        time.sleep(0.2)


def _eteindre(serveur):
    serveur.terminate()
    try:
        serveur.wait(10)
    except subprocess.TimeoutExpired:
        serveur.kill()
        serveur.wait()
