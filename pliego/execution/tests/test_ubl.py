import json
import re
from datetime import date
from decimal import Decimal

import pytest

from pliego.execution import findings, services, ubl
from pliego.execution.findings import Known
from pliego.execution.tests import given as execution
from pliego.kernel.objections import Refused
from tests.shared import path


class TestCufe:
    def test_is_the_one_of_the_worked_examples(self):
        found = json.loads((path("ubl") / "cufe-vectors.json").read_text())

        for vector in found["vectors"]:
            assert ubl.fingerprint(*(vector[name] for name in found["order"])) == vector["sha384"]

    def test_follows_from_the_fields_of_an_invoice(self):
        vector = next(
            v for v in json.loads((path("ubl") / "cufe-vectors.json").read_text())["vectors"] if v["kind"] == "CUFE"
        )
        invoice = ubl.DianInvoice(
            number=vector["Num"],
            issued_on=date.fromisoformat(vector["Date"]),
            issued_time=vector["Time"],
            line_total=Decimal(vector["LineTotal"]),
            payable=Decimal(vector["Payable"]),
            currency="COP",
            issuer_nit=vector["NitIssuer"],
            buyer_id=vector["IdBuyer"],
            environment=vector["Env"],
            cufe=vector["sha384"],
            taxes={"01": Decimal(vector["Tax1"])},
        )

        assert ubl.matches(invoice, vector["Secret"])
        assert not ubl.matches(invoice, vector["Secret"] + "0")

    @pytest.mark.parametrize(("value", "shown"), [("10", "10.00"), ("10.999", "10.99"), ("0.005", "0.00")])
    def test_cuts_the_amounts_and_does_not_round_them(self, value, shown):
        assert ubl.truncated(Decimal(value)) == shown


class TestRead:
    def test_reads_the_sample_of_dian(self):
        invoice = ubl.read((path("ubl") / "samples" / "dian-invoice-unsigned.xml").read_bytes())

        assert (invoice.number, invoice.issuer_nit, invoice.buyer_id) == ("SETP990000008", "901210113", "901210113")
        assert (invoice.issued_on.isoformat(), invoice.payable) == ("2019-06-12", Decimal("2023060.00"))
        assert ubl.has_the_form_of_a_cufe(invoice.cufe)

    def test_gives_the_fields_that_the_issuer_of_the_sample_wrote_down(self):
        raw = (path("ubl") / "samples" / "dian-invoice-unsigned.xml").read_bytes()
        invoice = ubl.read(raw)
        note = re.search(rb"<cbc:Note>(SETP[^<]*)<", raw)[1].decode()

        assert note.startswith(
            f"{invoice.number}{invoice.issued_on}{invoice.issued_time}{ubl.truncated(invoice.line_total)}"
        )

    def test_reads_the_credit_note_of_dian_and_says_that_its_code_is_missing(self):
        note = ubl.read((path("ubl") / "samples" / "dian-creditnote-unsigned.xml").read_bytes())

        assert (note.kind, note.number, note.cufe) == ("credit", "NC1000", "")
        known = Known("9000000", "9000000", "COP", "credit", (), date(2026, 3, 2), practice=True)
        assert [o.code for o in findings.objections(note, known)] == ["cufe_malformed"]

    def test_reads_no_note_of_another_country(self):
        with pytest.raises(Refused, match="invoice_incomplete"):
            ubl.read((path("ubl") / "samples" / "en16931-creditnote1.xml").read_bytes())

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"no es xml", "damaged_xml"),
            (b"<a>", "damaged_xml"),
            (b"<Invoice/>", "not_an_invoice"),
            (b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>", "invoice_incomplete"),
            (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "xml_external"),
            (b"<!DOCTYPE a [<!ENTITY b 'b'>]><a>&b;</a>", "xml_entities"),
            (b" " * (ubl.LARGEST + 1), "xml_too_large"),
        ],
    )
    def test_says_what_is_wrong_with_the_rest(self, content, code):
        with pytest.raises(Refused, match=code):
            ubl.read(content)


@pytest.mark.django_db
class TestSendElectronicInvoice:
    def send(self, house, contract, at, content, **typed):
        return services.send_invoice(
            actor=house.carla,
            contract_id=contract.pk,
            data=services.InvoiceData(**typed),
            document=execution.xml_upload(content),
            at=at,
        )

    def test_takes_number_day_and_amount_from_the_xml(self, house, contract, at):
        content = execution.dian_xml(contract, Decimal("5000000.25"), at)

        invoice = self.send(house, contract, at, content)

        assert (invoice.number, invoice.amount, invoice.cufe_check) == ("SETP1", Decimal("5000000.25"), "shape")
        assert len(invoice.cufe) == 96

    def test_takes_it_out_of_the_container_in_which_dian_delivers_it(self, house, contract, at):
        inner = execution.dian_xml(contract, Decimal(7000), at).decode()
        wrapped = (
            f"<AttachedDocument xmlns='{ubl.ATTACHED}' xmlns:cac='{ubl.NS['cac']}' xmlns:cbc='{ubl.NS['cbc']}'>"
            "<cac:Attachment><cac:ExternalReference><cbc:Description>"
            f"<![CDATA[{inner}]]></cbc:Description></cac:ExternalReference></cac:Attachment></AttachedDocument>"
        )

        assert self.send(house, contract, at, wrapped.encode()).amount == Decimal(7000)

    def test_computes_the_cufe_again_with_the_key_and_forgets_the_key(self, house, contract, at):
        content = execution.dian_xml(contract, Decimal(7000), at)

        invoice = self.send(house, contract, at, content, technical_key=execution.KEY)

        assert invoice.cufe_check == "matches"
        assert execution.KEY not in str(vars(invoice))

    def test_is_refused_when_the_cufe_is_of_other_fields(self, house, contract, at):
        content = execution.dian_xml(contract, Decimal(7000), at).replace(b">7000.00<", b">8000.00<")

        with pytest.raises(Refused, match="cufe_differs"):
            self.send(house, contract, at, content, technical_key=execution.KEY)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"issuer": "999999999"}, "another_seller"),
            ({"buyer": "999999999"}, "another_buyer"),
            ({"currency": "USD"}, "another_currency"),
            ({"cufe": "abc"}, "cufe_malformed"),
        ],
    )
    def test_is_refused_when_it_is_not_of_this_contract(self, house, contract, at, changes, code):
        with pytest.raises(Refused, match=code):
            self.send(house, contract, at, execution.dian_xml(contract, Decimal(7000), at, **changes))

    def test_is_refused_when_it_contradicts_what_was_typed(self, house, contract, at):
        content = execution.dian_xml(contract, Decimal(7000), at)

        with pytest.raises(Refused) as refused:
            self.send(house, contract, at, content, number="OTRO", amount=Decimal(7001))

        assert {o.field for o in refused.value.objections} == {"number", "amount"}

    def test_is_refused_from_the_test_environment_on_a_real_installation(self, house, contract, at, settings):
        settings.PLIEGO_PRACTICE = False

        with pytest.raises(Refused, match="test_invoice"):
            self.send(house, contract, at, execution.dian_xml(contract, Decimal(7000), at))
