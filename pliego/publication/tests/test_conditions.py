"""What everybody reads of the conditions of a process: its page, its agenda and calendar, its release, its version."""

from datetime import timedelta

import pytest

from pliego.conditions.tests.given import divide
from pliego.publication.native import ocds, page
from pliego.publication.native.reading import known
from pliego.tendering import services
from pliego.tendering.tests import given

CONDITIONS = {
    "lots": {
        "lots": [
            {"number": 1, "title": "Portátiles", "value": "30000000", "place": "73001"},
            {"number": 2, "title": "Monitores", "value": "10000000"},
        ],
        "offered": "one",
        "most_awarded": 1,
    },
    "agreements": {"covered": "yes", "agreements": ["korea"], "standard": "no", "peace": "no", "ruling_t302": "no"},
    "visit": {
        "allowed": "yes",
        "municipality": "73001",
        "meeting_point": "Puerta",
        "mandatory": "no",
        "contact": "Ana",
    },
}


@pytest.fixture
def published(db, at):
    house = given.buyer(at)
    draft = given.draft_tender(at, house, method="seleccion_abreviada_menor_cuantia")
    CONDITIONS["visit"]["held_at"] = (at + timedelta(days=1)).isoformat()
    for part, content in CONDITIONS.items():
        services.save_section(actor=house.ana, tender_id=draft.pk, part=part, content=content, at=at)
    divide(draft, at, **CONDITIONS["lots"])
    services.submit_for_approval(actor=house.ana, tender_id=draft.pk, at=at)
    return services.publish_tender(actor=given.signed(house.beto, at), tender_id=draft.pk, at=at)


class TestWhatEverybodyReads:
    def test_is_on_the_page_in_the_agenda_in_the_calendar_and_in_the_release(self, published, at, client_for):
        found = known(published.ocid)
        text = client_for().get(f"/procesos/{published.code}/").content.decode()

        for words in ("Portátiles", "$\N{NO-BREAK SPACE}30.000.000", "Ibagué, Tolima", "Corea (Ley 1747 de 2014)"):
            assert words in text
        assert "Visita al lugar" in {str(line.title) for line in found.agenda(at)}
        assert "UID:visit." in page.calendar(found)
        release = ocds.release(found, release_id="1", tag="tender", at=at)
        assert [(lot["id"], lot["title"], lot["value"]["amount"]) for lot in release["tender"]["lots"]] == [
            ("1", "Portátiles", 30_000_000),
            ("2", "Monitores", 10_000_000),
        ]
        limits = {"maximumLotsBidPerSupplier": 1, "maximumLotsAwardedPerSupplier": 1}
        assert release["tender"]["lotDetails"] == limits
        assert [item["relatedLot"] for item in release["tender"]["items"]] == ["1", "2"]
        snapshot = published.versions.get().snapshot
        assert [lot["number"] for lot in snapshot["conditions"]["lots"]["lots"]] == [1, 2]


def test_a_standard_document_is_told_with_its_version_and_its_act():
    from types import SimpleNamespace

    from pliego.methods import standards
    from pliego.publication.native import sections

    known = SimpleNamespace(standard=standards.get("obra_publica_transporte/4"))

    assert sections._standard(known) == (
        "Licitación de obra pública de infraestructura de transporte, versión 4",
        "Resolución 465 de 2024 de Colombia Compra Eficiente",
    )
    assert ocds._standard(known) == [
        {
            "id": "obra_publica_transporte/4",
            "documentType": "biddingDocuments",
            "title": "Licitación de obra pública de infraestructura de transporte, versión 4",
            "description": "Resolución 465 de 2024 de Colombia Compra Eficiente",
            "dateModified": "2024-09-10T00:00:00-05:00",
        }
    ]
    assert ocds._standard(SimpleNamespace(standard=None)) == []
