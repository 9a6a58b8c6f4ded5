"""Tous les réglages de production, une fois : `.env.example`, docs/exploitation.md et le démarrage en sortent."""

from dataclasses import dataclass

from . import formes
from .formes import Forme


@dataclass(frozen=True)
class Reglage:
    """Un réglage : son nom, ce qu’il veut dire, ce qu’il peut valoir. Sans défaut (None), la production l’exige."""

    nom: str
    sens: str
    forme: Forme = formes.TEXTE
    defaut: str | None = ""
    exemple: str = ""
    secret: bool = False
    # La commande qui en fait un, pour qui n’en a pas.
    naissance: str = ""

    @property
    def obligatoire(self):
        return self.defaut is None

    @property
    def par_fichier(self):
        """Le réglage qui donne, à la place de la valeur, le fichier qui la contient."""
        return f"{self.nom}_FILE"

    @property
    def ligne(self):
        """La ligne à écrire pour le donner."""
        if self.secret:
            return f"{self.par_fichier}=/etc/encadrement/secrets/{self.nom.lower()}"
        valeur = self.exemple or self.defaut or ""
        return f'{self.nom}="{valeur}"' if " " in valeur else f"{self.nom}={valeur}"


SECTIONS = {
    "L’application": (
        Reglage(
            "DJANGO_SETTINGS_MODULE",
            "Le mode; toujours cette valeur en production.",
            defaut=None,
            exemple="encadrement.settings.prod",
        ),
        Reglage(
            "SECRET_KEY",
            "Signe les sessions et les liens. En changer ferme les sessions, sans rien perdre.",
            formes.SECRET,
            defaut=None,
            secret=True,
            naissance="openssl rand -base64 60 | tr -d '\\n'",
        ),
        Reglage("ALLOWED_HOSTS", "Noms d’hôte servis.", formes.HOTES, defaut=None, exemple="encadrement.exemple.qc.ca"),
        Reglage(
            "ADRESSE_PUBLIQUE",
            "Adresse imprimée dans les courriels et les codes de vérification.",
            formes.ADRESSE_PUBLIQUE,
            defaut=None,
            exemple="https://encadrement.exemple.qc.ca",
        ),
        Reglage(
            "NOMBRE_DE_MANDATAIRES",
            "Mandataires devant l’application qui ajoutent leur nom à X-Forwarded-For. Faux, la limite d’essais de "
            "connexion compte tout le monde ensemble, ou se contourne.",
            formes.entier(0, 5),
            defaut="1",
        ),
        Reglage("NIVEAU_DES_JOURNAUX", "Ce qui s’écrit aux journaux.", formes.choix(*formes.NIVEAUX), defaut="INFO"),
    ),
    "Les dossiers": (
        Reglage(
            "ENCADREMENT_VAR",
            "Fichiers déposés, PDF, ancres du journal. À sauvegarder avec la base.",
            formes.CHEMIN,
            defaut=None,
            exemple="/var/lib/encadrement/donnees",
        ),
        Reglage(
            "COFFRE",
            "Une clé par situation complexe. À sauvegarder à part de la base : ensemble, elles rendraient lisibles les "
            "situations détruites.",
            formes.CHEMIN,
            defaut=None,
            exemple="/var/lib/encadrement/coffre",
        ),
        Reglage(
            "ENCADREMENT_STATIC",
            "Fichiers statiques, rassemblés par collectstatic à chaque mise à niveau.",
            formes.CHEMIN,
            defaut=None,
            exemple="/var/lib/encadrement/statiques",
        ),
    ),
    "La base et le courtier": (
        Reglage(
            "DATABASE_HOST",
            "Hôte de PostgreSQL, ou dossier de sa prise locale (le compte système y tient lieu de mot de passe).",
            defaut=None,
            exemple="/var/run/postgresql",
        ),
        Reglage("PGPORT", "Port de PostgreSQL.", formes.entier(1, 65535), defaut="5432"),
        Reglage("PGDATABASE", "Nom de la base.", defaut="encadrement"),
        Reglage("PGUSER", "Compte de la base.", defaut="encadrement"),
        Reglage(
            "PGPASSWORD",
            "Mot de passe de la base. Obligatoire, sauf par la prise locale.",
            secret=True,
            naissance="openssl rand -hex 24",
        ),
        Reglage(
            "REDIS_URL",
            "Le courtier; en panne, il retarde les envois d’une minute, sans rien perdre.",
            formes.COURTIER,
            defaut=None,
            exemple="redis://127.0.0.1:6379/0",
        ),
    ),
    "Le chiffrement et le sceau": (
        Reglage(
            "CLES_CHAMPS",
            "Clés du chiffrement au repos, la plus récente d’abord. Perdues, ce qu’elles chiffrent l’est aussi.",
            formes.CLES,
            defaut=None,
            secret=True,
            naissance="openssl rand -base64 32 | tr '+/' '-_'",
        ),
        Reglage(
            "SCEAU_PKCS12",
            "Certificat de l’établissement qui scelle les PDF (PKCS#12).",
            formes.CHEMIN,
            defaut=None,
            exemple="/etc/encadrement/secrets/sceau.p12",
        ),
        Reglage("SCEAU_PHRASE", "La phrase de ce fichier.", defaut=None, secret=True),
        Reglage(
            "SCEAU_HORODATAGE_URL", "Horodatage RFC 3161 des sceaux. Vide : l’attestation le dit.", formes.ADRESSE_WEB
        ),
    ),
    "Les courriels": (
        Reglage("EMAIL_HOST", "Serveur d’envoi.", defaut=None, exemple="courriel.exemple.qc.ca"),
        Reglage("EMAIL_PORT", "Son port.", formes.entier(1, 65535), defaut="25"),
        Reglage("EMAIL_USE_TLS", "STARTTLS.", formes.OUI_NON, defaut="0"),
        Reglage("EMAIL_HOST_USER", "Compte du serveur d’envoi, s’il en demande un."),
        Reglage("EMAIL_HOST_PASSWORD", "Son mot de passe.", secret=True),
        Reglage(
            "COURRIEL_EXPEDITEUR",
            "De qui viennent les courriels.",
            formes.COURRIEL,
            defaut=None,
            exemple="encadrement-clinique@exemple.qc.ca",
        ),
        Reglage(
            "COURRIEL_DSM",
            "À qui écrire, tant que la DSM n’en règle pas une autre aux paramètres.",
            formes.COURRIEL,
            defaut=None,
            exemple="dsm@exemple.qc.ca",
        ),
        Reglage(
            "COURRIEL_DRHCAJ",
            "Reçoit les copies d’entente, tant que la DSM n’en règle pas une autre aux paramètres.",
            formes.COURRIEL,
            defaut=None,
            exemple="drhcaj@exemple.qc.ca",
        ),
    ),
    "La supervision": (
        Reglage(
            "SANTE_JETON",
            "Ouvre le détail de /sante/pret/ et les métriques à qui surveille d’ailleurs. Vide : à cette machine seulement.",
            formes.SECRET,
            secret=True,
            naissance="openssl rand -hex 32",
        ),
        Reglage("METRIQUES", "Métriques Prometheus à /sante/metriques/, aux mêmes.", formes.OUI_NON, defaut="0"),
        Reglage(
            "CERTIFICAT_TLS",
            "Certificat (PEM, sans la clé) dont surveiller l’échéance; le compte de l’application doit pouvoir le lire.",
            formes.CHEMIN,
            exemple="/etc/encadrement/tls-certificat.pem",
        ),
    ),
    "La connexion de l’établissement": (
        Reglage(
            "OIDC_ISSUER",
            "Adresse du fournisseur (OpenID Connect). Vide : comptes locaux. Voir docs/annuaire.md.",
            formes.ADRESSE_WEB,
            exemple="https://connexion.exemple.qc.ca/realms/etablissement",
        ),
        Reglage("OIDC_CLIENT_ID", "Ce que le fournisseur a donné à l’application.", exemple="encadrement"),
        Reglage("OIDC_CLIENT_SECRET", "Son secret.", secret=True),
        Reglage("OIDC_NOM", "Nom du bouton de connexion.", defaut="Compte de l’établissement"),
        Reglage(
            "OIDC_MATRICULE",
            "Réclamations qui portent le matricule, dans l’ordre.",
            formes.LISTE,
            defaut="matricule,employee_number,employeeNumber,employeeid,employeeId",
        ),
        Reglage("OIDC_PORTEES", "Portées demandées.", formes.MOTS, defaut="openid profile email"),
        Reglage(
            "OIDC_DECONNEXION",
            "Se déconnecter ici déconnecte aussi du compte de l’établissement (postes partagés).",
            formes.OUI_NON,
            defaut="1",
        ),
        Reglage("OIDC_ORIGINES", "Autres origines par où passe le fournisseur (fédération).", formes.LISTE),
        Reglage(
            "OIDC_GROUPES",
            "Groupes qui proposent un rôle, que la DSM approuve. Vide : éteint.",
            formes.GROUPES,
            exemple="EC-APPR=appr,EC-PRP=prp",
        ),
        Reglage("OIDC_RECLAMATION_GROUPES", "Réclamation qui porte les groupes.", defaut="groups"),
        Reglage("COMPTES_DE_SECOURS", "Matricules qui gardent un mot de passe local (bris de glace).", formes.LISTE),
    ),
    "Les données des ressources humaines": (
        Reglage(
            "IMPORTATIONS_DOSSIER",
            "Dossier surveillé : chaque extrait .csv qu’on y dépose est importé, puis déplacé. Vide : aucun. Voir "
            "docs/annuaire.md.",
            formes.CHEMIN,
            exemple="/var/lib/encadrement/rh",
        ),
        Reglage(
            "IMPORTATIONS_COMPLETES",
            "Ces extraits disent tout l’établissement : qui n’y est plus devient inactif.",
            formes.OUI_NON,
            defaut="0",
        ),
        Reglage(
            "IMPORTATIONS_SEUIL",
            "Part des personnes, en %, au-delà de laquelle un de ces extraits attend le pilote.",
            formes.entier(0, 100),
            defaut="5",
        ),
    ),
    "Les fichiers déposés": (
        Reglage(
            "ANTIVIRUS",
            "Vide : AUCUN ANTIVIRUS, les fichiers sont remis sans avoir été examinés. Avec ClamAV : "
            "encadrement.fichiers.clamd.examiner.",
        ),
        Reglage("CLAMD_ADRESSE", "La prise de ClamAV.", formes.PRISE_CLAMD, defaut="unix:///run/clamav/clamd.ctl"),
        Reglage(
            "CLAMD_DELAI",
            "Secondes accordées à l’examen; passé ce délai, le fichier est refusé.",
            formes.entier(1, 300),
            defaut="30",
        ),
        Reglage("FICHIER_TAILLE_MAXIMALE_MO", "Taille d’un fichier, en Mo.", formes.entier(1, 100), defaut="20"),
    ),
    "L’établissement et son calendrier": (
        Reglage("ETABLISSEMENT_NOM", "Son nom, aux pages et aux PDF.", defaut="CISSS de la Gaspésie"),
        Reglage("CHOME_LE_VENDREDI_SAINT", "Vendredi saint chômé.", formes.OUI_NON, defaut="1"),
        Reglage("CHOME_LE_LUNDI_DE_PAQUES", "Lundi de Pâques chômé.", formes.OUI_NON, defaut="0"),
        Reglage(
            "JOURS_CHOMES",
            "Jours chômés de plus : 2026-12-24 une année, 12-24 chaque année.",
            formes.JOURS,
            exemple="12-24,12-31",
        ),
        Reglage("HEURE_DES_RELANCES", "Aucune relance avant cette heure.", formes.entier(0, 23), defaut="6"),
        Reglage(
            "CONSERVATION_SITUATIONS_ANNEES",
            "Conservation d’une situation fermée, en années.",
            formes.entier(1, 100),
            defaut="5",
        ),
        Reglage(
            "CONSERVATION_SITUATIONS_SERIE",
            "Série du calendrier de conservation; elle paraît au certificat de destruction. Vide : check --deploy le "
            "rappelle.",
            exemple="00-000",
        ),
    ),
}

REGLAGES = {reglage.nom: reglage for section in SECTIONS.values() for reglage in section}
