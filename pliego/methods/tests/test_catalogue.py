"""The catalogue is read strictly: a file that says something unknown or contradictory does not load."""

from datetime import date
from pathlib import Path

import pytest
from django.test import override_settings
from django.utils import translation

from pliego.kernel.objections import Refused
from pliego.methods import catalogue
from pliego.methods.law import BadMethod

LADDERS = frozenset(catalogue.ladders())
NOT_FOR_ALL = {m.code for m in catalogue.every() if m.only_for}


def minima() -> str:
    return (catalogue.FOLDER / "minima_cuantia" / "2026-01.toml").read_text()


def write(folder: Path, text: str, name: str = "2026-01") -> Path:
    path = folder / "minima_cuantia" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


class TestEveryFile:
    @pytest.mark.parametrize("method", catalogue.every(), ids=lambda m: f"{m.code}-{m.version}")
    def test_cites_an_article_for_each_rule(self, method):
        cited = [
            method.legal_basis,
            method.evaluation.legal_basis,
            method.guarantees.legal_basis,
            *(period.legal_basis for period in method.periods),
            *(document.legal_basis for document in method.documents),
            *(causal.legal_basis for causal in method.causals),
            *(rule.legal_basis for rule in method.publication),
        ]

        assert all("art" in basis for basis in cited)

    @pytest.mark.parametrize("method", catalogue.every(), ids=lambda m: f"{m.code}-{m.version}")
    def test_starts_with_the_publication(self, method):
        assert method.start.code == "invitation_published"

    def test_publishes_the_contract_within_three_days(self):
        assert {rule.at_most_business_days for m in catalogue.every() for rule in m.publication} == {3}


class TestAFaultyFile:
    @pytest.mark.parametrize(
        ("old", "new", "why"),
        [
            ('ocds_method = "open"', 'ocds_method = "open"\ncolour = "red"', "colour"),
            ("at_least_business_days = 1", "at_least_busines_days = 1", "at_least_busines_days"),
            ('ocds_method = "open"', 'ocds_method = "secret"', "secret"),
            ('end = "enquiries_due"', 'end = "questions_due"', "questions_due, which is not there"),
            ('"opening", "report_published"', '"opening"', "report_published must be in exactly one stage"),
            ('opens_at = "opening"', 'opens_at = "sunrise"', "sunrise"),
            ('ties = "ley_2069_2020"', 'ties = "ley_1"', "no ladder ley_1"),
            ("tie_ladder = true", "tie_ladder = false", "disagree"),
            ("mipyme_limitation = true", "mipyme_limitation = false", "disagree"),
            ('version = "2026-01"', 'version = "2027-01"', "calls itself"),
            ('time = "16:30"', 'time = "25:30"', "not an hour"),
            ("is_bidding = true", "is_bidding = false", "bidding stage"),
            ('start = "observations_due"\nend = "award"', 'start = "contract_signed"\nend = "award"', "circle"),
            ("at_least_business_days = 1", "at_least_business_days = -1", "backwards"),
            ('kind = "offers"', 'kind = "lottery"', "lottery"),
            ('kind = "offers"', 'kind = "offers"\noffers_from = "invited"', "the flag invitations is off"),
            ('kind = "evaluation"', 'kind = "evaluation"\nnext = ["nowhere"]', "leads to nowhere"),
            ('act = "bid"', 'act = "sing"', "sing"),
            ('code = "minima', 'include = ["_parts/nothing"]\ncode = "minima', "nothing"),
            ("in_force_from = 2021-12-24", "in_force_from = 2021-12-24\nin_force_until = 2020-01-01", "ends before"),
        ],
    )
    def test_does_not_load_and_says_why(self, tmp_path, old, new, why):
        assert old in minima()

        with pytest.raises(BadMethod, match=why):
            catalogue.read_method(write(tmp_path, minima().replace(old, new, 1)), LADDERS)

    def test_is_refused_when_no_rule_says_the_earliest_date_of_a_milestone(self, tmp_path):
        extra = '\n[[milestone]]\ncode = "picnic"\nact = "hold"\ntitle = { es = "Paseo", en = "Picnic" }\n'
        staged = minima().replace('"observations_due"]', '"observations_due", "picnic"]')

        with pytest.raises(BadMethod, match="picnic"):
            catalogue.read_method(write(tmp_path, staged + extra), LADDERS)

    def test_is_refused_when_it_is_not_toml(self, tmp_path):
        with pytest.raises(BadMethod, match=r"2026-01\.toml"):
            catalogue.read_method(write(tmp_path, "code = "), LADDERS)

    def test_is_refused_when_two_versions_are_in_force_together(self, tmp_path):
        (tmp_path / "_ladders").mkdir()
        (tmp_path / "_ladders" / "x.toml").write_text((catalogue.FOLDER / "_ladders/ley_2069_2020.toml").read_text())
        write(tmp_path, minima())
        write(tmp_path, minima().replace("2026-01", "2027-01", 1), "2027-01")

        with pytest.raises(BadMethod, match="in force together"):
            catalogue.every(tmp_path)


