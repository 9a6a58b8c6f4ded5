"""Un accès refusé laisse une trace : qui, quoi, sur quel objet ; la page, elle, n’apprend rien de plus."""

import uuid

from django.urls import reverse

from encadrement.journal.models import Entree
from encadrement.personnes.models import Attribution


def refus():
    return list(Entree.objects.filter(acte="acces.refus").order_by("id"))


def test_un_403_se_consigne_avec_l_acte_et_l_objet(client_de, distribution):
    objet = Attribution.objects.get(personne=distribution.appr)
    reponse = client_de(distribution.pilote).get(reverse("accueil:role_approuver", args=[objet.uuid]))
    assert reponse.status_code == 403
    assert "revient à" in reponse.content.decode()
    (entree,) = refus()
    assert entree.par_id == distribution.pilote.pk
    assert entree.details == {
        "acte": "personnes.attribution.approuver",
        "objet": str(objet.uuid),
        "methode": "GET",
    }


def test_un_404_se_consigne_et_ne_se_distingue_pas_d_un_objet_qui_n_existe_pas(client_de, distribution):
    objet = Attribution.objects.get(personne=distribution.appr)
    client = client_de(distribution.mentore)
    pages = [
        client.post(reverse("accueil:role_terminer", args=[identifiant]), {"motif": "x"})
        for identifiant in (objet.uuid, uuid.uuid4())
    ]
    assert [page.status_code for page in pages] == [404, 404]
    assert len({len(page.content) for page in pages}) == 1
    assert [entree.details["objet"] for entree in refus()] == [str(objet.uuid), ""]
    objet.refresh_from_db()
    assert objet.fin is None


def test_une_adresse_sans_page_n_est_pas_un_refus(client_de, distribution):
    assert client_de(distribution.mentore).get("/nulle-part/").status_code == 404
    assert refus() == []


def test_un_acces_permis_ne_laisse_pas_de_refus(client_de, distribution):
    assert client_de(distribution.dsm).get(reverse("accueil:roles")).status_code == 200
    assert refus() == []


def test_la_page_qui_peut_quoi_montre_les_matrices_telles_quelles(
    client_de, distribution, django_assert_max_num_queries
):
    client = client_de(distribution.collegue)
    with django_assert_max_num_queries(15):
        page = client.get(reverse("acces:qui_peut_quoi")).content.decode()
    assert "Approuver le rôle" in page
    assert "<li>La personne qui tient le rôle</li><li>La personne qui l’a proposé</li>" in page
    assert "Déléguer ses approbations" in page
