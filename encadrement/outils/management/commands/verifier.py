"""`manage.py verifier` : tout ce qui doit être vrai avant de livrer ; la seule commande de l’intégration continue."""

import contextlib
import os
import signal
import subprocess
import sys
import time

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import BaseCommand

from encadrement.documents.sceau import pkcs12_d_essai
from encadrement.outils.instances import InstanceAbsente, chromium, courtier, postgresql

PY = (sys.executable, "-m")
MANAGE = (sys.executable, "manage.py")
REGLAGES_DES_ESSAIS = "encadrement.settings.test"
PIECES_TYPEES = (
    *("socle", "acces", "journal", "personnes", "signatures", "notifications", "documents", "trajectoire"),
    *("fichiers", "exports"),
)

# La démonstration tourne sur SQLite : le cœur y passe aussi, en moins d’une minute.
SUR_SQLITE = (
    *(*PY, "pytest", "-q", "-n", "2", "-m", "not postgresql"),
    *(f"tests/encadrement/{piece}" for piece in ("socle", "acces", "personnes", "signatures")),
    "tests/mentorat/test_cycle.py",
)

CONTROLES = (
    ("ruff check", (*PY, "ruff", "check", "-q")),
    ("ruff format", (*PY, "ruff", "format", "--check", "-q")),
    ("étages", ("lint-imports", "--no-logo")),
    ("types du socle", (*PY, "mypy", *(f"encadrement/{piece}" for piece in PIECES_TYPEES))),
    ("migrations", (*MANAGE, "makemigrations", "--check", "--dry-run")),
    ("réglages de production", (*MANAGE, "check", "--deploy", "--fail-level", "WARNING")),
    ("cœur sur SQLite", SUR_SQLITE),
)

# De quoi charger les réglages de production ; aucune de ces valeurs ne sert ailleurs.
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "encadrement.settings.prod",
    "SECRET_KEY": "verification-" + "x1" * 40,
    "ALLOWED_HOSTS": "encadrement.exemple",
    "ADRESSE_PUBLIQUE": "https://encadrement.exemple",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "CLES_CHAMPS": Fernet.generate_key().decode(),
    "SCEAU_PHRASE": "phrase-du-controle",
    "DATABASE_HOST": "/var/run/postgresql",
    "COURRIEL_EXPEDITEUR": "ne-pas-repondre@encadrement.exemple",
    "COURRIEL_DSM": "dsm@encadrement.exemple",
    "COURRIEL_DRHCAJ": "drhcaj@encadrement.exemple",
    "EMAIL_HOST": "courriel.exemple",
    "CONSERVATION_SITUATIONS_SERIE": "00-000",
}


