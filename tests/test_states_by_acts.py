"""Every table of states against the database: what the table allows passes, and every other move is refused.

The triggers of each machine are tried on an empty copy of its column, so no room needs to build objects for this.
"""

from itertools import product

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from pliego.kernel.states import Machine

pytestmark = pytest.mark.django_db

MACHINES = sorted(Machine.registry, key=lambda machine: (machine.model, machine.field))
each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m.model}.{m.field}")


def names(machine):
    model = apps.get_model(machine.model)
    table, column = model._meta.db_table, model._meta.get_field(machine.field).column
    return table, column, f"{table}_{column}_moves"


@pytest.fixture
def probe(machine):
    """An empty copy of the column, guarded by the machine's own trigger function; answers whether a change passes."""
    table, column, function = names(machine)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE probe ON COMMIT DROP AS SELECT {column} FROM {table} WITH NO DATA")
        cursor.execute(f"CREATE TRIGGER on_insert BEFORE INSERT ON probe FOR EACH ROW EXECUTE FUNCTION {function}()")
        cursor.execute(
            f"CREATE TRIGGER on_update BEFORE UPDATE ON probe FOR EACH ROW"
            f" WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION {function}()"
        )

        def passes(sql, *values):
            try:
                with transaction.atomic():
                    cursor.execute(sql.format(column=column), values)
            except IntegrityError:
                return False
            return True

        def put(state):
            cursor.execute("ALTER TABLE probe DISABLE TRIGGER ALL")
            cursor.execute("TRUNCATE probe")
            cursor.execute(f"INSERT INTO probe ({column}) VALUES (%s)", [state])
            cursor.execute("ALTER TABLE probe ENABLE TRIGGER ALL")

        yield put, passes
        cursor.execute("DROP TABLE IF EXISTS probe")


@each_machine
def test_the_database_guards_the_column(machine):
    table, _column, function = names(machine)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = %s::regclass AND p.proname = %s AND t.tgenabled = 'O'",
            [table, function],
        )
        assert cursor.fetchone()[0] == 2


@each_machine
def test_an_object_is_born_in_its_first_state_only(machine, probe):
    _put, passes = probe

    born = {state for state in machine.states if passes("INSERT INTO probe ({column}) VALUES (%s)", state)}

    assert born == {machine.initial}


@each_machine
def test_the_database_allows_the_moves_of_the_table_and_no_other(machine, probe):
    put, passes = probe
    allowed = set()
    for before, after in product(machine.states, repeat=2):
        if before == after:
            continue
        put(before)
        if passes("UPDATE probe SET {column} = %s", after):
            allowed.add((before, after))

    assert allowed == {(a, b) for a, b in machine.moves if a != b}


@each_machine
def test_each_act_is_possible_from_the_states_of_its_rows_and_no_other(machine):
    class Thing:
        pass

    for act, state in product(machine.acts, machine.states):
        thing = Thing()
        setattr(thing, machine.field, state)
        sources = {source for row in machine.rows if row.act == act for source in row.sources}

        assert machine.allows(thing, act) == (state in sources)
        if state not in sources:
            assert [o.code for o in machine.objections(thing, act, at=None)] == ["wrong_state"]


@each_machine
def test_every_state_can_be_reached(machine):
    reached = {machine.initial}
    while more := {b for a, b in machine.moves if a in reached} - reached:
        reached |= more

    assert reached == set(machine.states)


def test_how_many_there_are(capsys):
    pairs = sum(len(m.states) * (len(m.states) - 1) for m in MACHINES)
    acts = sum(len(m.acts) * len(m.states) for m in MACHINES)
    moves = sum(len({move for move in m.moves if move[0] != move[1]}) for m in MACHINES)
    with capsys.disabled():
        print(
            f"\nstates x acts: {len(MACHINES)} machines, {sum(len(m.states) for m in MACHINES)} states,"
            f" {acts} pairs of state and act; {pairs} moves tried in the database, {moves} allowed"
        )

    assert moves < pairs
