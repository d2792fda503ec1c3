"""The nine sections: what a contract is born with, how they are written by several people, and the text they make."""

from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from pliego.awards.tests import given as awards
from pliego.contracts import clauses, queries, sections, services, tasks, text, writing
from pliego.contracts.models import Contract, ContractVersion
from pliego.contracts.sections import budget, papers, performance
from pliego.contracts.tests import given
from pliego.documents import blobs
from pliego.kernel.actors import SYSTEM
from pliego.kernel.objections import Denied, Refused, Unknown
from pliego.ledger import seal
from pliego.ledger.tests import given as ledger
from pliego.ledger.verify_pdf import in_own_thread
from pliego.suppliers import services as suppliers
from pliego.tendering.sections import plain


def fields_of(refused):
    return {objection.field for objection in refused.value.objections}


def value(amount, *, is_sale=False):
    return SimpleNamespace(value_amount=Decimal(amount), value_currency="COP", is_sale=is_sale)


def budget_of(**typed):
    return budget.BUDGET.typed(typed)


class TestSources:
    """Property of the budget: the six sources are the value to the cent, or the sentence says by how much they miss."""

    @pytest.mark.parametrize(
        ("sources", "apart"),
        [
            ({"source_own": "39850000.50"}, None),
            ({"source_own": "39850000.00", "source_nation": "0.50"}, None),
            ({"source_own": "39850000.49"}, "$\N{NO-BREAK SPACE}0,01"),
            ({"source_own": "39850000.50", "source_royalties": "0.01"}, "$\N{NO-BREAK SPACE}0,01"),
            ({}, "39.850.000,50"),
        ],
    )
    def test_add_up_to_the_cent(self, sources, apart):
        found = list(budget.lacks(value("39850000.50"), budget_of(**sources), None))

        assert [o.code for o in found] == ([] if apart is None else ["sources_do_not_add_up"])
        assert apart is None or apart in str(found[0].sentence)

    def test_count_the_future_years_with_the_certificates(self):
        content = budget_of(
            source_own="100",
            certificate_amount="60",
            future_years=[{"year": 2027, "amount": "39", "authorisation": "A"}],
        )

        assert [o.code for o in budget.lacks(value("100"), content, None)] == ["certificates_short"]
        assert not list(budget.lacks(value("100", is_sale=True), content, None))


class TestClauses:
    @pytest.mark.parametrize("code", list(clauses.templates()))
    def test_of_each_template_use_exactly_the_variables_that_it_names(self, code):
        template = clauses.templates()[code]
        content = sections.DOCUMENTS.typed(
            {"articles": list(template.articles), "variables": [{**v, "value": ""} for v in template.variables]}
        )

        assert papers.used_in(content) == [v["number"] for v in template.variables]
        assert len(list(papers.variables_are_empty(None, content, None))) == len(template.variables)

    def test_are_not_sent_with_a_blank_and_are_filled_in_the_text(self):
        said = [{"number": 1, "label": "Sitio", "value": "Ibagué"}, {"number": 2, "label": "Día", "value": " "}]
        articles = [{"title": "Plazo", "text": "En [[1]] y [[2]]; ver [[3]]."}]
        content = sections.DOCUMENTS.typed({"articles": articles, "variables": said})

        found = [(o.code, o.field) for o in papers.variables_are_empty(None, content, None)]

        assert found == [("variable_empty", "variables-1-value"), ("variable_unknown", "variables")]
        assert papers.filled("En [[1]] y [[2]]", content) == "En Ibagué y [[2]]"

    def test_begin_with_the_template_of_the_type(self):
        told = {"works": "obra", "supply": "suministro", "professional": "servicios", "lease": "general"}

        assert all(clauses.of_type(kind).code.startswith(code) for kind, code in told.items())


class TestDeliveries:
    @pytest.mark.parametrize(
        ("percents", "wrong", "lacks"),
        [(("25", "50", "100"), [], []), (("50", "50"), ["progress_falls"], ["progress_unfinished"])],
    )
    def test_grow_to_the_whole(self, percents, wrong, lacks):
        rows = [{"title": "Entrega", "percent": percent} for percent in percents]
        content = performance.PERFORMANCE.typed({"tracking": "percent", "deliveries": rows})

        assert [o.code for o in performance.is_wrong(None, content)] == wrong
        assert [o.code for o in performance.lacks(None, content, None)] == lacks


