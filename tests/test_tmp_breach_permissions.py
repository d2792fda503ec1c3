import pytest
from tests.routes import all_routes
from tests.routes_world import World
from tests.test_permissions import observed, write
@pytest.mark.django_db
def test_it(at, capsys):
    from django.db import connection
    with connection.cursor() as c: c.execute("SET idle_in_transaction_session_timeout = 0")
    world = World(at)
    mine = [r for r in all_routes() if any(w in r[0] for w in ("incumplimientos", "/breaches", "compliance-calls", "sanciones", "/sanctions", "garantes/"))]
    answers = observed(world, mine)
    write({key: {n: v for n, (v, _s) in row.items()} for key, row in answers.items()})
    with capsys.disabled():
        for key, row in answers.items():
            print(key, {n: f"{v}{s}" for n, (v, s) in row.items()})
