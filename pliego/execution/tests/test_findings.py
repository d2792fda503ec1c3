"""The sample invoice of DIAN read line by line, and ten damaged copies of it, each refused with its own reason."""

from datetime import date

import pytest

from pliego.execution import findings, ubl
from pliego.execution.findings import Known
from pliego.kernel.objections import Refused
from tests.shared import path

KNOWN = Known("901210113", "901210113", "COP", "invoice", ("546326432432",), date(2026, 3, 2), practice=True)
BOMB = b"".join(b"<!ENTITY e%d '%s'>" % (n, b"&e%d;" % (n - 1) * 9 if n else b"lol") for n in range(9))
SIGNATURE = b"<ds:Signature xmlns:ds='http://www.w3.org/2000/09/xmldsig#'/>"


@pytest.fixture
def sample():
    return (path("ubl") / "samples" / "dian-invoice-unsigned.xml").read_bytes()


def codes(content, known=KNOWN):
    """What is said of a document: the refusal of reading it, or what its lines find wrong."""
    try:
        found = ubl.read(content)
    except Refused as refused:
        return [objection.code for objection in refused.objections]
    return [objection.code for objection in findings.objections(found, known)]


def test_the_sample_is_right_and_says_what_to_look_at(sample):
    lines = {line.code: line.verdict for line in findings.findings(ubl.read(sample), KNOWN)}

    assert codes(sample) == []
    assert lines == {
        "another_kind": "ok", "another_seller": "ok", "another_buyer": "ok", "another_currency": "ok",
        "currency_mixed": "ok", "lines_differ": "ok", "totals_differ": "ok", "uuid_repeated": "ok",
        "cufe_malformed": "ok", "test_invoice": "told", "signature_missing": "told", "issued_in_the_future": "ok",
        "due_before_issue": "told", "another_order": "ok",
    }  # fmt: skip


def party(sample, role, number):
    """The sample with another number for one of its parties."""
    head, tail = sample.split(b"<cac:%s>" % role, 1)
    inside, rest = tail.split(b"</cac:%s>" % role, 1)
    return head + b"<cac:%s>" % role + inside.replace(b">901210113<", b">%s<" % number) + b"</cac:%s>" % role + rest


def after_prolog(sample, doctype):
    return sample.replace(b'standalone="no"?>', b'standalone="no"?>' + doctype, 1)


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda s: after_prolog(s, b"<!DOCTYPE Invoice [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), "xml_external"),
        (lambda s: after_prolog(s, b"<!DOCTYPE Invoice [" + BOMB + b"]>"), "xml_entities"),
        (lambda s: s.replace(b">2023060.00<", b">2023061.00<"), "totals_differ"),
        (lambda s: s.replace(b">1410000.00<", b">1410000.01<"), "lines_differ"),
        (lambda s: party(s, b"AccountingCustomerParty", b"900000001"), "another_buyer"),
        (lambda s: party(s, b"AccountingSupplierParty", b"900000001"), "another_seller"),
        (lambda s: s.replace(b">e633d09279", b">E633Z09279"), "cufe_malformed"),
        (lambda s: s.replace(b"<cbc:UBLVersionID>", SIGNATURE + b"<cbc:UBLVersionID>"), "signature_slot"),
        (lambda s: s.replace(b"<cbc:IssueDate>", b"<cbc:UUID>" + b"a" * 96 + b"</cbc:UUID><cbc:IssueDate>", 1),
         "uuid_repeated"),
        (lambda s: s.replace(b">COP<", b">USD<", 1), "another_currency"),
        (lambda s: s.replace(b"schema:xsd:Invoice-2", b"schema:xsd:Order-2"), "not_an_invoice"),
        (lambda s: s.replace(b">2019-06-12<", b">2026-03-03<"), "issued_in_the_future"),
    ],
)  # fmt: skip
def test_a_damaged_one_is_refused_with_its_own_reason(sample, damage, code):
    damaged = damage(sample)

    assert damaged != sample
    assert code in codes(damaged)


def test_a_code_of_other_fields_is_told_by_the_key(sample):
    invoice = ubl.read(sample)
    right = ubl.cufe(invoice, "clave")
    changed = sample.replace(invoice.cufe.encode(), right.encode())

    assert ubl.matches(ubl.read(changed), "clave")
    assert not ubl.matches(ubl.read(changed.replace(b">2023060.00<", b">2023061.00<")), "clave")


def test_the_signature_in_its_slot_is_right_and_a_real_installation_takes_no_test_document(sample):
    signed = sample.replace(b"<ext:ExtensionContent/>", b"<ext:ExtensionContent>%s</ext:ExtensionContent>" % SIGNATURE)
    lines = {line.code: line.verdict for line in findings.findings(ubl.read(signed), KNOWN)}

    assert lines["signature_slot"] == "ok"
    real = Known(*(getattr(KNOWN, name) for name in Known.__dataclass_fields__ if name != "practice"), practice=False)
    assert codes(sample, real) == ["test_invoice"]