@pytest.mark.django_db
class TestDraw:
    def test_writes_what_award_and_pliego_say_with_where_each_comes_from(self, house, at):
        contract = given.drafted(at, house)

        said = {section.code: section.plain(contract) for section in sections.SECTIONS}
        origins = {row.code: row.origins for row in contract.parts.all()}

        assert said["general"]["justification"]  # the ground of the law, of a contract without competition
        assert said["budget"]["source_own"] == "39850000.50"
        assert said["budget"]["certificate_amount"] == "40000000.00"
        assert origins["general"] == {
            "number": "platform", "title": "pliego", "object": "pliego", "contract_type": "pliego",
            "duration": "pliego", "duration_unit": "pliego", "has_settlement": "law", "justification": "pliego",
        }  # fmt: skip
        assert origins["budget"]["source_own"] == "pliego"
        assert sections.lacking(contract, at) == []

    def test_takes_the_lines_of_the_offer_which_nobody_changes(self, at):
        contract = services.draft_contract(actor=SYSTEM, award_id=awards.awarded(at).pk, at=at)
        ana = given.tendering.people_of(contract.tender).ana
        content = plain(sections.GOODS.content(contract))
        content["lines"][0]["unit_price"] = "1.00"

        with pytest.raises(Refused) as refused:
            writing.save_section(actor=ana, contract_id=contract.pk, part="goods", content=content, at=at)

        assert contract.row_of("goods").origins == {"lines": "offer"}
        assert fields_of(refused) == {"lines"}
        assert contract.lines.first().unit_price_amount > 1


@pytest.mark.django_db
class TestSaveSection:
    def test_keeps_what_was_typed_says_so_and_makes_its_writer_an_author(self, house, at):
        contract = given.drafted(at, house)
        content = {**sections.TERMS.plain(contract), "delivery_place": "Ibagué", "incoterm": "DDP"}

        writing.save_section(actor=house.ana, contract_id=contract.pk, part="terms", content=content, at=at)

        contract = Contract.objects.get(pk=contract.pk)
        assert (contract.delivery_place, sections.TERMS.content(contract).incoterm) == ("Ibagué", "DDP")
        assert contract.row_of("terms").origins["delivery_place"] == "typed"
        assert (contract.authors, contract.row_of("terms").saved_by.full_name) == (
            [house.ana.user_id], contract.row_of("terms").saved_by.full_name,
        )  # fmt: skip

    def test_writes_over_nobody(self, house, at):
        contract = given.drafted(at, house)
        seen = writing.seen_now(contract, sections.TERMS)
        told = {"contract_id": contract.pk, "part": "terms", "at": at, "seen": seen}
        content = sections.TERMS.plain(contract)
        writing.save_section(actor=house.beto, content={**content, "delivery_place": "Ibagué"}, **told)

        with pytest.raises(Refused, match="edited_meanwhile"):
            writing.save_section(actor=house.ana, content={**content, "delivery_place": "Espinal"}, **told)

        assert Contract.objects.get(pk=contract.pk).delivery_place == "Ibagué"

    def test_refuses_each_fault_at_its_field(self, house, at):
        contract = given.drafted(at, house)
        general = {**sections.GENERAL.plain(contract), "supervisor": house.beto.user_code, "title": " "}
        bad_terms = {"advance_percent": "60", "covers": [{"cover": "performance", "percent": "5"}]}
        terms = {**sections.TERMS.plain(contract), **bad_terms}
        faults = []
        for part, content in (("general", general), ("terms", terms), ("budget", {"bpin": "12"}), ("goods", {"x": 1})):
            with pytest.raises(Refused) as refused:
                writing.save_section(actor=house.ana, contract_id=contract.pk, part=part, content=content, at=at)
            faults.append(fields_of(refused))

        assert faults == [
            {"title", "supervisor"}, {"advance_percent", "advance_kind", "covers-0-percent"}, {"bpin"}, {"goods"},
        ]  # fmt: skip

    def test_brings_the_clauses_of_a_template_and_keeps_the_values_of_the_same_meaning(self, house, at):
        contract = given.drafted(at, house)
        told = {"actor": house.ana, "contract_id": contract.pk, "part": "documents", "at": at}
        writing.save_section(content={"template": "obra-2026"}, **told)
        chosen = sections.DOCUMENTS.plain(Contract.objects.get(pk=contract.pk))
        chosen["variables"][4]["value"] = "10"
        writing.save_section(content=chosen, **told)

        writing.save_section(content={**chosen, "template": "general-2026"}, **told)

        content = sections.DOCUMENTS.content(Contract.objects.get(pk=contract.pk))
        assert [row.value for row in content.variables] == ["", "", "10"]  # the penalty is in both
        with pytest.raises(Refused) as refused:
            services.send_contract(actor=house.ana, contract_id=contract.pk, at=at)
        assert fields_of(refused) == {"variables-0-value", "variables-1-value"}

    def test_is_denied_once_it_was_sent_and_does_not_exist_before_for_the_supplier(self, house, at):
        sent, draft = given.sent(at, house), given.drafted(at, house)
        told = {"part": "budget", "content": {}, "at": at}

        with pytest.raises(Denied):
            writing.save_section(actor=house.ana, contract_id=sent.pk, **told)
        with pytest.raises(Unknown):
            writing.save_section(actor=house.carla, contract_id=draft.pk, **told)