def included(folder: Path, text: str) -> Path:
    """A file beside minima_cuantia/2026-01, which it may include."""
    write(folder, minima())
    path = folder / "other" / "2027-01.toml"
    path.parent.mkdir()
    path.write_text(f'include = ["minima_cuantia/2026-01"]\ncode = "other"\nversion = "2027-01"\n{text}')
    return path


class TestAFileThatIncludes:
    def test_says_everything_of_the_other_but_what_it_says_itself(self, tmp_path):
        found = catalogue.read_method(included(tmp_path, 'literal = "Otra"'), LADDERS)

        assert (found.literal, found.periods) == ("Otra", catalogue.get("minima_cuantia", "2026-01").periods)

    def test_has_the_last_word_on_a_term(self, tmp_path):
        term = '[[period]]\nstart = "invitation_published"\nend = "enquiries_due"\nat_least_business_days = 2\n'
        found = catalogue.read_method(included(tmp_path, f'{term}legal_basis = "Ley 9, art. 1"'), LADDERS)

        terms = [p for p in found.periods if (p.start, p.end) == ("invitation_published", "enquiries_due")]
        assert [(p.at_least_business_days, p.legal_basis) for p in terms] == [(2, "Ley 9, art. 1")]

    def test_takes_only_what_its_stages_have_a_milestone_for(self, tmp_path):
        stage = (
            '[[stage]]\ncode = "offers"\nkind = "offers"\nis_bidding = true\nliteral = "x"\n'
            'title = { es = "x", en = "x" }\n'
            'milestones = ["invitation_published", "enquiries_due", "amendments_due", "bids_due", "opening"]'
        )
        found = catalogue.read_method(included(tmp_path, stage), LADDERS)

        assert [m.code for m in found.milestones] == [*found.stages[0].milestones]
        assert {d.moment for d in found.documents} == {"invitation_published", "opening"}

    def test_is_refused_for_its_own_mistakes(self, tmp_path):
        extra = '[[document]]\ncode = "x"\nmoment = "sunrise"\naudience = "public"\ntitle = { es = "x", en = "x" }\n'

        with pytest.raises(BadMethod, match="sunrise"):
            catalogue.read_method(included(tmp_path, f'{extra}legal_basis = "art. 1"'), LADDERS)


class TestWhatTheReleasedFilesSaid:
    """The two methods that exist since the beginning say what they said: processes name these versions."""

    def test_stays(self):
        minima_cuantia, directa = (
            catalogue.get("minima_cuantia", "2026-01"),
            catalogue.get("contratacion_directa", "2026-01"),
        )

        assert [stage.code for stage in minima_cuantia.stages] == ["offers", "evaluation", "acceptance"]
        assert [(p.start, p.end, p.at_least_business_days) for p in minima_cuantia.periods if not p.advice] == [
            ("invitation_published", "enquiries_due", 1),
            ("enquiries_due", "bids_due", 1),
            ("invitation_published", "amendments_due", 0),
            ("amendments_due", "bids_due", 1),
            ("bids_due", "opening", 0),
            ("opening", "report_published", 0),
            ("report_published", "observations_due", 1),
            ("observations_due", "award", 0),
            ("award", "contract_signed", 0),
        ]
        assert (len(directa.causals), [p.end for p in directa.periods]) == (12, ["award", "contract_signed"])


