"""Every method against dates and terms written by hand: bridge holidays, the end of the year and Holy Week 2026.

The days were counted on a paper calendar. Not business days among them: Monday 23 March (San José), Thursday 2 and
Friday 3 April (Holy Week), Friday 1 May, 25 December 2026, 1 and 11 January 2027; and at the end of the year before,
Thursday 25 December 2025, Thursday 1 and Monday 12 January 2026.
"""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pliego.kernel.calendar import BOGOTA, calendar
from pliego.methods import catalogue, schedule, terms
from pliego.methods.law import Method

BRIDGE, HOLY_WEEK, YEAR_END = "2026-03-19 15:00", "2026-03-26 10:00", "2026-12-18 09:00"
LAST_YEAR_END = "2025-12-18 09:00"
STARTS = (BRIDGE, HOLY_WEEK, LAST_YEAR_END)  # every method has its row of each; some have that of the next year end too


def bogota(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


# fmt: off
# Method, start, and the day of each required milestone after the publication.
DATES = [
    # observations, Mipyme, opening act, risks, questions, amendments, closing, opening, report, traslado, award,
    # contract
    ("licitacion_publica", BRIDGE,
     "2026-04-07 2026-03-26 2026-04-08 2026-04-10 2026-04-13 2026-04-15 2026-04-20 2026-04-20 2026-04-23 2026-04-30 "
     "2026-05-04 2026-05-04"),
    ("licitacion_publica", HOLY_WEEK,
     "2026-04-13 2026-04-01 2026-04-14 2026-04-16 2026-04-17 2026-04-21 2026-04-24 2026-04-24 2026-04-29 2026-05-07 "
     "2026-05-08 2026-05-08"),
    ("licitacion_publica", YEAR_END,
     "2027-01-05 2026-12-24 2027-01-06 2027-01-08 2027-01-12 2027-01-14 2027-01-19 2027-01-19 2027-01-22 2027-01-29 "
     "2027-02-01 2027-02-01"),
    ("licitacion_publica", LAST_YEAR_END,
     "2026-01-05 2025-12-24 2026-01-06 2026-01-08 2026-01-09 2026-01-14 2026-01-19 2026-01-19 2026-01-22 2026-01-29 "
     "2026-01-30 2026-01-30"),
    ("licitacion_obra_publica", YEAR_END,
     "2027-01-05 2026-12-24 2027-01-06 2027-01-08 2027-01-12 2027-01-14 2027-01-19 2027-01-19 2027-01-22 2027-01-29 "
     "2027-02-01 2027-02-01"),
    ("licitacion_obra_publica", BRIDGE,
     "2026-04-07 2026-03-26 2026-04-08 2026-04-10 2026-04-13 2026-04-15 2026-04-20 2026-04-20 2026-04-23 2026-04-30 "
     "2026-05-04 2026-05-04"),
    ("licitacion_obra_publica", HOLY_WEEK,
     "2026-04-13 2026-04-01 2026-04-14 2026-04-16 2026-04-17 2026-04-21 2026-04-24 2026-04-24 2026-04-29 2026-05-07 "
     "2026-05-08 2026-05-08"),
    ("licitacion_obra_publica", LAST_YEAR_END,
     "2026-01-05 2025-12-24 2026-01-06 2026-01-08 2026-01-09 2026-01-14 2026-01-19 2026-01-19 2026-01-22 2026-01-29 "
     "2026-01-30 2026-01-30"),
    ("licitacion_acuerdo_marco", BRIDGE,
     "2026-04-07 2026-03-26 2026-04-08 2026-04-10 2026-04-13 2026-04-15 2026-04-20 2026-04-20 2026-04-23 2026-04-30 "
     "2026-05-04 2026-05-04"),
    ("licitacion_acuerdo_marco", HOLY_WEEK,
     "2026-04-13 2026-04-01 2026-04-14 2026-04-16 2026-04-17 2026-04-21 2026-04-24 2026-04-24 2026-04-29 2026-05-07 "
     "2026-05-08 2026-05-08"),
    ("licitacion_acuerdo_marco", LAST_YEAR_END,
     "2026-01-05 2025-12-24 2026-01-06 2026-01-08 2026-01-09 2026-01-14 2026-01-19 2026-01-19 2026-01-22 2026-01-29 "
     "2026-01-30 2026-01-30"),
    # observations, Mipyme, opening act, interest, offers begin, questions, amendments, closing, opening, report,
    # traslado, award, contract
    ("seleccion_abreviada_menor_cuantia", BRIDGE,
     "2026-03-27 2026-03-26 2026-03-30 2026-03-31 2026-04-01 2026-04-06 2026-04-07 2026-04-08 2026-04-08 2026-04-10 "
     "2026-04-15 2026-04-16 2026-04-16"),
    ("seleccion_abreviada_menor_cuantia", HOLY_WEEK,
     "2026-04-06 2026-04-01 2026-04-07 2026-04-08 2026-04-09 2026-04-10 2026-04-13 2026-04-14 2026-04-14 2026-04-16 "
     "2026-04-21 2026-04-22 2026-04-22"),
    ("seleccion_abreviada_menor_cuantia", YEAR_END,
     "2026-12-28 2026-12-24 2026-12-29 2026-12-30 2026-12-31 2027-01-04 2027-01-05 2027-01-06 2027-01-06 2027-01-08 "
     "2027-01-14 2027-01-15 2027-01-15"),
    ("seleccion_abreviada_menor_cuantia", LAST_YEAR_END,
     "2025-12-26 2025-12-24 2025-12-29 2025-12-30 2025-12-31 2026-01-02 2026-01-05 2026-01-06 2026-01-06 2026-01-08 "
     "2026-01-14 2026-01-15 2026-01-15"),
    # observations, Mipyme, opening act, questions, amendments, closing, opening, report, traslado, award, contract
    ("seleccion_abreviada_menor_cuantia_sin_manifestacion", BRIDGE,
     "2026-03-27 2026-03-26 2026-03-30 2026-03-31 2026-04-01 2026-04-06 2026-04-06 2026-04-08 2026-04-13 2026-04-14 "
     "2026-04-14"),
    ("seleccion_abreviada_menor_cuantia_sin_manifestacion", YEAR_END,
     "2026-12-28 2026-12-24 2026-12-29 2026-12-30 2026-12-31 2027-01-04 2027-01-04 2027-01-06 2027-01-12 2027-01-13 "
     "2027-01-13"),
    ("seleccion_abreviada_menor_cuantia_sin_manifestacion", HOLY_WEEK,
     "2026-04-06 2026-04-01 2026-04-07 2026-04-08 2026-04-09 2026-04-10 2026-04-10 2026-04-14 2026-04-17 2026-04-20 "
     "2026-04-20"),
    ("seleccion_abreviada_menor_cuantia_sin_manifestacion", LAST_YEAR_END,
     "2025-12-26 2025-12-24 2025-12-29 2025-12-30 2025-12-31 2026-01-02 2026-01-02 2026-01-06 2026-01-09 2026-01-13 "
     "2026-01-13"),
    # … traslado, auction, award, contract
    ("subasta_inversa", HOLY_WEEK,
     "2026-04-06 2026-04-01 2026-04-07 2026-04-08 2026-04-09 2026-04-10 2026-04-10 2026-04-14 2026-04-17 2026-04-20 "
     "2026-04-21 2026-04-21"),
    ("subasta_inversa", YEAR_END,
     "2026-12-28 2026-12-24 2026-12-29 2026-12-30 2026-12-31 2027-01-04 2027-01-04 2027-01-06 2027-01-12 2027-01-13 "
     "2027-01-14 2027-01-14"),
    ("subasta_inversa", BRIDGE,
     "2026-03-27 2026-03-26 2026-03-30 2026-03-31 2026-04-01 2026-04-06 2026-04-06 2026-04-08 2026-04-13 2026-04-14 "
     "2026-04-15 2026-04-15"),
    ("subasta_inversa", LAST_YEAR_END,
     "2025-12-26 2025-12-24 2025-12-29 2025-12-30 2025-12-31 2026-01-02 2026-01-02 2026-01-06 2026-01-09 2026-01-13 "
     "2026-01-14 2026-01-14"),
    # … traslado, price, award, contract
    ("concurso_meritos_abierto", BRIDGE,
     "2026-03-27 2026-03-26 2026-03-30 2026-03-31 2026-04-01 2026-04-06 2026-04-06 2026-04-08 2026-04-13 2026-04-14 "
     "2026-04-15 2026-04-15"),
    ("concurso_meritos_abierto", HOLY_WEEK,
     "2026-04-06 2026-04-01 2026-04-07 2026-04-08 2026-04-09 2026-04-10 2026-04-10 2026-04-14 2026-04-17 2026-04-20 "
     "2026-04-21 2026-04-21"),
    ("concurso_meritos_abierto", LAST_YEAR_END,
     "2025-12-26 2025-12-24 2025-12-29 2025-12-30 2025-12-31 2026-01-02 2026-01-02 2026-01-06 2026-01-09 2026-01-13 "
     "2026-01-14 2026-01-14"),
    # applications, report, hearing, draft, observations, Mipyme, opening act, questions, amendments, closing, opening,
    # report, traslado, price, award, contract
    ("concurso_meritos_precalificacion", HOLY_WEEK,
     "2026-03-31 2026-04-06 2026-04-08 2026-04-09 2026-04-16 2026-04-15 2026-04-17 2026-04-20 2026-04-21 2026-04-22 "
     "2026-04-22 2026-04-24 2026-04-29 2026-04-30 2026-05-04 2026-05-04"),
    ("concurso_meritos_precalificacion", YEAR_END,
     "2026-12-23 2026-12-28 2026-12-30 2026-12-31 2027-01-08 2027-01-07 2027-01-12 2027-01-13 2027-01-14 2027-01-15 "
     "2027-01-15 2027-01-19 2027-01-22 2027-01-25 2027-01-26 2027-01-26"),
    ("concurso_meritos_precalificacion", BRIDGE,
     "2026-03-25 2026-03-27 2026-03-31 2026-04-01 2026-04-10 2026-04-09 2026-04-13 2026-04-14 2026-04-15 2026-04-16 "
     "2026-04-16 2026-04-20 2026-04-23 2026-04-24 2026-04-27 2026-04-27"),
    ("concurso_meritos_precalificacion", LAST_YEAR_END,
     "2025-12-23 2025-12-26 2025-12-30 2025-12-31 2026-01-08 2026-01-07 2026-01-09 2026-01-13 2026-01-14 2026-01-15 "
     "2026-01-15 2026-01-19 2026-01-22 2026-01-23 2026-01-26 2026-01-26"),
    # questions, amendments, closing, opening, report, observations, acceptance, contract
    ("minima_cuantia", YEAR_END,
     "2026-12-21 2026-12-21 2026-12-22 2026-12-22 2026-12-23 2026-12-24 2026-12-28 2026-12-28"),
    ("minima_cuantia", BRIDGE,
     "2026-03-20 2026-03-20 2026-03-24 2026-03-24 2026-03-25 2026-03-26 2026-03-27 2026-03-27"),
    ("minima_cuantia", HOLY_WEEK,
     "2026-03-27 2026-03-27 2026-03-30 2026-03-30 2026-03-31 2026-04-01 2026-04-06 2026-04-06"),
    ("minima_cuantia", LAST_YEAR_END,
     "2025-12-19 2025-12-19 2025-12-22 2025-12-22 2025-12-23 2025-12-24 2025-12-26 2025-12-26"),
    ("contratacion_directa", BRIDGE, "2026-03-19 2026-03-19"),
    ("contratacion_directa", HOLY_WEEK, "2026-03-26 2026-03-26"),
    ("contratacion_directa", LAST_YEAR_END, "2025-12-18 2025-12-18"),
    ("contratacion_directa_con_ofertas", HOLY_WEEK,
     "2026-03-27 2026-03-27 2026-03-30 2026-03-30 2026-04-01 2026-04-01 2026-04-06 2026-04-06"),
    ("contratacion_directa_con_ofertas", BRIDGE,
     "2026-03-20 2026-03-20 2026-03-24 2026-03-24 2026-03-26 2026-03-26 2026-03-27 2026-03-27"),
    ("contratacion_directa_con_ofertas", LAST_YEAR_END,
     "2025-12-19 2025-12-19 2025-12-22 2025-12-22 2025-12-24 2025-12-24 2025-12-26 2025-12-26"),
    ("regimen_especial", YEAR_END, "2026-12-18 2026-12-18"),
    ("regimen_especial", BRIDGE, "2026-03-19 2026-03-19"),
    ("regimen_especial", HOLY_WEEK, "2026-03-26 2026-03-26"),
    ("regimen_especial", LAST_YEAR_END, "2025-12-18 2025-12-18"),
    ("regimen_especial_con_ofertas", BRIDGE,
     "2026-03-20 2026-03-20 2026-03-24 2026-03-24 2026-03-26 2026-03-26 2026-03-27 2026-03-27"),
    ("regimen_especial_con_ofertas", HOLY_WEEK,
     "2026-03-27 2026-03-27 2026-03-30 2026-03-30 2026-04-01 2026-04-01 2026-04-06 2026-04-06"),
    ("regimen_especial_con_ofertas", LAST_YEAR_END,
     "2025-12-19 2025-12-19 2025-12-22 2025-12-22 2025-12-24 2025-12-24 2025-12-26 2025-12-26"),
    # observations, opening act, questions, amendments, closing, opening, report, traslado, (auction,) award, contract
    ("enajenacion_sobre_cerrado", BRIDGE,
     "2026-03-27 2026-03-27 2026-03-30 2026-03-31 2026-04-01 2026-04-01 2026-04-07 2026-04-07 2026-04-08 2026-04-08"),
    ("enajenacion_sobre_cerrado", HOLY_WEEK,
     "2026-04-06 2026-04-06 2026-04-07 2026-04-08 2026-04-09 2026-04-09 2026-04-13 2026-04-13 2026-04-14 2026-04-14"),
    ("enajenacion_sobre_cerrado", LAST_YEAR_END,
     "2025-12-26 2025-12-26 2025-12-29 2025-12-30 2025-12-31 2025-12-31 2026-01-05 2026-01-05 2026-01-06 2026-01-06"),
    ("enajenacion_subasta", YEAR_END,
     "2026-12-28 2026-12-28 2026-12-29 2026-12-30 2026-12-31 2026-12-31 2027-01-05 2027-01-05 2027-01-06 2027-01-07 "
     "2027-01-07"),
    ("enajenacion_subasta", BRIDGE,
     "2026-03-27 2026-03-27 2026-03-30 2026-03-31 2026-04-01 2026-04-01 2026-04-07 2026-04-07 2026-04-08 2026-04-09 "
     "2026-04-09"),
    ("enajenacion_subasta", HOLY_WEEK,
     "2026-04-06 2026-04-06 2026-04-07 2026-04-08 2026-04-09 2026-04-09 2026-04-13 2026-04-13 2026-04-14 2026-04-15 "
     "2026-04-15"),
    ("enajenacion_subasta", LAST_YEAR_END,
     "2025-12-26 2025-12-26 2025-12-29 2025-12-30 2025-12-31 2025-12-31 2026-01-05 2026-01-05 2026-01-06 2026-01-07 "
     "2026-01-07"),
    # questions, amendments, answers due, opening
    ("solicitud_informacion", HOLY_WEEK, "2026-03-27 2026-03-27 2026-03-30 2026-03-30"),
    ("solicitud_informacion", BRIDGE, "2026-03-20 2026-03-20 2026-03-24 2026-03-24"),
    ("solicitud_informacion", LAST_YEAR_END, "2025-12-19 2025-12-19 2025-12-22 2025-12-22"),
    # what happens elsewhere has no terms here
    ("publicacion_app", BRIDGE, ""),
    ("publicacion_app", HOLY_WEEK, ""),
    ("publicacion_app", LAST_YEAR_END, ""),
    ("publicacion_multiparte", HOLY_WEEK, ""),
    ("publicacion_multiparte", BRIDGE, ""),
    ("publicacion_multiparte", LAST_YEAR_END, ""),
    ("publicacion_concurso_arquitectura", YEAR_END, ""),
    ("publicacion_concurso_arquitectura", BRIDGE, ""),
    ("publicacion_concurso_arquitectura", HOLY_WEEK, ""),
    ("publicacion_concurso_arquitectura", LAST_YEAR_END, ""),
]

DRAFT, ACT = "2.2.1.1.2.1.4", "2.2.1.1.2.1.5"
SHORT_DRAFT = (
    ("invitation_published", "draft_observations_due", 5, DRAFT),
    ("invitation_published", "selection_opened", 6, ACT),
    ("mipyme_requests_due", "selection_opened", 1, "2.2.1.2.4.2.2"),
)
LAST_DAY = (("amendments_due", "bids_due", 1, "2.2.1.1.2.2.1"),)
TENDER = (
    ("invitation_published", "draft_observations_due", 10, DRAFT),
    ("invitation_published", "selection_opened", 11, ACT),
    ("mipyme_requests_due", "selection_opened", 1, "2.2.1.2.4.2.2"),
    ("amendments_due", "bids_due", 3, "art. 30, num. 5 (Ley 1474 de 2011, art. 89)"),
    ("report_published", "observations_due", 5, "art. 30, num. 8"),
    ("observations_due", "award", 1, "2.2.1.2.1.1.2"),
)
# The minimums of the law in business days: start, end, days, article.
MINIMUMS = {
    "licitacion_publica": TENDER,
    "licitacion_obra_publica": TENDER,
    "licitacion_acuerdo_marco": TENDER,
    "seleccion_abreviada_menor_cuantia": (
        *SHORT_DRAFT, *LAST_DAY, ("report_published", "observations_due", 3, "2.2.1.2.1.2.20, num. 4")),
    "seleccion_abreviada_menor_cuantia_sin_manifestacion": (
        *SHORT_DRAFT, *LAST_DAY, ("report_published", "observations_due", 3, "2.2.1.2.1.2.20, num. 4")),
    "subasta_inversa": (*SHORT_DRAFT, *LAST_DAY, ("observations_due", "auction", 1, "2.2.1.2.1.2.2")),
    "concurso_meritos_abierto": (
        *SHORT_DRAFT, *LAST_DAY, ("report_published", "observations_due", 3, "2.2.1.2.1.3.2, num. 2")),
    "concurso_meritos_precalificacion": (
        ("draft_published", "draft_observations_due", 5, DRAFT), ("draft_published", "selection_opened", 6, ACT),
        *LAST_DAY, ("report_published", "observations_due", 3, "2.2.1.2.1.3.2, num. 2")),
    "minima_cuantia": (
        ("invitation_published", "enquiries_due", 1, "2.2.1.2.1.5.2, num. 1"),
        ("enquiries_due", "bids_due", 1, "2.2.1.2.1.5.2, num. 4"),
        *LAST_DAY, ("report_published", "observations_due", 1, "2.2.1.2.1.5.2, num. 6")),
    "contratacion_directa_con_ofertas": LAST_DAY,
    "regimen_especial_con_ofertas": LAST_DAY,
    "enajenacion_sobre_cerrado": LAST_DAY,
    "enajenacion_subasta": LAST_DAY,
    "solicitud_informacion": LAST_DAY,
    # nothing but the order of things
    "contratacion_directa": (),
    "regimen_especial": (),
    "publicacion_app": (),
    "publicacion_multiparte": (),
    "publicacion_concurso_arquitectura": (),
}
# fmt: on
NEWEST = {method.code: method for method in catalogue.every() if method.in_force_until is None}
ROWS = [(code, *row) for code, rows in MINIMUMS.items() for row in rows]


def one(code: str) -> Method:
    return NEWEST[code]


class TestDates:
    @pytest.mark.parametrize("row", DATES, ids=lambda row: f"{row[0]} {row[1][:10]}")
    def test_are_those_computed_by_hand(self, row):
        code, start, days = row

        proposed = schedule.propose(one(code), bogota(start))

        found = [f"{calendar.day_of(at)}" for milestone, at in proposed.items() if milestone != "invitation_published"]
        assert found == days.split()

    def test_there_are_some_for_every_method_at_each_start(self):
        wanted = {(code, start) for code in NEWEST for start in STARTS}

        assert wanted <= {row[:2] for row in DATES}
        assert set(NEWEST) == set(MINIMUMS)


class TestMinimums:
    @pytest.mark.parametrize("start", [*STARTS, YEAR_END])
    @pytest.mark.parametrize("code", NEWEST)
    def test_the_earliest_legal_schedule_is_accepted(self, code, start):
        at = bogota(start)

        assert schedule.objections(one(code), schedule.propose(one(code), at), at) == []

    @pytest.mark.parametrize("start", [*STARTS, YEAR_END])
    @pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(map(str, row[:3])))
    def test_one_business_day_less_is_refused_with_the_article(self, row, start):
        code, first, last, days, article = row
        method, at = one(code), bogota(start)
        proposed = schedule.propose(method, at)
        from_day, hour = calendar.day_of(proposed[first]), proposed[first].astimezone(BOGOTA).timetz()
        exact, less = (datetime.combine(calendar.add(from_day, n), hour) for n in (days, days - 1))

        def told(end: datetime) -> list[str]:
            found = schedule.objections(method, proposed | {last: end}, at)
            return [o.legal_basis for o in found if o.field == last and o.code.endswith("_too_soon")]

        assert not any(article in basis for basis in told(exact))
        assert any(article in basis for basis in told(less))

    @pytest.mark.parametrize("code", [code for code, rows in MINIMUMS.items() if not rows])
    def test_without_terms_the_order_is_still_law(self, code):
        method, at = one(code), bogota(BRIDGE)
        last = method.milestones[-1].code

        found = schedule.objections(method, schedule.propose(method, at) | {last: at - terms.INSTANT}, at)

        assert [o.field for o in found] == [last]
        assert "art" in found[0].legal_basis

    def test_these_are_all_the_minimums_that_the_files_have(self):
        written = {
            code: sorted(
                (p.start, p.end, p.at_least_business_days)
                for p in method.periods
                if p.at_least_business_days and not p.advice
            )
            for code, method in NEWEST.items()
        }
        missing = {
            code: sorted(set(rows) - {row[:3] for row in MINIMUMS[code]})
            for code, rows in written.items()
            if set(rows) - {row[:3] for row in MINIMUMS[code]}
        }

        assert missing == {
            # the draw, which only some processes have: see TestDraw
            "seleccion_abreviada_menor_cuantia": [("draw_held", "offers_opened", 1)],
            # those of the open contest, from a publication that here is always earlier than that of the draft
            "concurso_meritos_precalificacion": [row[:3] for row in sorted(SHORT_DRAFT)],
        }


