"""What has a day over the contracts that a person supervises, as plain rows: there may be thousands of them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from pliego.conditions.covers import COVERS
from pliego.contracts.models import Contract, Guarantee
from pliego.kernel.actors import Actor
from pliego.kernel.todo import Deadline

FOLLOWED = ("signed", "running", "completed", "settled")
PAGE = "execution:contract"


def supervised_by(actor: Actor, path: str = "") -> Q:
    """The contracts that the person supervises for their account, or whoever they act for, until the file is closed.

    `path` is how a model names its contract, with its underscores.
    """
    person = actor.mandate.grantor_id if actor.mandate else actor.user_id
    told = {"supervisor_id": person, "buyer_id": actor.account_id, "state__in": FOLLOWED}
    return Q(**{f"{path}{name}": value for name, value in told.items()})


def deadlines_for(actor: Actor, at: datetime) -> Iterator[Deadline]:
    """The ends of the contracts that run, the planned resumptions of those that are suspended, and the ends of the
    guarantees approved for those whose file is open."""
    running = Contract.objects.filter(supervised_by(actor), state="running", ends_on__isnull=False)
    for contract in running.only("ends_on", "suspended_on", "resumes_on", "code", "title"):
        told = (contract.code, contract.title, "", PAGE, (contract.code,))
        assert contract.runs_until is not None
        yield Deadline("contract", contract.runs_until, *told)
        if contract.resumes_on is not None:
            yield Deadline("resumption", contract.resumes_on, *told)
    covered = Guarantee.objects.filter(supervised_by(actor, "contract__"), state="approved")
    rows = covered.values_list("ends_on", "contract__code", "contract__title", "cover", "policy_number")
    for day, code, title, cover, number in rows:
        yield Deadline("guarantee", day, code, title, f"{COVERS[cover].title} · {number}", PAGE, (code,))
