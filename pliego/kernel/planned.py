"""Reading by key what everybody reads: Django writes the SQL once a process, PostgreSQL plans it once a connection.

Guarantees: the rows are those of the queryset as its rooms define it, so no rule is written twice; only the one value
changes from reading to reading. Writing the SQL anew was more than half of the work of a page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models.query import RelatedPopulator, get_related_populators

M = TypeVar("M", bound=Model)


def planned_once(sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement that the database plans once for each connection, not at each reader."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        return cursor.execute(sql.encode(), values, prepare=True).fetchall()


@dataclass(frozen=True)
class Written:
    """The SQL of a queryset, and how Django makes objects of its rows."""

    sql: str
    values: tuple[Any, ...]
    compiler: Any
    converters: dict[int, Any]
    fields: slice
    names: list[str]
    related: list[RelatedPopulator]


class Planned(Generic[M]):
    """The queryset that `make` builds around a value, read for any other value of its kind.

    `mark` stands for the value while the SQL is written: one that no row has. What `select_related` names comes along;
    what is prefetched or annotated does not.
    """

    def __init__(self, mark: Any, make: Callable[[Any], "QuerySet[M]"]) -> None:
        self.mark, self.make = mark, make

    def __call__(self, value: Any) -> list[M]:
        written = self._written
        values = [value if said == self.mark else said for said in written.values]
        rows: Any = planned_once(written.sql, values)
        if written.converters:
            rows = written.compiler.apply_converters(rows, written.converters)
        return [self._object(written, row) for row in rows]

    def count(self, value: Any) -> int:
        """How many rows there are, none of which is read."""
        sql, values = self._counted
        return int(planned_once(sql, [value if said == self.mark else said for said in values])[0][0])

    @cached_property
    def _counted(self) -> tuple[str, tuple[Any, ...]]:
        sql, values = self.make(self.mark).order_by().values_list("pk").query.sql_with_params()
        return f"SELECT count(*) FROM ({sql}) AS found", values  # noqa: S608 - written by Django, values apart

    def _object(self, written: Written, row: Any) -> M:
        model: type[M] = written.compiler.klass_info["model"]
        found = model.from_db(DEFAULT_DB_ALIAS, written.names, row[written.fields])
        for related in written.related:
            related.populate(row, found)
        return found

    @cached_property
    def _written(self) -> Written:
        # As django.db.models.query.ModelIterable does, except that it begins anew at each reading.
        compiler: Any = self.make(self.mark).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        places = compiler.klass_info["select_fields"]
        fields = slice(places[0], places[-1] + 1)
        return Written(
            sql=sql,
            values=values,
            compiler=compiler,
            converters=compiler.get_converters([expression for expression, _sql, _alias in compiler.select]),
            fields=fields,
            names=[column.target.attname for column, _sql, _alias in compiler.select[fields]],
            related=get_related_populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),  # type: ignore[call-arg]
        )