class TestCeilings:
    def test_interest_is_expressed_within_three_business_days(self):
        method, at = one("seleccion_abreviada_menor_cuantia"), bogota(BRIDGE)
        proposed = schedule.propose(method, at)  # opened on Monday 30 March: three days later is Monday 6 April
        later = {code: due + timedelta(days=28) for code, due in proposed.items() if due > proposed["interest_due"]}

        def told(due: str) -> list[str]:
            found = schedule.objections(method, proposed | later | {"interest_due": bogota(due)}, at)
            return [o.legal_basis for o in found if o.field == "interest_due"]

        assert told("2026-04-06 23:59") == []
        assert told("2026-04-07 00:01") == ["Decreto 1082 de 2015, art. 2.2.1.2.1.2.20, num. 1"]

    def test_risks_are_assigned_within_three_business_days(self):
        method, at = one("licitacion_publica"), bogota(BRIDGE)
        proposed = schedule.propose(method, at)  # opened on Wednesday 8 April

        found = schedule.objections(method, proposed | {"risk_hearing": bogota("2026-04-14 10:00")}, at)

        assert [(o.code, o.legal_basis) for o in found] == [
            ("risk_hearing_too_late", "Ley 80 de 1993, art. 30, num. 4; Ley 1150 de 2007, art. 4")
        ]

    @pytest.mark.parametrize(
        ("day", "code"),
        [("2026-03-28", []), ("2026-03-19", []), ("2026-03-30", ["selection_opened_too_soon"])],
    )
    def test_the_notices_come_ten_to_twenty_calendar_days_before_the_opening(self, day, code):
        method, at = one("licitacion_publica"), bogota(BRIDGE)
        noticed = schedule.propose(method, at) | {"notice_first": bogota(f"{day} 16:00")}

        assert [o.code for o in schedule.objections(method, noticed, at)] == code