class Command(BaseCommand):
    help = "Style, types, étages, migrations, réglages de production, exigences, puis tous les essais."
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("essais", nargs="*", help="Arguments passés à pytest ; les contrôles sont alors sautés.")

    def run_from_argv(self, argv):
        # Les options appartiennent à pytest : « ./tester -k entente -x » doit marcher tel quel.
        if len(argv) > 2 and argv[2:] != ["--help"]:
            argv = [*argv[:2], "--", *[mot for mot in argv[2:] if mot != "--"]]
        super().run_from_argv(argv)

    def handle(self, *args, essais, **options):
        # Sans ceci, un SIGTERM laisserait derrière lui les instances privées.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        echecs = [] if essais else [nom for nom, commande in CONTROLES if not self._controler(nom, commande)]
        with contextlib.ExitStack() as pile:
            environnement = self._services(pile)
            if not essais:
                self._exigences()
            code = self._essayer(essais, environnement)
        if echecs:
            self.stderr.write(f"En échec avant les essais : {', '.join(echecs)}.")
        sys.exit(code or bool(echecs))

    def _controler(self, nom, commande):
        """Lance un contrôle, montre sa sortie s’il échoue ; rend vrai s’il passe."""
        depart = time.monotonic()
        environnement = {**_sans_services(), **(environnement_de_production() if "--deploy" in commande else {})}
        if commande is SUR_SQLITE:
            environnement["DJANGO_SETTINGS_MODULE"] = REGLAGES_DES_ESSAIS
        chemin = os.path.dirname(sys.executable)
        environnement["PATH"] = f"{chemin}:{environnement.get('PATH', '')}"
        fait = subprocess.run(
            commande, cwd=settings.RACINE, env=environnement, text=True, capture_output=True, check=False
        )
        self._dire(nom, "réussi" if fait.returncode == 0 else "ÉCHEC", time.monotonic() - depart)
        if fait.returncode:
            self.stdout.write(fait.stdout + fait.stderr)
        return fait.returncode == 0

    def _services(self, pile):
        """Rend l’environnement des essais ; un service exigé et absent arrête tout, les autres sont annoncés."""
        environnement = {**_sans_services(), "DJANGO_SETTINGS_MODULE": REGLAGES_DES_ESSAIS}
        poses = (
            ("postgresql", lambda: pile.enter_context(postgresql())),
            ("redis", lambda: {"REDIS_URL": pile.enter_context(courtier())}),
            ("chromium", lambda: {"CHROMIUM": chromium()}),
        )
        for nom, poser in poses:
            try:
                trouve = poser()
            except InstanceAbsente as absence:
                if nom in os.environ.get("ENCADREMENT_EXIGER", "").split(","):
                    self.stderr.write(f"{absence} (exigé par ENCADREMENT_EXIGER)")
                    sys.exit(1)
                self._dire(nom, f"absent : {absence}")
                continue
            environnement.update(trouve)
            self._dire(nom, trouve.get("PGHOST") or trouve.get("REDIS_URL") or trouve["CHROMIUM"])
        return environnement

    def _exigences(self):
        subprocess.run([*MANAGE, "exigences"], cwd=settings.RACINE, check=False)

    def _essayer(self, essais, environnement):
        """Lance pytest, dont la dernière ligne ferme la sortie ; rend son code."""
        # Chacun prend la moitié des fichiers, puis aide l’autre : une scène ou un Chromium ne sert qu’à un processus.
        arguments = essais or ["-q", "-n", "2", "--dist", "worksteal"]
        self.stdout.flush()
        pytest = [*PY, "pytest", *arguments]
        code = subprocess.run(pytest, cwd=settings.RACINE, env=environnement, check=False).returncode
        if code < 0:
            self.stderr.write(f"pytest a été arrêté par le signal {-code} : les essais ne sont pas finis.")
        return code

    def _dire(self, nom, etat, duree=None):
        temps = f"  ({duree:.1f} s)".replace(".", ",") if duree is not None else ""
        self.stdout.write(f"  {nom:<24}{etat}{temps}")
        self.stdout.flush()


def _sans_services():
    """Rend l’environnement sans base ni courtier : chaque étape dit les siens."""
    services = {"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE", "DATABASE_HOST", "REDIS_URL"}
    return {nom: valeur for nom, valeur in os.environ.items() if nom not in services}


def environnement_de_production():
    """Rend PRODUCTION avec de quoi satisfaire les contrôles : des dossiers, et un vrai PKCS#12 à ouvrir."""
    ici = settings.VAR / "controle"
    for nom in ("coffre", "donnees", "statiques"):
        (ici / nom).mkdir(mode=0o700, parents=True, exist_ok=True)
    (ici / "statiques" / "staticfiles.json").write_text("{}")
    (ici / "sceau.p12").write_bytes(pkcs12_d_essai(PRODUCTION["SCEAU_PHRASE"]))
    return {
        **PRODUCTION,
        "SCEAU_PKCS12": str(ici / "sceau.p12"),
        "COFFRE": str(ici / "coffre"),
        "ENCADREMENT_VAR": str(ici / "donnees"),
        "ENCADREMENT_STATIC": str(ici / "statiques"),
    }
