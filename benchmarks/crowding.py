"""An entity with very many contracts and invoices: one of each is made by the services, the others are its copies."""

from typing import Any

BATCH = 20_000
SUPPLIERS, SUPERVISORS, INVOICES, OF_ONE = 2_000, 200, 10, 500

# Of every hundred contracts, how many are at each stage; the rest run. `n` is the number of the copy.
STAGE = """(CASE WHEN n % 100 < 3 THEN 'signed' WHEN n % 100 < 28 THEN 'completed' WHEN n % 100 < 33 THEN 'settled'
  WHEN n % 100 < 53 THEN 'closed' ELSE 'running' END)"""
SUSPENDED = "(n % 100 = 99)"
HAPPENED = f"""(CASE WHEN {SUSPENDED} THEN '{{suspended}}' WHEN n % 9 = 0 THEN '{{added,extended}}'
  WHEN n % 9 = 1 THEN '{{extended}}' WHEN n % 97 = 5 THEN '{{assigned}}' ELSE '{{}}' END)::varchar[]"""
WORK = """((ARRAY['Mantenimiento de vías', 'Suministro de papelería', 'Apoyo a la gestión', 'Interventoría de obra',
  'Aseo y cafetería', 'Dotación escolar', 'Alquiler de equipos'])[1 + n % 7] || ' del sector ' || (n % 1013))"""
PAID = (
    "(CASE WHEN n % 10 < 7 THEN 'paid' WHEN n % 10 = 7 THEN 'approved' WHEN n % 10 = 8 THEN 'sent' ELSE 'returned' END)"
)


def copied(table: str, pk: int, source: str, **said: str) -> None:
    """A copy of one row for each row of `source` (which gives `n`); `said` are the columns that differ, as SQL."""
    from django.db import connection

    columns = (
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
        " AND column_name <> 'id' AND is_generated = 'NEVER'"
    )
    with connection.cursor() as cursor:
        cursor.execute(columns, [table])
        names = [row[0] for row in cursor.fetchall()]
        values = ", ".join(said.get(name, f't."{name}"') for name in names)
        listed = ", ".join(f'"{name}"' for name in names)
        # Names are the catalogue's own; values are constants of this module.
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {values} FROM {source}, {table} t WHERE t.id = {pk}")


def series(first: int, last: int) -> str:
    return f"generate_series({first}, {last}) n"


def crowd(rows: int) -> Any:
    """The house of a world with that many contracts and ten invoices of each. Nobody in it has the name of a person."""
    from django.db import connection, transaction

    from benchmarks.worlds import MONDAY
    from pliego.contracts.tests import given
    from pliego.execution.tests import given as execution
    from pliego.kernel import clock

    with clock.fixed(MONDAY), transaction.atomic():
        house = given.house(MONDAY)
        contract = given.running(MONDAY, house, covers=("performance",))
        invoice = execution.paid_invoice(contract, house, MONDAY)
    with connection.cursor() as cursor:
        # As the owner of the database does when it restores one: what the acts guarantee was already so.
        cursor.execute("SET session_replication_role = replica")
        suppliers = _suppliers(contract.supplier)
        people = _supervisors(contract.supervisor)
        for first in range(1, rows + 1, BATCH):
            _contracts(contract, suppliers, people, first, min(rows, first + BATCH - 1))
        base = contract.pk
        for first in range(base + 1, base + rows + 1, BATCH):
            _invoices(invoice, first, min(base + rows, first + BATCH - 1))
        guarantee = contract.guarantees.get()
        of_all = f"(SELECT id AS n FROM contracts_contract WHERE id > {base}) c"
        copied(
            "contracts_guarantee", guarantee.pk, of_all, contract_id="n", policy_number="'POL-' || n",
            ends_on="t.starts_on + 60 + (n % 900)::int",
        )  # fmt: skip
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")
    return house, contract


def _suppliers(account: Any) -> int:
    """The first of the copies of a supplier; their numbers follow one another."""
    organization = account.organization
    copied(
        "parties_organization", organization.pk, series(1, SUPPLIERS), number="(830000000 + n)::text",
        legal_name="'PROVEEDORA ' || n || ' SAS'",
    )  # fmt: skip
    copied(
        "parties_account", account.pk, f"(SELECT id AS n FROM parties_organization WHERE id > {organization.pk}) o",
        organization_id="n", code="'PLG.CTA.8' || n",
    )  # fmt: skip
    from pliego.parties.models import Account

    return Account.objects.filter(code__startswith="PLG.CTA.8").order_by("pk").values_list("pk", flat=True)[0]


def _supervisors(user: Any) -> int:
    copied(
        "accounts_user", user.pk, series(1, SUPERVISORS), code="'PLG.USR.8' || n", email="'s' || n || '@example.org'",
        full_name="'SUPERVISIÓN ' || n", document_number="(1900000000 + n)::text",
    )  # fmt: skip
    from pliego.accounts.models import User

    return User.objects.filter(code__startswith="PLG.USR.8").order_by("pk").values_list("pk", flat=True)[0]


def _contracts(contract: Any, suppliers: int, people: int, first: int, last: int) -> None:
    """The first ones are of one supervisor, who has five hundred; the others go round."""
    value = "(5000000 + (n::bigint * 7919) % 900000000)::numeric"
    copied(
        "contracts_contract", contract.pk, series(first, last), code="'PLG.CTO.8' || n", award_id="NULL",
        number="'CTR-' || n || '-2026'", title=WORK, object=WORK, supplier_id=f"{suppliers} + n % {SUPPLIERS}",
        supervisor_id=f"CASE WHEN n < {OF_ONE} THEN t.supervisor_id ELSE {people} + n % {SUPERVISORS} END",
        value_amount=value, budget_commitment_amount=value, state=STAGE, happened=HAPPENED,
        starts_on="t.starts_on - (n % 700)", ends_on="t.starts_on - (n % 700) + 300 + (n % 500)",
        completed_on=f"CASE WHEN {STAGE} IN ('completed', 'settled', 'closed') THEN t.starts_on END",
        suspended_on=f"CASE WHEN {SUSPENDED} THEN t.starts_on END",
        resumes_on=f"CASE WHEN {SUSPENDED} THEN t.starts_on + 30 END",
        signed_at="t.signed_at - (n % 700) * interval '1 day'",
    )  # fmt: skip


def _invoices(invoice: Any, first: int, last: int) -> None:
    source = f"""(SELECT c.id, c.id * {INVOICES} + k AS n, k, c.starts_on + 30 * k AS day,
      round(c.value_amount / {INVOICES + 1}, 2) AS part
      FROM contracts_contract c, generate_series(1, {INVOICES}) k WHERE c.id BETWEEN {first} AND {last}) c"""
    is_paid = f"{PAID} = 'paid'"
    copied(
        "execution_invoice", invoice.pk, source, code="'PLG.FAC.8' || c.n", contract_id="c.id", number="'F-' || c.k",
        amount="c.part", state=PAID.replace("n %", "c.n %"), issued_on="c.day",
        sent_at="c.day + interval '9 hours'", first_sent_at="c.day + interval '9 hours'",
        waiting_since="NULL", at_step_id="NULL", returned_reason="'Corríjala'",
        paid_on=f"CASE WHEN {is_paid} THEN c.day + 5 + (c.n % 50)::int END",
        paid_by_id=f"CASE WHEN {is_paid} THEN t.paid_by_id END", paid_at=f"CASE WHEN {is_paid} THEN t.paid_at END",
    )  # fmt: skip