class TestDraw:
    def test_offers_begin_the_business_day_after_it(self):
        method, at = one("seleccion_abreviada_menor_cuantia"), bogota(BRIDGE)
        proposed = schedule.propose(method, at)  # interest until Tuesday 31 March
        same_day = proposed | {"draw_held": bogota("2026-04-01 08:00"), "offers_opened": bogota("2026-04-01 09:00")}

        found = schedule.objections(method, same_day, at)

        assert [(o.code, o.legal_basis[-6:]) for o in found] == [("offers_opened_too_soon", "num. 3")]
        assert calendar.day_of(found[0].earliest or at).isoformat() == "2026-04-06"


# Method, the last minute of its window of amendments, and the first one outside, for a publication at the bridge.
WINDOWS = [
    # three business days before Monday 20 April at 16:00
    ("licitacion_publica", "2026-04-15 15:59", "2026-04-15 16:00"),
    ("licitacion_obra_publica", "2026-04-15 15:59", "2026-04-15 16:00"),
    # one business day before
    ("seleccion_abreviada_menor_cuantia", "2026-04-07 15:59", "2026-04-07 16:00"),
    ("subasta_inversa", "2026-04-01 15:59", "2026-04-01 16:00"),
    ("concurso_meritos_abierto", "2026-04-01 15:59", "2026-04-01 16:00"),
    ("minima_cuantia", "2026-03-20 15:59", "2026-03-20 16:00"),
    ("regimen_especial_con_ofertas", "2026-03-20 15:59", "2026-03-20 16:00"),
    ("licitacion_acuerdo_marco", "2026-04-15 15:59", "2026-04-15 16:00"),
    ("seleccion_abreviada_menor_cuantia_sin_manifestacion", "2026-04-01 15:59", "2026-04-01 16:00"),
    ("concurso_meritos_precalificacion", "2026-04-15 15:59", "2026-04-15 16:00"),
    ("contratacion_directa_con_ofertas", "2026-03-20 15:59", "2026-03-20 16:00"),
    ("enajenacion_sobre_cerrado", "2026-03-31 15:59", "2026-03-31 16:00"),
    ("enajenacion_subasta", "2026-03-31 15:59", "2026-03-31 16:00"),
    ("solicitud_informacion", "2026-03-20 15:59", "2026-03-20 16:00"),
]


