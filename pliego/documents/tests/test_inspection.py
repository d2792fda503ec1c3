import io
import time
import tracemalloc

import pytest

from pliego.documents import filetypes, inspection, kinds
from pliego.documents.tests.corpus import ATTACKS, GOOD, PDF
from pliego.kernel.objections import Refused


class TestInspection:
    @pytest.mark.parametrize("name", GOOD)
    def test_lets_a_good_file_in_and_says_what_it_is(self, name):
        found = inspection.inspect(io.BytesIO(GOOD[name]), name)

        assert filetypes.extension_of(name) in found.extensions

    @pytest.mark.parametrize("name", ATTACKS)
    def test_refuses_an_attack_with_its_reason(self, name):
        content, code = ATTACKS[name]

        with pytest.raises(Refused) as refused:
            inspection.inspect(io.BytesIO(content), name)

        assert code in {objection.code for objection in refused.value.objections}
        assert all(len(str(objection.sentence)) > 20 for objection in refused.value.objections)

    def test_takes_little_time_and_memory_over_the_whole_corpus(self):
        tracemalloc.start()
        begun = time.monotonic()
        for name, (content, _code) in ATTACKS.items():
            with pytest.raises(Refused):
                inspection.inspect(io.BytesIO(content), name)
        seconds, peak = time.monotonic() - begun, tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

        print(f"{len(ATTACKS)} attacks refused in {seconds:.2f} s, peak {peak >> 20} MiB")  # noqa: T201
        assert seconds < 30
        assert peak < 64 << 20

    def test_names_everything_that_is_wrong_at_once(self):
        both = PDF.replace(b"/Catalog", b"/Catalog/S/JavaScript")[:-7]

        with pytest.raises(Refused) as refused:
            inspection.inspect(io.BytesIO(both), "oferta.pdf")

        assert {objection.code for objection in refused.value.objections} == {"pdf_code", "truncated"}

    def test_accepts_for_a_kind_only_the_types_of_its_row(self):
        with pytest.raises(Refused, match="wrong_type"):
            inspection.inspect(io.BytesIO(GOOD["nota.txt"]), "nota.txt", kinds.get("invoice").accepts)

    def test_accepts_a_sealed_envelope_only_where_one_is_due(self):
        sealed = b"age-encryption.org/v1\n-> X25519 x\n"

        assert inspection.inspect(io.BytesIO(sealed), "sobre.age", kinds.SEALED).code == "age"

    def test_leaves_the_file_at_its_beginning(self):
        file = io.BytesIO(PDF)

        inspection.inspect(file, "a.pdf")

        assert file.read() == PDF
