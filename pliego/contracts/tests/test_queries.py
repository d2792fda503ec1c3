import csv
from itertools import chain

import pytest

from pliego.codelists.models import UnspscCode
from pliego.contracts import files, queries, services
from pliego.contracts.models import Contract
from pliego.contracts.policy import POLICY, Act
from pliego.contracts.tests import given
from pliego.contracts.tests.given import signed
from pliego.kernel.actors import ANYONE, SYSTEM, Actor
from pliego.web.pagination import END, paginate_by_key

pytestmark = pytest.mark.django_db
STATES = {"drafted": given.drafted, "sent": given.sent, "signed": given.signed_contract, "running": given.running}


class TestVisibleTo:
    @pytest.mark.parametrize("state", STATES)
    def test_says_the_same_as_the_policy(self, house, at, state):
        contract = STATES[state](at, house)
        dario = given.tendering.supplier(at, "dario")
        roleless = Actor(user_id=999_999, account_id=house.ana.account_id)
        people = [house.ana, house.beto, house.gloria, house.hugo, house.elena, house.carla, dario]

        for actor in [*people, roleless, ANYONE, SYSTEM]:
            by_query = Contract.objects.visible_to(actor).filter(pk=contract.pk).exists()

            assert by_query == bool(POLICY.verdict(actor, Act.VIEW, contract)), actor


class TestPublicView:
    def test_shows_a_signed_contract(self, house, at):
        contract = given.signed_contract(at, house)

        shown = queries.public_contracts(tender_id=contract.tender_id)

        assert [(one.code, one.value.amount, one.supplier_name) for one in shown] == [
            (contract.code, given.VALUE, house.carla.account_name)
        ]

    def test_never_shows_a_draft(self, house, at):
        contract = given.sent(at, house)

        assert queries.public_contracts() == []
        with pytest.raises(ValueError, match="not public"):
            queries.public_view(contract)

    def test_asks_no_more_of_the_database_for_more_contracts(self, house, at, django_assert_num_queries):
        first = given.signed_contract(at, house, covers=("performance",))
        given.approved_guarantee(first, house, at)
        with django_assert_num_queries(3):
            queries.public_contracts()

    def test_holds_no_bank_data(self):
        names = {field.name for field in Contract._meta.get_fields()} | set(queries.PublicContract.__annotations__)

        assert not [name for name in names if "bank" in name or "account_number" in name]


class TestTasks:
    def of(self, actor, at):
        return [str(task.title) for task in queries.tasks_for(actor, at)]

    def test_follow_the_contract_from_hand_to_hand(self, house, at):
        contract = given.drafted(at, house)
        assert len(self.of(house.ana, at)) == 1
        assert self.of(house.carla, at) == []

        services.send_contract(actor=house.ana, contract_id=contract.pk, at=at)
        assert (len(self.of(house.ana, at)), len(self.of(house.carla, at))) == (0, 1)

        services.accept_contract(actor=signed(house.carla, at), contract_id=contract.pk, at=at)
        assert (len(self.of(house.carla, at)), len(self.of(house.beto, at))) == (0, 1)

    def test_ask_for_a_decision_on_each_guarantee(self, house, at):
        contract = given.signed_contract(at, house, covers=("performance",))
        given.submitted_guarantee(contract, house, at)

        assert len(self.of(house.beto, at)) == 2  # start it, and decide the guarantee
        assert self.of(house.elena, at) == []


class TestTheListOfAnAccount:
    def test_is_kept_to_words_and_to_what_one_supervises(self, house, at):
        contract = given.running(at, house)

        def found(actor, **asked):
            return list(queries.of_account(actor=actor, **asked))

        for words in (contract.title[3:9].upper(), contract.code, contract.number.lower(), " "):
            assert found(house.ana, words=words) == [contract], words
        assert found(house.ana, words="%") == []
        assert found(house.gloria, supervised=True) == [contract]
        assert found(house.ana, supervised=True) == []

    def test_as_a_file_has_the_cells_of_the_api(self, house, at):
        given.running(at, house)
        rows = queries.of_account(actor=house.ana)

        heading, *lines = csv.reader(b"".join(files.contracts_csv(rows)).decode("utf-8-sig").splitlines())

        assert tuple(heading) == files.COLUMNS
        assert lines == [[files.record(one)[name] for name in files.COLUMNS] for one in rows]


class TestALongList:
    @pytest.fixture
    def walked(self, rf):
        """Every page from one end of sixty rows to the other, by the address of a step."""
        given_codes = [UnspscCode(code=f"{n:02}", level=2, name=str(n), folded_name=str(n)) for n in range(60)]
        UnspscCode.objects.all().delete()
        UnspscCode.objects.bulk_create(given_codes)

        def walk(step, address="?q=sillas"):
            pages = []
            while address:
                pager = paginate_by_key(rf.get(f"/{address}"), UnspscCode.objects.all())
                pages.append([int(one.code) for one in pager])
                address = getattr(pager, step)
            return pages

        return walk

    def test_goes_by_key_through_all_rows_once_in_either_direction(self, walked):
        down, up = walked("next"), walked("previous", f"?antes={END}")

        assert [len(page) for page in down] == [25, 25, 10]
        assert [*chain(*down)] == [*chain(*reversed(up))] == list(range(59, -1, -1))

    def test_leads_to_both_ends(self, walked):
        first, last = list(range(59, 34, -1)), list(range(24, -1, -1))

        assert walked("last") == [first, last]
        assert walked("first", "?despues=30") == [list(range(29, 4, -1)), first]
        assert walked("first", "?despues=nobody") == [first]