class TestAmendments:
    def test_have_a_window_in_every_method_but_those_that_have_none(self):
        assert {row[0] for row in WINDOWS} == {code for code, method in NEWEST.items() if method.amendments}

    @pytest.mark.parametrize(("code", "inside", "outside"), WINDOWS)
    def test_are_published_one_minute_inside_their_window_and_not_outside(self, code, inside, outside):
        method = one(code)
        proposed = schedule.propose(method, bogota(BRIDGE))

        found = [
            [o.code for o in schedule.amendment_objections(method, proposed, bogota(at).astimezone(zone))]
            for at in (inside, outside)
            for zone in (BOGOTA, UTC, timezone(timedelta(hours=-9)))
        ]

        assert found == [[]] * 3 + [["too_late"]] * 3

    @pytest.mark.parametrize(
        ("at", "told"), [("06:59", ["outside_hours"]), ("07:00", []), ("19:00", []), ("19:01", ["outside_hours"])]
    )
    def test_are_published_between_seven_and_nineteen(self, at, told):
        method = one("licitacion_publica")
        proposed = schedule.propose(method, bogota(BRIDGE))

        assert [o.code for o in schedule.amendment_objections(method, proposed, bogota(f"2026-04-09 {at}"))] == told

    def test_do_not_even_extend_the_term_inside_the_last_three_days_of_a_tender(self):
        method = one("licitacion_publica")
        before = schedule.propose(method, bogota(BRIDGE))
        after = before | {"bids_due": before["bids_due"] + timedelta(days=1)}

        found = schedule.change_objections(
            method, before, after, bogota("2026-04-16 10:00"), published_at=before["invitation_published"]
        )

        assert ("milestone_fixed", "bids_due") in {(o.code, o.field) for o in found}


