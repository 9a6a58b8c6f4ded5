"""Fabriques des personnes et de l’organisation ; un état de dossier, lui, ne se fabrique pas : il se joue."""

import datetime

import factory

from encadrement.personnes.models import Personne
from encadrement.personnes.organisation import RLS, Direction, Installation, Service, TitreEmploi

MOT_DE_PASSE = "Essai-clinique-2026"


class DirectionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Direction
        django_get_or_create = ("nom",)

    nom = factory.Sequence(lambda n: f"Direction {n}")


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Service
        django_get_or_create = ("direction", "nom")

    nom = factory.Sequence(lambda n: f"Service {n}")
    direction = factory.SubFactory(DirectionFactory)


class InstallationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Installation
        django_get_or_create = ("nom",)

    nom = factory.Sequence(lambda n: f"CLSC {n}")
    rls = RLS.BAIE_DES_CHALEURS


class TitreEmploiFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TitreEmploi
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"9{n:03d}")
    libelle = factory.Sequence(lambda n: f"Titre {n}")
    discipline = factory.SelfAttribute("libelle")


class PersonneFactory(factory.django.DjangoModelFactory):
    """Une intervenante du SAD, active et membre du CM ; `mot_de_passe` vaut MOT_DE_PASSE."""

    class Meta:
        model = Personne

    matricule = factory.Sequence(lambda n: f"8{n:05d}")
    prenom = "Claude"
    nom = factory.Sequence(lambda n: f"Bernatchez {n}")
    courriel = factory.LazyAttribute(lambda moi: f"{moi.matricule}@cisss.exemple")
    titre_emploi = factory.SubFactory(TitreEmploiFactory, code="1230", libelle="Ergothérapeute")
    service = factory.SubFactory(ServiceFactory)
    installation = factory.SubFactory(InstallationFactory, nom="CLSC Baie-des-Chaleurs")
    membre_cm = True
    date_embauche = datetime.date(2015, 4, 7)
    date_entree_service = datetime.date(2019, 9, 9)
    mot_de_passe = MOT_DE_PASSE

    @classmethod
    def _build(cls, model_class, *args, mot_de_passe=None, **champs):
        personne = model_class(**champs)
        personne.set_password(mot_de_passe)
        personne.recalculer_cle()
        return personne

    @classmethod
    def _create(cls, model_class, *args, mot_de_passe=None, **champs):
        return model_class.objects.create_user(champs.pop("matricule"), mot_de_passe, **champs)
