"""Loading the code lists, and looking codes up."""

import json

import pytest
from django.core.management import call_command

from pliego.codelists import queries, services
from pliego.codelists.models import Municipality, UnspscCode
from pliego.kernel.objections import Refused
from tests import shared


def csv_file(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.django_db
class TestLoad:
    def test_takes_each_code_once_and_repeating_it_changes_nothing(self, tmp_path):
        path = csv_file(tmp_path, "codigo,nombre\n43,Informática\n4321,Computadores y más\n")

        first, again = services.load(path=path)[0], services.load(path=path)[0]

        assert (first.read, first.added, first.changed) == (2, 2, 0)
        assert (again.added, again.changed, again.unchanged) == (0, 0, 2)

    def test_takes_a_changed_name(self, tmp_path):
        services.load(path=csv_file(tmp_path, "codigo,nombre\n43,Informática\n"))

        report = services.load(path=csv_file(tmp_path, "codigo,nombre\n43,Informática y redes\n"))[0]

        assert (report.changed, UnspscCode.objects.get(code="43").name) == (1, "Informática y redes")

    def test_reports_bad_rows_with_line_and_reason(self, tmp_path):
        report = services.load(path=csv_file(tmp_path, "codigo,nombre\n431,Impar\n43,\n44,Oficina\n"))[0]

        assert [line for line, _reason in report.faults] == [2, 3]
        assert (report.read, report.added, report.refused) == (3, 1, 2)

    def test_is_refused_when_the_columns_are_of_no_list(self, tmp_path):
        with pytest.raises(Refused, match="unknown_columns"):
            services.load(path=csv_file(tmp_path, "a,b\n1,2\n"))

    def test_is_a_command_that_prints_what_it_did(self, tmp_path, capsys):
        path = csv_file(tmp_path, "codigo,nombre\n43,Informática\n4,Corto\n")

        call_command("codelists", "load", str(path), "--json")

        assert json.loads(capsys.readouterr().out)["refused"] == 1

    def test_the_starter_set_is_complete_and_never_overwrites(self):
        services.load_starter()

        assert queries.place_of("11001").department_code == "11"
        assert len({row.department_id for row in Municipality.objects.all()}) == 33
        parents = set(UnspscCode.objects.values_list("code", flat=True))
        assert all(code[:-2] in parents for code in parents if len(code) > 2)
        assert services.load_starter() == []

    def test_the_official_lists_load_whole(self):
        folder = shared.path("data")
        unspsc = services.load(path=folder / "unspsc_es.csv")[0]
        _departments, towns = services.load(path=folder / "divipola_municipios.csv")

        assert unspsc.added == unspsc.read - unspsc.refused
        assert unspsc.added > 50_000
        assert towns.added > 1_100


@pytest.mark.django_db
class TestSearch:
    @pytest.fixture(autouse=True)
    def lists(self, db):
        services.load_starter()

    @pytest.mark.parametrize("words", ["computadores", "COMPUTADORES portatiles", "432115", "V1.43211500", "43211500"])
    def test_finds_a_class_by_words_or_digits(self, words):
        assert "432115" in [row.code for row in queries.search_unspsc(words=words)]

    def test_finds_nothing_for_words_that_do_not_meet(self):
        assert queries.search_unspsc(words="computadores funerarios") == []

    @pytest.mark.parametrize("words", ["bogota", "BOGOTÁ", "11001"])
    def test_finds_a_municipality(self, words):
        assert [place.code for place in queries.search_municipalities(words=words)] == ["11001"]

    def test_names_a_padded_code(self):
        assert queries.unspsc_name("V1.43211500") == queries.unspsc_name("432115") != ""

    def test_answers_over_the_api(self, client):
        answer = client.get("/api/v1/codelists/municipalities", {"q": "narino"})

        assert answer.json() == [
            {"code": "52001", "municipality": "Pasto", "department_code": "52", "department": "Nariño"}
        ]
