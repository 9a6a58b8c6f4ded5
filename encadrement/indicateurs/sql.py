"""Ce que les deux bases ne disent pas de la même façon."""

from django.db.models import Func, IntegerField


class JoursEntre(Func):
    """Le nombre de jours civils de la première date à la seconde."""

    arity = 2
    output_field = IntegerField()

    def as_sqlite(self, compiler, connection, **contexte):
        modele = "CAST(julianday(%(expressions)s) AS INTEGER)"
        return self.as_sql(compiler, connection, template=modele, arg_joiner=") - julianday(", **contexte)

    def as_postgresql(self, compiler, connection, **contexte):
        # Le second terme moins le premier : en PostgreSQL, deux dates se soustraient en jours.
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **contexte)

    def __init__(self, debut, fin, **contexte):
        super().__init__(fin, debut, **contexte)