class TestWhatCanBeConducted:
    def test_is_everything_for_whom_the_law_names(self):
        day = date(2026, 3, 2)

        with override_settings(PLIEGO_PRACTICE=False):
            offered = {code for code, _title in catalogue.choices_for(day, "central_purchasing_body")}
            for_a_municipality = {code for code, _title in catalogue.choices_for(day, "municipality")}

        assert offered == {method.code for method in catalogue.in_force(day)}
        assert for_a_municipality == offered - NOT_FOR_ALL
        assert {"licitacion_acuerdo_marco"} == NOT_FOR_ALL

    def test_tells_when_each_envelope_opens_what_comes_before_and_whether_offers_are_called(self):
        found = {
            method.code: [(o.moment, o.envelopes, o.after, o.by_call, o.of_fit) for o in method.openings]
            for method in catalogue.in_force(date(2026, 3, 2))
            if len(method.openings) > 1
        }

        merit = [
            ("opening", ("technical",), (), False, False),
            ("price_opened", ("price",), ("open", "report"), True, False),
        ]
        auction = [
            ("opening", ("requirements",), (), False, False),
            ("auction", ("price",), ("open", "report"), False, True),
        ]
        assert found == {
            "licitacion_obra_publica": [
                ("opening", ("first",), (), False, False),
                ("award", ("second",), ("open", "report"), False, True),
            ],
            "concurso_meritos_abierto": merit,
            "concurso_meritos_precalificacion": [merit[0], (*merit[1][:2], ("report", "open"), True, False)],
            "subasta_inversa": auction,
            "enajenacion_subasta": auction,
        }

    def test_is_less_than_what_a_plan_may_name(self):
        assert len(catalogue.choices(date(2026, 3, 2))) == 19


class TestGet:
    def test_gives_the_version_a_process_was_born_with(self):
        assert catalogue.get("minima_cuantia", "2026-01", on=date(1999, 1, 1)).version == "2026-01"

    def test_gives_the_version_in_force_on_a_day(self):
        assert catalogue.get("minima_cuantia", on=date(2026, 3, 2)).in_force(date(2026, 3, 2))

    @pytest.mark.parametrize(
        ("code", "version", "on"),
        [("nada", None, None), ("minima_cuantia", "1900-01", None), ("minima_cuantia", None, date(1999, 1, 1))],
    )
    def test_is_refused_for_what_is_not_in_force(self, code, version, on):
        with pytest.raises(Refused, match="unknown_method"):
            catalogue.get(code, version, on)

    def test_keeps_the_old_version_when_a_new_one_begins(self, tmp_path):
        (tmp_path / "_ladders").mkdir()
        (tmp_path / "_ladders" / "x.toml").write_text((catalogue.FOLDER / "_ladders/ley_2069_2020.toml").read_text())
        ended = minima().replace("2021-12-24", "2021-12-24\nin_force_until = 2027-01-01", 1)
        write(tmp_path, ended)
        write(tmp_path, minima().replace("2026-01", "2027-01", 1).replace("2021-12-24", "2027-01-01", 1), "2027-01")

        in_force = [
            [m.version for m in catalogue.every(tmp_path) if m.in_force(day)]
            for day in (date(2026, 12, 31), date(2027, 1, 1))
        ]

        assert in_force == [["2026-01"], ["2027-01"]]

    def test_speaks_the_readers_language(self):
        from django.utils import translation

        method = catalogue.get("contratacion_directa")

        with translation.override("en"):
            assert str(method.title).startswith("Direct contracting")
        with translation.override("es-co"):
            assert str(method.title) == "Contratación directa"


class TestTheWordForAnOffer:
    @pytest.mark.parametrize(
        ("language", "sentence", "called"),
        [
            ("es", "Prepare su oferta. Ofertas de todos.", "Prepare su respuesta. Respuestas de todos."),
            ("es", "Puede ofertar quien quiera.", "Puede ofertar quien quiera."),
            ("en", "Your offer is one of three offers.", "Your answer is one of three answers."),
        ],
    )
    def test_is_the_methods_own(self, language, sentence, called):
        with translation.override(language):
            assert catalogue.get("solicitud_informacion").words.called(sentence) == called
            assert catalogue.get("minima_cuantia").words.called(sentence) == sentence


class TestTheLadder:
    def test_has_twelve_rungs_and_ends_by_chance(self):
        rungs = catalogue.ladder("ley_2069_2020").rungs

        assert (len(rungs), [rung.number for rung in rungs if rung.is_random]) == (12, [12])
