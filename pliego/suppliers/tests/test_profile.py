"""A supplier's profile: what it says, what is computed, and who reads what."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest

from pliego.kernel.objections import Denied, Refused, SignatureRequired
from pliego.ledger.models import Entry
from pliego.parties.tests import given as parties
from pliego.suppliers import queries, rules, services, sizes
from pliego.suppliers.models import BankAccount, BiddersRegister, Experience
from pliego.suppliers.rules import ExperienceData, ProfileData, Statement

PLANTED = "98765432109876"


@pytest.fixture
def cast(db, at):
    return parties.cast(at=at)


def statement(**changes):
    told = {
        "as_of": date(2025, 12, 31), "current_assets": "500", "current_liabilities": "200", "total_assets": "1000",
        "total_liabilities": "400", "equity": "600", "operating_profit": "120", "interest": "30",
    }  # fmt: skip
    return Statement(**{k: v if isinstance(v, date) else Decimal(v) for k, v in {**told, **changes}.items()})


class TestSize:
    @pytest.mark.parametrize(
        ("activity", "uvt", "code"),
        [
            ("manufacture", 23_563, "micro"), ("manufacture", 23_564, "small"), ("manufacture", 204_995, "small"),
            ("manufacture", 204_996, "medium"), ("manufacture", 1_736_565, "medium"),
            ("manufacture", 1_736_566, "large"),
            ("services", 32_988, "micro"), ("services", 32_989, "small"), ("services", 131_952, "medium"),
            ("services", 483_035, "large"), ("commerce", 44_769, "micro"), ("commerce", 431_197, "medium"),
            ("commerce", 2_160_693, "large"), ("commerce", 0, "micro"),
        ],
    )  # fmt: skip
    def test_is_that_of_the_law_at_each_limit(self, activity, uvt, code):
        income = Decimal(uvt * sizes.UVT[2025][0])

        assert sizes.size_of(activity=activity, income=income, year=2025).code == code

    def test_is_kept_with_its_article(self, cast, at):
        data = ProfileData(activity="services", income_year=2025, income_amount=Decimal("2000000000"))
        profile = services.save_profile(actor=cast.carla, account_id=cast.first_supplier.pk, data=data, at=at)

        cast.first_supplier.refresh_from_db()
        assert cast.first_supplier.size == "small"
        assert "Decreto 957" in profile.size_basis

    @pytest.mark.parametrize(
        ("told", "code"),
        [
            ({"main_category": "123"}, "not_unspsc"),
            ({"activity": "services"}, "size_incomplete"),
            ({"activity": "x", "income_year": 2025, "income_amount": Decimal(1)}, "not_an_option"),
            ({"activity": "services", "income_year": 2026, "income_amount": Decimal(1)}, "year_wrong"),
            ({"activity": "services", "income_year": 1990, "income_amount": Decimal(1)}, "year_wrong"),
        ],
    )
    def test_is_refused(self, cast, at, told, code):
        with pytest.raises(Refused, match=code):
            services.save_profile(actor=cast.carla, account_id=cast.first_supplier.pk, data=ProfileData(**told), at=at)


class TestCapacity:
    def test_is_computed_and_not_typed(self, cast, at):
        year = services.save_statement(actor=cast.carla, account_id=cast.first_supplier.pk, data=statement(), at=at)

        told = rules.indicators(year)
        assert (told.liquidity, told.indebtedness, told.interest_coverage) == (
            Decimal("2.50"), Decimal("0.40"), Decimal("4.00"),
        )  # fmt: skip
        assert (told.return_on_equity, told.return_on_assets) == (Decimal("0.20"), Decimal("0.12"))

    def test_is_undetermined_without_a_divisor(self):
        assert rules.indicators(statement(interest="0")).interest_coverage is None

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"equity": "599"}, "does_not_balance"),
            ({"current_assets": "1001"}, "part_over_whole"),
            ({"current_liabilities": "401"}, "part_over_whole"),
            ({"as_of": date(2027, 1, 1)}, "in_the_future"),
        ],
    )
    def test_is_refused(self, cast, at, changes, code):
        with pytest.raises(Refused, match=code):
            services.save_statement(
                actor=cast.carla, account_id=cast.first_supplier.pk, data=statement(**changes), at=at
            )


class TestExperience:
    def data(self, **changes):
        told = {"client": "Alcaldía", "title": "Suministro", "amount": Decimal(1000),
                "starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31), "unspsc": ("432115",)}  # fmt: skip
        return ExperienceData(**{**told, **changes})

    def test_is_numbered_and_can_be_withdrawn(self, cast, at):
        on = {"actor": cast.carla, "account_id": cast.first_supplier.pk, "at": at}
        services.add_experience(data=self.data(), proof=parties.upload("certificado.pdf"), **on)
        services.add_experience(data=self.data(title="Otro"), **on)
        services.withdraw_experience(number=1, **on)

        shown = queries.profile_for(actor=cast.ana, account=cast.first_supplier, at=at)
        assert [row.number for row in shown.experiences] == [2]
        assert Experience.objects.count() == 2

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"ends_on": date(2023, 1, 1)}, "dates_reversed"),
            ({"ends_on": date(2030, 1, 1)}, "not_finished"),
            ({"amount": Decimal(0)}, "amount_wrong"),
            ({"unspsc": ("1",)}, "not_unspsc"),
        ],
    )
    def test_is_refused(self, cast, at, changes, code):
        with pytest.raises(Refused, match=code):
            services.add_experience(
                actor=cast.carla, account_id=cast.first_supplier.pk, data=self.data(**changes), at=at
            )

    def test_is_denied_to_others(self, cast, at):
        for actor in (cast.dario, cast.ana, cast.fabio):
            with pytest.raises(Denied):
                services.add_experience(actor=actor, account_id=cast.first_supplier.pk, data=self.data(), at=at)


class TestRegister:
    def test_holds_until_the_fifth_business_day_of_april(self):
        register = BiddersRegister(registered_on=date(2020, 5, 1), renewed_on=date(2025, 3, 20))

        assert rules.register_holds_until(register) == date(2026, 4, 9)  # 2 and 3 April 2026 are holidays

    def test_is_refused_with_dates_that_cannot_be(self, cast, at):
        told = {"number": "1", "chamber": "Bogotá", "registered_on": at.date(), "at": at}

        with pytest.raises(Refused, match="dates_reversed"):
            services.save_register(
                actor=cast.carla, account_id=cast.first_supplier.pk, renewed_on=at.date() - timedelta(days=1), **told
            )


class TestReaders:
    def test_see_what_is_theirs_to_see(self, cast, at):
        account = cast.first_supplier
        services.save_statement(actor=cast.carla, account_id=account.pk, data=statement(), at=at)

        seen = {
            name: queries.profile_for(actor=cast.actors[name], account=account, at=at)
            for name in ("carla", "dario", "ana", "fabio", "ines")
        }

        assert {name for name, shown in seen.items() if shown.years} == {"carla", "ana", "ines"}
        assert {name for name, shown in seen.items() if shown.sees_bank} == {"carla"}


class TestBankAccount:
    @pytest.fixture
    def planted(self, cast, at):
        services.save_bank_account(
            actor=cast.carla, account_id=cast.first_supplier.pk, bank="Banco Sembrado", kind="savings",
            number=PLANTED, holder="Titular Sembrada", proof=parties.upload("banco.pdf"), at=at,
        )  # fmt: skip
        services.save_statement(actor=cast.carla, account_id=cast.first_supplier.pk, data=statement(), at=at)

    def test_needs_a_signature(self, cast, at):
        with pytest.raises(SignatureRequired):
            services.save_bank_account(
                actor=cast.carla.with_signature(None), account_id=cast.first_supplier.pk, bank="B", kind="savings",
                number=PLANTED, holder="X", at=at,
            )  # fmt: skip

    def test_is_in_no_entry_of_the_ledger(self, planted):
        for entry in Entry.objects.all():
            assert PLANTED not in entry.body
            assert "Sembrad" not in entry.body

    def test_is_on_no_page_of_anybody_else(self, planted, cast, at, client_for):
        code, number = cast.first_supplier.code, cast.first_supplier.organization.number
        paths = [
            f"/proveedores/{number}/", f"/proveedores/{code}/", f"/api/v1/accounts/{code}", "/api/v1/accounts?q=paramo",
            f"/api/v1/suppliers/{code}/profile", f"/cuenta/registros/{code}/", "/escritorio/perfil/",
            "/escritorio/perfil/banco/", "/ocds/api/v1/records", "/ocds/api/v1/releases", "/bitacora/", "/procesos/",
            "/bitacora/entradas/",
        ]  # fmt: skip
        accounts = {"ana": cast.entity, "dario": cast.second_supplier, "ines": None, "fabio": None}
        clients = [client_for(cast.person(name), account) for name, account in accounts.items()]
        for client in [*clients, client_for()]:
            for path in paths:
                answer = client.get(path, follow=True)
                text = b"".join(answer.streaming_content) if answer.streaming else answer.content
                assert PLANTED.encode() not in text, path
                assert b"Sembrad" not in text, path
        own = client_for(cast.person("carla"), cast.first_supplier).get("/escritorio/perfil/")
        assert PLANTED in own.text

    def test_its_certificate_is_of_the_account_alone(self, planted, cast, client_for):
        document = BankAccount.objects.get().document
        others = {"ana": cast.entity, "dario": cast.second_supplier, "ines": None}
        for name, account in others.items():
            assert client_for(cast.person(name), account).get(document.get_absolute_url()).status_code == 404
        assert client_for(cast.person("carla"), cast.first_supplier).get(document.get_absolute_url()).status_code == 200


class TestPages:
    @pytest.mark.parametrize("page", ["", "datos/", "experiencia/", "capacidad/", "rup/", "banco/"])
    def test_are_of_suppliers(self, cast, client_for, page):
        carla, ana = client_for(cast.person("carla"), cast.first_supplier), client_for(cast.person("ana"), cast.entity)

        assert carla.get(f"/escritorio/perfil/{page}").status_code == 200
        assert ana.get(f"/escritorio/perfil/{page}").status_code == 403

    def test_are_filled_in_as_people_write(self, cast, client_for):
        carla = client_for(cast.person("carla"), cast.first_supplier)

        profile = carla.post("/escritorio/perfil/datos/", {
            "main_category": "432115 Computadores", "activity": "commerce", "income_year": "2025",
            "income_amount": "$ 1.200.000.000",
        })  # fmt: skip
        contract = carla.post("/escritorio/perfil/experiencia/", {
            "client": "Alcaldía", "title": "Suministro", "amount": "1.000.000", "starts_on": "01/02/2024",
            "ends_on": "30/06/2024", "unspsc": "432115; 441031",
        })  # fmt: skip
        register = carla.post("/escritorio/perfil/rup/", {
            "number": "12345", "chamber": "Bogotá", "registered_on": "01/02/2020", "renewed_on": "01/03/2026",
        })  # fmt: skip

        assert (profile.status_code, contract.status_code, register.status_code) == (303, 303, 303)
        page = carla.get("/escritorio/perfil/")
        assert "12345" in page.text
        assert carla.post("/escritorio/perfil/experiencia/1/retirar/", {}).status_code == 303

    def test_the_api_takes_and_gives_the_same(self, cast, client_for):
        carla = client_for(cast.person("carla"), cast.first_supplier)
        path = f"/api/v1/suppliers/{cast.first_supplier.code}"
        told = {k: str(v) for k, v in vars(statement()).items()}

        sent = carla.post(f"{path}/statements", json.dumps(told), content_type="application/json")
        seen = client_for(cast.person("ana"), cast.entity).get(f"{path}/profile")
        hidden = client_for().get(f"{path}/profile")

        assert sent.status_code == 201
        assert seen.json()["years"][0]["liquidity"] == "2.50"
        assert hidden.json()["years"] == []
