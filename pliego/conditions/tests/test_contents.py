"""Each condition: what is wrong in it, and what the publication still asks for. No database: plain stand-ins of a
tender, because the rules only read it."""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from pliego.conditions import agreements, lots, mipyme, money, variants, visits
from pliego.conditions.contents import CONDITIONS
from pliego.methods import catalogue


def tender(at, **said):
    kept = said.pop("kept", {})
    schedule = {"enquiries_due": at + timedelta(days=2), "bids_due": at + timedelta(days=4), **said.pop("schedule", {})}
    known = {
        "value_amount": Decimal("40000000"),
        "budget_certificate": "CDP-77",
        "budget_certificate_amount": Decimal("40000000"),
        "funding_source": "own",
        "is_public": False,
        "contract_type": "goods",
        "unspsc_main": "43211500",
        "unspsc_additional": [],
        "state": "draft",
        "published_at": None,
        "buyer": SimpleNamespace(in_siif=False, pci=""),
        "rulebook": catalogue.get("seleccion_abreviada_menor_cuantia", on=at.date()),
        "kept_section": lambda code: kept.get(code, {}),
        "due_at": schedule.get,
        "other_budget": Decimal(0),
    }
    return SimpleNamespace(**{**known, **said})


def wrong(condition, about, **said):
    return [(o.code, o.field) for o in condition.wrong(about, condition.typed(said))]


def lacks(condition, about, at, **said):
    return [(o.code, o.field) for o in condition.rule(about_kept(about, condition, said), at)]


def about_kept(about, condition, said):
    about.kept_section = lambda code: said if code == condition.code else {}
    return about


NONE = SimpleNamespace(values_list=lambda *_named, **_flat: [])  # rows of a table: none


class TestEvery:
    def test_condition_is_optional_until_somebody_writes_in_it(self, at):
        for condition in CONDITIONS:
            asked = condition.code in {
                "guarantees",
                "risks",
                "criteria",
                "shortlist",
            }  # points; the last one says "if any"
            assert bool(list(condition.rule(tender(at), at))) is asked, condition.code
            assert condition.is_kept
            assert condition.edits == "conditions"


class TestVariants:
    @pytest.mark.parametrize(
        ("method", "admit"),
        [
            ("minima_cuantia", True),
            ("licitacion_obra_publica", True),
            ("enajenacion_sobre_cerrado", True),
            ("concurso_meritos_abierto", False),
            ("subasta_inversa", False),
            ("solicitud_informacion", False),
        ],
    )
    def test_are_asked_about_only_where_the_offers_are_awarded_in_one_order(self, at, method, admit):
        about = tender(at, rulebook=catalogue.get(method, on=at.date()), has_bidding=True)

        assert variants.VARIANTS.applies(about) is admit

    def test_say_what_they_must_respect_and_are_not_of_a_process_in_lots(self, at):
        whole, divided = (tender(at, waiting_section=lambda code, n=n: {"lots": [{}] * n}) for n in (0, 2))

        assert lacks(variants.VARIANTS, whole, at, admitted="yes") == [("missing", "terms")]
        assert lacks(variants.VARIANTS, whole, at, admitted="yes", terms="El mismo plazo") == []
        assert lacks(variants.VARIANTS, divided, at, admitted="no") == []
        assert wrong(variants.VARIANTS, divided, admitted="yes") == [("variants_by_lots", "admitted")]

    def test_an_addendum_does_not_divide_a_process_that_admits_them(self, at):
        about = tender(at, is_public=True, lot_numbers=[], lots=SimpleNamespace(filter=lambda **_named: NONE))
        rows = {"lots": [TestLots.A, TestLots.B]}

        for admitted, found in (("yes", [("variants_by_lots", "lots")]), ("no", [])):
            about.waiting_section = lambda code, said=admitted: {"admitted": said}
            assert wrong(lots.LOTS, about, **rows) == found

    def test_count_only_where_they_are_admitted_and_nobody_divided_the_process_since(self, at):
        said = {"kept": {"variants": {"admitted": "yes", "terms": "El mismo plazo"}}, "has_bidding": True}

        assert variants.told(tender(at, lot_numbers=[], **said)) == "El mismo plazo"
        assert variants.told(tender(at, lot_numbers=[1, 2], **said)) == ""
        assert variants.is_admitted(tender(at, lot_numbers=[], has_bidding=True)) is False


