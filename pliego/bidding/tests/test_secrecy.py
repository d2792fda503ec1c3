"""Nobody who holds the database, the files and the logs can read an offer before its opening: a planted sentence."""

import logging

import pytest
from django.db import connection

from pliego.bidding import closing
from pliego.bidding.tests import given
from pliego.tendering.tests import given as tenders

SENTENCE = "Frase plantada: el dragon duerme bajo el puente numero 41"
PRICE = "8765432.19"


def everything_in_the_database():
    """Every row of every table as text; bytes also as the text that they hold."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')"
        )
        tables = cursor.fetchall()
        for schema, table in tables:
            cursor.execute(f'SELECT * FROM "{schema}"."{table}"')
            for row in cursor.fetchall():
                for value in row:
                    yield (
                        f"{schema}.{table}",
                        bytes(value) if isinstance(value, memoryview | bytes) else repr(value).encode(),
                    )


def everything_on_the_disk(settings):
    for path in settings.PLIEGO_VAR.rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes()


def found(needle, places):
    """Where it appears, as it is or in the other ways in which text is commonly kept."""
    import base64
    import zlib

    ways = {needle.encode(), needle.encode().hex().encode(), needle.encode("utf-16-le")}
    ways |= {base64.b64encode(needle.encode()[shift:])[2:-4] for shift in range(3)}
    hits = []
    for name, content in places:
        candidates = [content]
        if content[:2] in {b"\x78\x9c", b"\x1f\x8b"}:
            candidates.append(zlib.decompress(content, wbits=47))
        if any(way in candidate for way in ways for candidate in candidates):
            hits.append(name)
    return hits


@pytest.mark.django_db
def test_a_planted_sentence_is_nowhere_before_the_opening_and_is_found_after_it(
    at, settings, caplog, capfd, run_reactions
):
    caplog.set_level(logging.DEBUG)
    tender = given.published_tender(at)
    people = tenders.people_of(tender)
    carla = tenders.supplier(at)
    words = given.pdf(SENTENCE)
    what = given.contents(tender, prices=(PRICE, "1.00"), file=words)
    for contents in what.values():
        contents.answers["1"] = SENTENCE
    given.submitted_bid(tender, carla, what=what)
    run_reactions()
    given.closed_tender(tender)
    given.released_shares(tender, people.ana, people.beto)  # even with the members' shares and no custodian
    run_reactions()

    def logs():
        printed = capfd.readouterr()
        yield "logs", (caplog.text + printed.out + printed.err).encode()

    searched = [*everything_in_the_database(), *everything_on_the_disk(settings), *logs()]
    for secret in (SENTENCE, PRICE):
        assert found(secret, searched) == []
    assert len(searched) > 500, "the search looked at too little to mean anything"

    # the search finds what is there to be found: a public title, and a clear sentence planted in a table and a file
    assert found(tender.title, searched)
    control = "Control: esta frase si se puede leer"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tendering_tender SET returned_reasons = %s WHERE id = %s", [control, tender.pk])
    (settings.PLIEGO_VAR / "control").write_bytes(control.encode())
    again = [*everything_in_the_database(), *everything_on_the_disk(settings)]
    assert found(control, again) == ["public.tendering_tender", str(settings.PLIEGO_VAR / "control")]

    given.released_halves(tender)
    given.opening.open_bids(actor=people.beto, tender_id=tender.pk, at=given.opening_time(tender))

    after = [*everything_in_the_database(), *everything_on_the_disk(settings)]
    places = found(SENTENCE, after)
    assert "public.bidding_envelope" in places
    assert any("blobs" in place for place in places)
    assert found(PRICE, after)
    assert closing.envelopes_to_open(tender) == []