@pytest.mark.django_db
class TestPapers:
    def test_go_from_each_party_to_the_other_and_hold_back_what_waits_for_them(self, house, at):
        contract = given.drafted(at, house)
        asked = [{"title": "Afiliación", "moment": "signature", "required": "yes"}]
        common = {"contract_id": contract.pk, "at": at}
        writing.save_section(actor=house.ana, part="supplier_documents", content={"asked": asked}, **common)
        annex = writing.attach_annex(actor=house.ana, title="Anexo 1", document=given.tendering.pdf("a.pdf"), **common)
        services.send_contract(actor=house.ana, **common)

        with pytest.raises(Refused, match="paper_missing"):
            services.accept_contract(actor=given.signed(house.carla, at), **common)
        with pytest.raises(Refused, match="not_asked"):
            writing.bring_paper(
                actor=house.carla, asked="Otro", title="", document=given.tendering.pdf("c.pdf"), **common
            )
        brought = writing.bring_paper(
            actor=house.carla, asked="Afiliación", title="", document=given.tendering.pdf("b.pdf"), **common
        )
        accepted = services.accept_contract(actor=given.signed(house.carla, at), **common)

        annex.document.refresh_from_db()
        assert (accepted.state, brought.title, annex.document.audience) == ("accepted", "Afiliación", "participants")
        with pytest.raises(Denied):
            writing.remove_annex(actor=house.ana, number=1, **common)
        assert [paper.number for paper in writing.papers_of(house.elena, accepted)] == [1, 2]


@pytest.mark.django_db
class TestText:
    def test_is_made_of_the_sections_and_kept_by_version(self, house, at):
        contract = given.drafted(at, house)
        told = {"actor": house.ana, "contract_id": contract.pk, "at": at}
        writing.save_section(part="performance", content={"visits": "Comité cada mes"}, **told)
        sent = services.send_contract(**told)

        said = text.told_of(sent, at, is_draft=False)
        kept = ContractVersion.objects.get(contract=contract)

        assert ["Reuniones, visitas e informes de la supervisión", "Comité cada mes"] in said["secciones"][-1]["datos"]
        assert [one["numero"] for one in said["secciones"]] == [1, 6, 7]
        assert kept.snapshot["sections"]["performance"]["visits"] == "Comité cada mes"

    def test_carries_both_signatures_in_a_copy_that_breaks_with_one_byte(self, house, at, client):
        contract = given.signed_contract(at, house)
        ledger.sealed()  # the signer makes the seal at its first turn

        tasks.write_missing_copies(0)
        made = Contract.objects.get(pk=contract.pk)
        again = services.write_signed_copy(contract_id=contract.pk, at=at)

        with blobs.open(made.signed_document.sha256) as file:
            content = file.read()
        assert made.signed_document == again.signed_document
        assert made.signed_document.audience == "public"
        assert in_own_thread(seals_of, content) == {"Contratista": (True, True), "Entidad": (True, True)}
        broken = flipped(content)
        assert in_own_thread(seals_of, broken)["Entidad"][0] is False