class TestLots:
    A, B = {"number": 1, "title": "A", "value": "30000000"}, {"number": 2, "title": "B", "value": "10000000"}

    def test_are_at_least_two_with_different_numbers(self, at):
        assert wrong(lots.LOTS, tender(at), lots=[self.A]) == [("one_lot", "lots-0-title")]
        assert wrong(lots.LOTS, tender(at), lots=[self.A, {**self.B, "number": 1}]) == [
            ("number_twice", "lots-1-number")
        ]
        assert wrong(lots.LOTS, tender(at), lots=[self.A, self.B]) == []

    def test_add_up_to_the_estimated_value_and_the_sentence_has_both_figures(self, at):
        short = {"lots": [self.A, {**self.B, "value": "5000000"}]}

        assert lacks(lots.LOTS, tender(at), at, lots=[self.A, self.B]) == []
        [found] = lots.LOTS.rule(about_kept(tender(at), lots.LOTS, short), at)
        assert found.code == "lots_do_not_add_up"
        assert "35.000.000" in str(found)
        assert "40.000.000" in str(found)
        assert lacks(lots.LOTS, tender(at), at, lots=[self.A, {**self.B, "value": None}])[0] == (
            "missing",
            "lots-1-value",
        )

    @pytest.mark.parametrize(
        ("rules", "found"),
        [
            ({"offered": "any"}, []),
            ({"offered": "some", "most_offered": 2, "most_awarded": 1}, []),
            ({"offered": "some", "most_offered": 3}, [("more_than_the_lots", "most_offered")]),
            ({"most_awarded": 3}, [("more_than_the_lots", "most_awarded")]),
        ],
    )
    def test_for_which_one_may_offer_are_no_more_than_there_are(self, at, rules, found):
        assert wrong(lots.LOTS, tender(at), lots=[self.A, self.B], **rules) == found

    def test_are_not_for_a_method_that_opens_prices_in_one_order(self, at):
        merits = catalogue.get("concurso_meritos_abierto", on=at.date())

        assert wrong(lots.LOTS, tender(at, rulebook=merits), lots=[self.A, self.B]) == [("not_by_lots", "lots")]

    def test_offered_for_some_say_how_many(self, at):
        said = {"lots": [self.A, self.B], "offered": "some"}

        assert lacks(lots.LOTS, tender(at), at, **said) == [("missing", "most_offered")]


class TestMoney:
    OWN, CREDIT = {"source": "own", "amount": "30000000"}, {"source": "credit", "amount": "10000000"}

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ({"destination": "investment"}, ("missing", "bpin")),
            ({"destination": "functioning", "sources": [OWN]}, ("sources_do_not_add_up", "sources")),
            (
                {"destination": "functioning", "sources": [CREDIT, {"source": "other", "amount": "30000000"}]},
                ("main_source_is_not_there", "sources"),
            ),
            ({"sources": [OWN, CREDIT]}, ("missing", "destination")),
        ],
    )
    def test_lacks(self, at, said, found):
        assert lacks(money.MONEY, tender(at), at, **said) == [found]

    def test_is_complete(self, at):
        said = {"destination": "investment", "bpin": "202500000012345", "sources": [self.OWN, self.CREDIT]}

        assert lacks(money.MONEY, tender(at), at, **said) == []

    @pytest.mark.parametrize(
        ("said", "found"),
        [
            ({"bpin": "BPIN-1"}, ("bad_bpin", "bpin")),
            ({"sources": [OWN, OWN]}, ("source_twice", "sources-1-source")),
            ({"certificates": [{"number": "CDP-77", "amount": "1"}]}, ("certificate_twice", "certificates-0-number")),
            (
                {"certificates": [{"number": "2", "amount": "1", "balance": "2"}]},
                ("balance_too_large", "certificates-0-balance"),
            ),
            ({"future_years": [{"year": 2027, "amount": "1"}]}, ("missing", "future_years-0-authorisation")),
        ],
    )
    def test_is_wrong(self, at, said, found):
        assert wrong(money.MONEY, tender(at), **said) == [found]


