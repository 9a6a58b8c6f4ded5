"""Les rôles que toutes les mesures connaissent : ceux que la DSM attribue, et ceux de la maison entière."""

from encadrement.acces.roles import MembreDuCM, RoleGlobal, TouteLaMaison
from encadrement.personnes.models import RoleAttribue

DSM = RoleGlobal(RoleAttribue.DSM, "la DSM")
APPR = RoleGlobal(RoleAttribue.APPR, "l’APPR de la DSM")
LIAISON_RUISSS = RoleGlobal(RoleAttribue.LIAISON_RUISSS, "l’agent de liaison du RUISSS UL")
DRHCAJ = RoleGlobal(RoleAttribue.DRHCAJ, "la DRHCAJ")
COORDONNATEUR = RoleGlobal(RoleAttribue.COORDONNATEUR, "le coordonnateur du comité")
EXECUTIF_CM = RoleGlobal(RoleAttribue.EXECUTIF_CM, "l’exécutif du CM")
PILOTE = RoleGlobal(RoleAttribue.PILOTE, "le pilote technique")
PRP = RoleGlobal(RoleAttribue.PRP, "le responsable de la protection des renseignements")
TOUS = TouteLaMaison("tous", "toute personne de l’établissement")
MEMBRE_CM = MembreDuCM("membre_cm", "tout membre du CM")