class TestExtension:
    """The term of a tender opened on Wednesday 8 April ends on Monday 20: eight business days, so four more at most."""

    def told(self, day: str, before: dict[str, datetime] | None = None) -> list[str]:
        method = one("licitacion_publica")
        first = schedule.propose(method, bogota(BRIDGE))
        moved = {c: due + timedelta(days=30) for c, due in first.items() if due > first["bids_due"]}
        found = schedule.change_objections(
            method,
            before or first,
            first | moved | {"bids_due": bogota(f"{day} 16:00")},
            bogota("2026-04-09 10:00"),
            published_at=first["invitation_published"],
            first=first,
        )
        return [o.legal_basis for o in found if o.code == "bids_due_extended_too_much"]

    def test_is_at_most_half_of_the_term(self):
        assert (self.told("2026-04-24"), self.told("2026-04-27")) == ([], ["Ley 80 de 1993, art. 30, num. 5"])

    def test_is_measured_on_the_first_term_however_often_it_is_extended(self):
        once = schedule.propose(one("licitacion_publica"), bogota(BRIDGE)) | {"bids_due": bogota("2026-04-24 16:00")}

        assert self.told("2026-04-27", before=once) != []


class TestZones:
    @pytest.mark.parametrize("code", [code for code, rows in MINIMUMS.items() if rows])
    def test_one_instant_written_in_three_zones_gives_one_decision(self, code):
        method, at = one(code), bogota(YEAR_END)
        hurried = schedule.propose(method, at) | {"bids_due": bogota("2026-12-21 23:30")}

        found = [
            schedule.objections(method, {c: due.astimezone(zone) for c, due in hurried.items()}, at.astimezone(zone))
            for zone in (BOGOTA, UTC, timezone(timedelta(hours=9)))
        ]

        assert found[0] == found[1] == found[2] != []


