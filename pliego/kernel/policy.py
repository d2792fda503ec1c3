"""Who may do what: one table per room, asked by pages, API, command line and jobs alike."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.objections import Denied, SignatureRequired, Text, Unknown


@dataclass(frozen=True)
class Verdict:
    allowed: bool
    reason: Text = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Verdict(True)


@dataclass(frozen=True)
class Predicate:
    """A question about an actor and an object that knows how to say why the answer is no."""

    name: str
    test: Callable[[Actor, Any], bool]
    reason: Text

    def __call__(self, actor: Actor, obj: Any) -> Verdict:
        return YES if self.test(actor, obj) else Verdict(False, self.reason)

    def __and__(self, other: "Predicate") -> "Predicate":
        return _Both(
            f"({self.name} and {other.name})", lambda a, o: bool(self(a, o)) and bool(other(a, o)), "", self, other
        )

    def __or__(self, other: "Predicate") -> "Predicate":
        return Predicate(
            f"({self.name} or {other.name})",
            lambda a, o: bool(self(a, o)) or bool(other(a, o)),
            self.reason or other.reason,
        )

    def __invert__(self) -> "Predicate":
        return Predicate(f"not {self.name}", lambda a, o: not self(a, o), _("This is not possible now."))


@dataclass(frozen=True)
class _Both(Predicate):
    first: Predicate
    second: Predicate

    def __call__(self, actor: Actor, obj: Any) -> Verdict:
        return self.first(actor, obj) and self.second(actor, obj)


def who(test: Callable[[Actor, Any], bool], reason: Text, name: str = "") -> Predicate:
    return Predicate(name or getattr(test, "__name__", "").replace("<lambda>", "") or str(reason), test, reason)


@dataclass(frozen=True)
class Explained(Predicate):
    """A question whose no is told from the object: when it ends, how much is left."""

    reason: Callable[[Any], Text]  # type: ignore[assignment]

    def __call__(self, actor: Actor, obj: Any) -> Verdict:
        return YES if self.test(actor, obj) else Verdict(False, self.reason(obj))


anyone = Predicate("anyone", lambda actor, obj: True, "")
nobody = Predicate("nobody", lambda actor, obj: False, _("Nobody can do this here."))
is_signed_in = Predicate("is signed in", lambda actor, obj: actor.signed_in, _("Sign in to do this."))
is_system = Predicate("is the platform", lambda actor, obj: actor.is_system, _("Only the platform itself does this."))


def state_is(*codes: str, field: str = "state") -> Predicate:
    """True while the object's state is one of `codes`."""
    return Predicate(
        "state is " + "/".join(codes),
        lambda actor, obj: getattr(obj, field) in codes,
        _("This is not possible in the present state."),
    )


@dataclass(frozen=True)
class Row:
    """`act` is for `who_may`, while `while_` holds. A `binding` act needs a fresh signature (security.md section 4).

    An act that only `reads` is open to a delegate however narrow the delegation is, and to a suspended person; these
    may also do what is for them, `while_suspended`: to answer.
    """

    act: str
    who_may: Predicate
    while_: Predicate = anyone
    binding: bool = False
    reads: bool = False
    while_suspended: bool = False


class Policy:
    registry: list["Policy"] = []

    def __init__(self, name: str, *, view: str, rows: Iterable[Row]) -> None:
        self.name, self.view = name, view
        self.rows: dict[str, Row] = {}
        for row in rows:
            if row.act in self.rows:
                raise ValueError(f"{name}: two rows for {row.act}")
            self.rows[row.act] = row
        if view not in self.rows:
            raise ValueError(f"{name}: no row says who may view")
        Policy.registry.append(self)

    def verdict(self, actor: Actor, act: str, obj: Any = None) -> Verdict:
        """Whether the actor may do this now, and if not, why, in a sentence for them."""
        row = self.rows[act]
        return (
            self._within_the_mandate(actor, row)
            and self._not_suspended(actor, row)
            and row.who_may(actor, obj)
            and row.while_(actor, obj)
        )

    def _not_suspended(self, actor: Actor, row: Row) -> Verdict:
        """A suspended person reads and answers, and is told why everything else is closed to them."""
        if not actor.suspension or row.reads or row.while_suspended or row.act == self.view:
            return YES
        return Verdict(False, actor.suspension)

    def _within_the_mandate(self, actor: Actor, row: Row) -> Verdict:
        """A delegate does in another's place what the delegation names, and reads; nothing else."""
        if actor.mandate is None or row.reads or row.act == self.view or actor.mandate.covers(self.name, row.act):
            return YES
        sentence = _("The delegation of %(name)s does not cover this act.") % {"name": actor.mandate.grantor_name}
        return Verdict(False, sentence)

    def is_binding(self, act: str) -> bool:
        return self.rows[act].binding

    def require(self, actor: Actor, act: str, obj: Any = None) -> None:
        """Return in silence, or raise Unknown (may not even see it), Denied, or SignatureRequired."""
        if not self.verdict(actor, self.view, obj):
            raise Unknown()
        if not (verdict := self.verdict(actor, act, obj)):
            raise Denied(verdict.reason)
        if self.rows[act].binding and actor.signature is None and not actor.is_system:
            raise SignatureRequired(_("Sign this act with your second factor."))
