"""The official list of entities, with the faults that such lists have."""

import json
import sys

import pytest
from django.core.management import CommandError, call_command

from pliego.codelists import candidates, queries
from pliego.codelists.models import KnownEntity
from pliego.kernel.identifiers import check_digit
from pliego.kernel.objections import Refused
from tests import shared

HEAD = (
    "NIT_SECOP,Codigo_SIGEP,Nombre_Entidad,Orden_Entidad,Rama_Entidad,Sector_Entidad,"
    "Codigo_Entidad_SECOP_II,Codigo_Entidad_SECOP_I\n"
)
GOOD = "999900001"
INSIDE = f"999900002{check_digit('999900002')}"
WRONG = f"999900003{(check_digit('999900003') + 1) % 10}"
ROWS = [
    f"{GOOD},1,MUNICIPIO DE VALLE SERENO,Territorial,Ejecutivo,No aplica,700001,200001",
    f"{INSIDE},2,CONCEJO DE VALLE SERENO,Territorial,,No Definido,700002,No registra",
    f"{WRONG},3,PERSONERIA DE VALLE SERENO,Territorial,,,700003,",
    "79990006,4,ANA MORA,No Definido,,,700004,",
    "179990006,4,EVA MORA,No Definido,,,700005,",
    f"{GOOD},5,SECRETARIA DE OBRAS DE VALLE SERENO,Territorial,,,700006,",
    f"{GOOD},1,MUNICIPIO DE VALLE SERENO,Territorial,,,700001,",
    "999900004,6,No registra,Nacional,,,700007,",
    f"{INSIDE[:9]}-{INSIDE[9]},2,INSTITUTO DE VALLE SERENO,Territorial,,,700009,",
    "PN-0001,7,PERSONA NATURAL 0001,No Definido,,,700008,",
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "entidades.csv"
    path.write_text(HEAD + "\n".join(ROWS), encoding="utf-8")
    return path


@pytest.mark.django_db
class TestCandidates:
    def test_takes_what_can_be_an_entity_and_says_why_not_the_rest(self, file):
        report = candidates.load(file)

        assert (report.read, report.added, report.nits) == (10, 4, 2)
        assert report.refused == {
            "wrong_check_digit": 1,
            "not_a_nit": 1,
            "natural_person": 2,
            "repeated_account": 1,
            "no_name": 1,
        }
        assert report.noted == {"check_digit_inside": 2, "repeated_nit": 2}
        assert report.examples[0] == (4, "wrong_check_digit")
        taken = KnownEntity.objects.get(code="700002")
        assert (taken.number, taken.check_digit, taken.order) == ("999900002", check_digit("999900002"), "territorial")

    def test_changes_nothing_the_second_time(self, file):
        candidates.load(file)

        again = candidates.load(file)

        assert (again.added, again.changed, again.unchanged) == (0, 0, 4)

    def test_takes_a_new_name(self, file):
        candidates.load(file)
        file.write_text(HEAD + ROWS[0].replace("MUNICIPIO DE", "ALCALDIA DE"), encoding="utf-8")

        assert candidates.load(file).changed == 1

    def test_is_refused_with_other_columns(self, tmp_path):
        path = tmp_path / "otra.csv"
        path.write_text("a,b\n1,2\n", encoding="utf-8")

        with pytest.raises(Refused, match="unknown_columns"):
            candidates.load(path)

    def test_helps_to_find_by_number_and_by_near_name(self, file):
        candidates.load(file)

        assert queries.known_entity(f"{GOOD}-{check_digit(GOOD)}").name == "MUNICIPIO DE VALLE SERENO"
        near = queries.entities_like(name="Alcaldía municipal de Valle Sereno")
        assert near[0].name == "MUNICIPIO DE VALLE SERENO"
        assert queries.entities_like(name="Hospital de otra parte") == []

    def test_the_command_tells_in_json(self, file, capsys):
        call_command("accounts", "candidates", str(file), "--json")

        assert json.loads(capsys.readouterr().out)["added"] == 4

    def test_the_command_tells_in_words(self, file, capsys):
        call_command("accounts", "candidates", str(file))

        told = capsys.readouterr().out
        assert "added 4" in told
        assert "check digit was typed" in told

    def test_the_command_is_refused_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError):
            call_command("accounts", "candidates", str(tmp_path / "nada.csv"))

    @pytest.mark.slow
    def test_the_real_list_adds_up(self, capsys):
        file = shared.path("data") / "entidades_mdm_cce.csv"

        report = candidates.load(file)

        with capsys.disabled():
            sys.stdout.write(
                f"\ncandidates: {report.read} read, {report.added} taken, {report.nits} NIT,"
                f" refused {dict(report.refused)}, noted {dict(report.noted)}\n"
            )
        assert report.read == 20_834
        assert report.added + report.refused.total() == report.read
        assert report.added == KnownEntity.objects.count()