class TestVersions:
    @pytest.mark.parametrize(
        ("code", "day", "version"),
        [
            ("minima_cuantia", "2021-12-23", "2015-05"),
            ("minima_cuantia", "2021-12-24", "2026-01"),
            ("licitacion_publica", "2018-01-14", "2015-05"),
            ("licitacion_publica", "2018-01-15", "2018-01"),
            ("licitacion_obra_publica", "2018-01-14", "2015-05"),
            ("licitacion_obra_publica", "2018-01-15", "2018-01"),
        ],
    )
    def test_the_law_of_the_day_is_the_one_in_force(self, code, day, version):
        assert catalogue.get(code, on=datetime.fromisoformat(day).date()).version == version

    def test_a_process_keeps_the_rules_it_was_born_under(self):
        born = catalogue.get("minima_cuantia", version="2015-05")
        published = bogota("2026-03-02 09:00")
        same_day = schedule.propose(born, published) | {"enquiries_due": bogota("2026-03-02 12:00")}

        now = schedule.objections(catalogue.get("minima_cuantia"), same_day, published)

        assert [o.code for o in now] == ["enquiries_due_too_soon"]
        assert schedule.objections(born, same_day, published) == []

    def test_works_had_one_envelope_before_2018_and_have_two_since(self):
        old, new = (catalogue.get("licitacion_obra_publica", version=v) for v in ("2015-05", "2018-01"))

        assert (old.opening_moments, new.opening_moments) == (("opening",), ("opening", "award"))
        assert [e.holds for e in new.envelopes] == ["qualities", "price"]
