"""What the database itself refuses: moves that no table of states has, and changes of what is append-only.

The triggers are written anew after every migration from the tables in code, so the two cannot drift apart.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.models import Model

from pliego.kernel.states import Machine


@dataclass(frozen=True)
class AppendOnly:
    model: str
    except_columns: tuple[str, ...] = ()


APPEND_ONLY: dict[str, AppendOnly] = {}


def append_only(model: str, except_columns: tuple[str, ...] = ()) -> None:
    """Mark a model: its rows are never deleted, and never changed outside `except_columns`."""
    APPEND_ONLY[model] = AppendOnly(model, except_columns)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def machine_sql(machine: Machine, model: type[Model]) -> str:
    table, column = model._meta.db_table, machine.field
    name = f"{table}_{column}_moves"
    moves = ", ".join(f"({quoted(a)}, {quoted(b)})" for a, b in sorted(machine.moves)) or "('', '')"
    return f"""
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.{column} <> {quoted(machine.initial)} THEN
      RAISE EXCEPTION '{machine.model} cannot be born as %', NEW.{column} USING ERRCODE = 'check_violation';
    END IF;
  ELSIF (OLD.{column}, NEW.{column}) NOT IN ({moves}) THEN
    RAISE EXCEPTION '{machine.model} cannot go from % to %', OLD.{column}, NEW.{column}
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER {name}_on_insert BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
CREATE OR REPLACE TRIGGER {name}_on_update BEFORE UPDATE ON {table} FOR EACH ROW
  WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION {name}();
"""


def append_only_sql(rule: AppendOnly, model: type[Model]) -> str:
    table = model._meta.db_table
    kept = [f.column for f in model._meta.concrete_fields if f.column not in rule.except_columns]
    same = " AND ".join(f"OLD.{column} IS NOT DISTINCT FROM NEW.{column}" for column in kept)
    return f"""
CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND {same} THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '{rule.model} is append-only' USING ERRCODE = 'check_violation';
END $$;
CREATE OR REPLACE TRIGGER {table}_is_append_only BEFORE UPDATE OR DELETE ON {table}
  FOR EACH ROW EXECUTE FUNCTION {table}_is_append_only();
"""


def install(sender: Any = None, using: str = "default", **_kwargs: Any) -> None:
    """Write every trigger. Runs after each migrate; repeating it changes nothing."""
    with connections[using].cursor() as cursor:
        tables = set(connections[using].introspection.table_names(cursor))
        for machine in Machine.registry:
            model = apps.get_model(machine.model)
            if model._meta.db_table in tables:
                cursor.execute(machine_sql(machine, model))
        for rule in APPEND_ONLY.values():
            model = apps.get_model(rule.model)
            if model._meta.db_table in tables:
                cursor.execute(append_only_sql(rule, model))