def flipped(content):
    """The same file with one byte changed: of a comment, so that it still opens."""
    place = content.index(b"\n%") + 3
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def seals_of(content):
    """For each seal: whether the file is as it was sealed, and whether the log's certificate stands behind it."""
    root = in_pem(seal.files()[2])
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    found = {}
    for signature in PdfFileReader(BytesIO(content)).embedded_signatures:
        status = validate_pdf_signature(signature, context)
        found[signature.field_name] = (status.intact, status.trusted)
    return found


def in_pem(path):
    from pyhanko.keys import load_cert_from_pemder

    return load_cert_from_pemder(str(path))


@pytest.mark.django_db
class TestBankAccount:
    def test_is_seen_by_its_own_people_and_by_who_pays_once_it_was_accepted(self, house, at):
        carla = given.signed(house.carla, at)
        suppliers.save_bank_account(
            actor=carla, account_id=carla.account_id, bank="Banco de Ejemplo", kind="savings", number="123456789",
            holder="Carla", at=at,
        )  # fmt: skip
        sent, accepted = given.sent(at, house), given.accepted(at, house)

        seen = [
            bool(queries.bank_account_of(actor, contract))
            for contract in (sent, accepted)
            for actor in (house.carla, house.beto, house.ana, house.elena)
        ]

        assert seen == [True, False, False, False, True, True, False, False]
        assert b"123456789" not in text.render(accepted, at=at)
        assert "123456789" not in str({s.code: s.plain(accepted) for s in sections.SECTIONS})


@pytest.mark.django_db
class TestPages:
    def test_show_the_nine_and_keep_what_was_typed_beside_what_somebody_saved(self, house, at, visitor):
        contract = given.drafted(at, house)
        ana, url = visitor(house.ana), f"/escritorio/contratos/{contract.code}/secciones/condiciones/"
        hub = ana.get(f"/escritorio/contratos/{contract.code}/editar/").content.decode()
        page = ana.get(url)
        form, seen = page.context["form"], page.context["writing"].seen
        shown = {name: form[name].value() or "" for name in form.fields}
        content = {**sections.TERMS.plain(contract), "delivery_place": "Ibagué"}
        writing.save_section(actor=house.beto, contract_id=contract.pk, part="terms", content=content, at=at)

        clash = ana.post(url, {**shown, "delivery_place": "Espinal", "visto": seen})
        saved = ana.post(url, {**shown, "delivery_place": "Espinal", "visto": clash.context["writing"].seen})

        assert [f"{n}. " in hub for n in range(1, 10)] == [True] * 9
        assert "Viene del pliego." in ana.get(url.replace("condiciones", "informacion-general")).content.decode()
        assert (clash.status_code, saved.status_code) == (422, 303)
        assert "Ibagué" in clash.content.decode()
        assert "Espinal" in clash.content.decode()
        assert Contract.objects.get(pk=contract.pk).delivery_place == "Espinal"

    def test_serve_both_parties_over_the_api_and_hide_a_draft(self, house, at, visitor):
        contract, draft = given.sent(at, house), given.drafted(at, house)
        ana, carla = visitor(house.ana), visitor(house.carla)
        base = "/api/v1/contracts"

        said = carla.get(f"{base}/{contract.code}/sections/budget").json()
        hidden = carla.get(f"{base}/{draft.code}/sections/budget").status_code
        body = {
            "content": {**ana.get(f"{base}/{draft.code}/sections/budget").json()["content"], "bpin": "2026000000001"}
        }
        saved = ana.put(f"{base}/{draft.code}/sections/budget", body, content_type="application/json")
        listed = ana.get(f"{base}/{draft.code}/sections").json()

        assert (said["content"]["source_own"], hidden) == ("39850000.50", 404)
        assert (saved.status_code, saved.json()["origins"]["bpin"]) == (200, "typed")
        assert [row["number"] for row in listed] == list(range(1, 8))
