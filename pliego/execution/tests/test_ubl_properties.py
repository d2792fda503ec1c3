"""The electronic invoice for any fields: what is written is read again, and its code follows from every one of them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pliego.execution import ubl
from pliego.kernel.objections import Refused

MONEY = st.decimals(0, Decimal("99999999999.99"), places=2)
WORDS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", min_size=1, max_size=12)
DIGITS = st.text("0123456789", min_size=9, max_size=10)
INVOICES = st.builds(
    ubl.DianInvoice,
    number=WORDS,
    issued_on=st.dates(date(2019, 1, 1), date(2099, 12, 31)),
    issued_time=st.times().map(lambda time: time.strftime("%H:%M:%S") + "-05:00"),
    line_total=MONEY,
    payable=MONEY,
    currency=st.just("COP"),
    issuer_nit=DIGITS,
    buyer_id=DIGITS,
    environment=st.sampled_from(["1", "2"]),
    cufe=st.just(""),
    taxes=st.dictionaries(st.sampled_from(ubl.TAXES), MONEY, max_size=3),
)


def written(invoice):
    """The UBL of those fields, with its parties and totals where DIAN puts them."""
    party = (
        "<cac:{0}><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{1}</cbc:CompanyID></cac:PartyTaxScheme></cac:Party>"
        "</cac:{0}>"
    )
    taxes = "".join(
        f"<cac:TaxTotal><cbc:TaxAmount>{amount}</cbc:TaxAmount><cac:TaxSubtotal><cac:TaxCategory><cac:TaxScheme>"
        f"<cbc:ID>{code}</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>"
        for code, amount in invoice.taxes.items()
    )
    return (
        f"<Invoice xmlns='{ubl.INVOICE}' xmlns:cac='{ubl.NS['cac']}' xmlns:cbc='{ubl.NS['cbc']}'>"
        f"<cbc:ProfileExecutionID>{invoice.environment}</cbc:ProfileExecutionID><cbc:ID>{invoice.number}</cbc:ID>"
        f"<cbc:UUID>{invoice.cufe}</cbc:UUID><cbc:IssueDate>{invoice.issued_on}</cbc:IssueDate>"
        f"<cbc:IssueTime>{invoice.issued_time}</cbc:IssueTime>"
        f"<cbc:DocumentCurrencyCode>{invoice.currency}</cbc:DocumentCurrencyCode>"
        f"{party.format('AccountingSupplierParty', invoice.issuer_nit)}"
        f"{party.format('AccountingCustomerParty', invoice.buyer_id)}{taxes}"
        f"<cac:LegalMonetaryTotal><cbc:LineExtensionAmount>{invoice.line_total}</cbc:LineExtensionAmount>"
        f"<cbc:PayableAmount>{invoice.payable}</cbc:PayableAmount></cac:LegalMonetaryTotal></Invoice>"
    ).encode()


def other(value):
    """Another value of the same kind."""
    match value:
        case Decimal():
            return value + Decimal("0.01")
        case date():
            return value.replace(year=value.year + 1, day=1)
        case dict():
            return {**value, "01": value.get("01", Decimal(0)) + 1}
    return value + "7"


@given(INVOICES, WORDS)
def test_what_is_written_is_read_again_and_its_code_matches(invoice, key):
    signed = replace(invoice, cufe=ubl.cufe(invoice, key))

    read = ubl.read(written(signed))

    assert read == signed
    assert ubl.has_the_form_of_a_cufe(read.cufe)
    assert ubl.matches(read, key)


@given(
    INVOICES,
    WORDS,
    st.sampled_from(["number", "issued_on", "issued_time", "line_total", "payable", "issuer_nit", "buyer_id", "taxes"]),
)
def test_a_field_that_changes_breaks_the_code(invoice, key, name):
    signed = replace(invoice, cufe=ubl.cufe(invoice, key))

    assert not ubl.matches(replace(signed, **{name: other(getattr(signed, name))}), key)
    assert not ubl.matches(signed, other(key))


@given(st.decimals(0, Decimal("99999999999"), places=8))
def test_amounts_are_cut_to_two_decimals_and_never_grow(value):
    cut = Decimal(ubl.truncated(value))

    assert 0 <= value - cut < Decimal("0.01")


@pytest.mark.parametrize("amount", ["1e30", "1_000", "NaN", "-1", "١٢", "9" * 30, "1,5", "Infinity"])
def test_an_amount_that_is_none_is_refused_and_breaks_nothing(amount):
    hour, parties = "09:00:00-05:00", ("900000001", "900000002")
    invoice = ubl.DianInvoice("F1", date(2026, 3, 2), hour, Decimal(1), Decimal(1), "COP", *parties, "2", "")
    content = written(invoice).replace(b"<cbc:PayableAmount>1<", f"<cbc:PayableAmount>{amount}<".encode())

    with pytest.raises(Refused, match="invoice_incomplete"):
        ubl.read(content)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_junk_is_refused_and_breaks_nothing(content):
    with pytest.raises(Refused):
        ubl.read(content)