class TestAgreements:
    def test_say_which_ones_when_there_are(self, at):
        said = {"covered": "yes", "standard": "no", "peace": "no", "ruling_t302": "no"}

        assert lacks(agreements.AGREEMENTS, tender(at), at, **said) == [("missing", "agreements")]
        assert lacks(agreements.AGREEMENTS, tender(at), at, **said, agreements=["korea", "chile"]) == []
        assert wrong(agreements.AGREEMENTS, tender(at), **said, agreements=["mars"]) == [("bad_value", "agreements")]


class TestVisit:
    SAID = {"allowed": "yes", "municipality": "73001", "meeting_point": "Puerta", "mandatory": "no", "contact": "Ana"}

    def held(self, at, **moved):
        return {**self.SAID, "held_at": (at + timedelta(**moved)).isoformat()}

    def test_has_its_hour_before_the_observations_end(self, at):
        assert lacks(visits.VISIT, tender(at), at, **self.SAID) == [("missing", "held_at")]
        assert lacks(visits.VISIT, tender(at), at, **self.held(at, days=1)) == []
        assert lacks(visits.VISIT, tender(at), at, **self.held(at, days=2)) == [("visit_too_late", "held_at")]
        assert lacks(visits.VISIT, tender(at), at, **self.held(at, days=-1)) == [("visit_past", "held_at")]
        assert lacks(visits.VISIT, tender(at), at, allowed="no") == []

    def test_takes_its_hour_from_the_schedule_where_that_has_it(self, at):
        dated = tender(at, schedule={"site_visit": at + timedelta(days=1)})

        assert lacks(visits.VISIT, dated, at, **self.SAID) == []
        assert lacks(visits.VISIT, dated, at, **self.held(at, hours=5)) == [("visit_twice", "held_at")]

    def test_is_in_the_agenda_unless_the_schedule_has_it(self, at):
        said = visits.VISIT.typed(self.held(at, days=1))

        assert [moment[2] for moment in visits.VISIT.dates(tender(at), said)] == [at + timedelta(days=1)]
        dated = tender(at, schedule={"site_visit": at + timedelta(days=1)})
        assert list(visits.VISIT.dates(dated, said)) == []


class TestMipyme:
    @pytest.mark.parametrize(
        ("requests", "value", "expected"),
        [(1, "40000000", False), (2, "40000000", True), (3, "511708496", True), (2, "511708497", False)],
    )
    def test_must_be_declared_with_enough_requests_below_the_limit(self, at, requests, value, expected):
        about = tender(at, value_amount=Decimal(value), limitation_requests=SimpleNamespace(count=lambda: requests))

        assert mipyme.must_be_limited(about, at) is expected

    def test_stops_the_next_stage_where_the_method_says_that_it_is_no_advice(self, at):
        two = SimpleNamespace(count=lambda: 2)
        soft = tender(at, limitation_requests=two)
        rule = replace(soft.rulebook.mipyme_limitation, advice=False)
        hard = tender(at, limitation_requests=two, rulebook=replace(soft.rulebook, mipyme_limitation=rule))

        assert list(mipyme.stops_the_stage(soft, at)) == []
        assert [o.code for o in mipyme.stops_the_stage(hard, at)] == ["limitation_not_declared"]
        declared = about_kept(hard, mipyme.MIPYME, {"limited": "national"})
        assert list(mipyme.stops_the_stage(declared, at)) == []

    def test_says_of_which_place(self, at):
        assert lacks(mipyme.MIPYME, tender(at), at, limited="territorial") == [
            ("missing", "place"),
            ("missing", "reach"),
        ]
        assert lacks(mipyme.MIPYME, tender(at), at, limited="national") == []
        large = tender(at, value_amount=Decimal("600000000"))
        assert lacks(mipyme.MIPYME, large, at, limited="national") == [("too_large_to_limit", "limited")]

    def test_is_not_asked_for_by_a_large_company_nor_without_its_word(self):
        assert [o.code for o in mipyme.is_no_mipyme("large", True)] == ["not_a_mipyme"]
        assert [o.field for o in mipyme.is_no_mipyme("", False)] == ["declares"]
        assert list(mipyme.is_no_mipyme("small", True)) == []
