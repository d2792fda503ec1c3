"""The whole file of a contract as a ZIP: what each reader gets, and that it verifies without this site."""

import io
import json
import zipfile
from types import SimpleNamespace

import pytest
from django.test import Client

from pliego.accounts.models import User
from pliego.contracts.tests import given as contracts
from pliego.ledger import verify
from pliego.ledger.tests import given as ledger
from pliego.publication.native import archive
from pliego.settlements.tests import given as settlements


class TestTheFileOfAContract:
    @pytest.fixture
    def told(self, db, at):
        """What the ZIP of a contract says to a reader: (folios with text, names, report of the offline verifier)."""
        house = contracts.house(at)
        contract = settlements.over(at, house)
        settlements.issued(contract, house, at)
        ledger.sealed()

        def read(answer):
            out = io.BytesIO(b"".join(answer.streaming_content))
            archive = zipfile.ZipFile(out)
            acts = json.loads(archive.read("expediente.json"))["acts"]
            index = archive.read("datos/indice.csv").decode()
            return sum(act["body"] is not None for act in acts), index, verify.verify_zip(out, None)

        read.contract, read.house = contract, house
        return read

    def test_has_for_each_reader_what_they_may_see_and_verifies_offline(self, told, client_for):
        code, house = told.contract.code, told.house
        parties = [client_for(User.objects.get(pk=one.user_id), account) for one, account in (
            (house.beto, told.contract.buyer), (house.carla, told.contract.supplier),
        )]  # fmt: skip

        public = told(Client().get(f"/contratos/{code}/expediente.zip"))
        buyer, supplier = (told(one.get(f"/escritorio/contratos/{code}/expediente.zip")) for one in parties)

        assert [found[2].findings for found in (public, buyer, supplier)] == [[], [], []]
        assert ["liquidacion-unilateral" in found[1] for found in (public, buyer, supplier)] == [False, True, True]
        assert public[0] <= supplier[0] < buyer[0]
        assert public[2].documents
        assert Client().get(f"/escritorio/contratos/{code}/expediente.zip").status_code == 302

    def test_leaves_out_what_only_other_contracts_of_the_process_name(self):
        code, other = "PLG.CTO.1", "0" * 64
        entry = SimpleNamespace(content={"data": {"contract": "PLG.CTO.999"}}, documents=[other, "1" * 64])
        own = SimpleNamespace(content={"data": {"contract": code}}, documents=["1" * 64])

        assert archive.only_of_others([entry, own], code) == {other}
