"""What the rooms above tell this one about their acts: how to find what is approved, and what exactly it is.

Each room registers a source for its kinds of act in its `approvals.py`; nothing here knows what a process is.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Text, Unknown
from pliego.kernel.states import Machine
from pliego.ledger import canonical

Option = tuple[str, Text]


@dataclass(frozen=True)
class Case:
    """One act about to be done: whose, in which file, for how much, with which content, and who did what before it.

    `people` are user ids by capacity: author, evaluator, signer, approver of an invoice.
    """

    account_id: int
    account_code: str
    subject: str
    title: str
    file: str
    content: Mapping[str, Any]
    amount: Decimal | None = None
    people: Mapping[str, frozenset[int]] = field(default_factory=dict)
    url: str = ""

    @property
    def sha256(self) -> str:
        return hashlib.sha256(canonical.encode(dict(self.content)).encode()).hexdigest()


@dataclass(frozen=True)
class Source:
    """How a kind of act is found and described. `early` are objections that do not hinder asking for approval.

    `owners` are whose flows come before the account's for this act, the narrowest first: a room above says so.
    """

    machine: Machine
    act: str
    find: Callable[[Actor, str], Any]
    account_id: Callable[[Any], int]
    subject: Callable[[Any], str]
    describe: Callable[[Any, str], Case]
    options: Callable[[Any], list[Option]] = lambda obj: []
    early: frozenset[str] = frozenset()
    owners: Callable[[Any], tuple[str, ...]] = lambda obj: ()


SOURCES: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    SOURCES[kind] = source


def source_of(kind: str) -> Source:
    if kind not in SOURCES:
        raise Unknown()
    return SOURCES[kind]
