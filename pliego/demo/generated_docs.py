"""The pages of docs/generated: what the tables of the code say, for people. The same tables give the same text."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.utils import translation

from pliego.kernel.events import REACTIONS, Event
from pliego.kernel.policy import Policy
from pliego.kernel.states import Machine
from pliego.methods import catalogue
from pliego.methods.law import Method, Milestone, Period

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "generated"
NOTE = "<!-- Made by `make docs` from the tables in the code. Do not edit. -->"


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    makers: dict[str, Callable[[], Iterable[str]]] = {
        "methods.md": _methods,
        "states.md": _states,
        "permissions.md": _permissions,
        "events.md": _events,
    }
    import_module(settings.ROOT_URLCONF)  # with the pages come the tables that only they use
    with translation.override("en"):
        return {name: "\n".join([NOTE, "", *make()]).rstrip() + "\n" for name, make in makers.items()}


def stale(folder: Path = FOLDER) -> list[str]:
    """The pages that are not what the tables say now."""
    return [
        name
        for name, text in pages().items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


def write(folder: Path = FOLDER) -> list[str]:
    """Write the stale pages; answers which."""
    folder.mkdir(parents=True, exist_ok=True)
    written, made = stale(folder), pages()
    for name in written:
        (folder / name).write_text(made[name], encoding="utf-8")
    return written


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def _table(*heads: str) -> list[str]:
    return [_row(*heads), _row(*("---" for _head in heads))]


# ---- methods -------------------------------------------------------------------------------------------------------


def _methods() -> Iterable[str]:
    yield from (
        "# Methods",
        "",
        "Each method is a file of `pliego/methods/catalogue/`. A rule marked *advice* warns only.",
    )
    for method in catalogue.every():
        yield from ("", f"## {method.title.es} · version {method.version}", "")
        yield f"`{method.code}` · {method.title.en} · OCDS `{method.ocds_method}` · {method.legal_basis}"
        until = f" until {method.in_force_until}" if method.in_force_until else ""
        yield from ("", f"In force from {method.in_force_from}{until}. {method.summary.en}", "")
        flags = [name for name in type(method.flags).__struct_fields__ if getattr(method.flags, name)]
        guaranteed = "required" if method.guarantees.required else "not required"
        yield f"Guarantees {guaranteed}. Also: {', '.join(flags) or '–'}."
        if method.only_for:
            yield from ("", f"Only for: {', '.join(method.only_for)}.")
        yield from _schedule(method)
        yield from _more(method)
        yield from _papers(method)


def _schedule(method: Method) -> Iterable[str]:
    yield from ("", *_table("Stage", "Kind", "Milestone", "Code", "Reached by", "Hours", "Editable until"))
    for stage in method.stages:
        for code in stage.milestones:
            milestone = method.milestone(code)
            hours = _hours(milestone)
            until = milestone.editable_until or "publication"
            yield _row(stage.title.en, stage.kind, milestone.title.es, f"`{code}`", milestone.act, hours, until)
        if not stage.milestones:
            yield _row(stage.title.en, stage.kind, "–", "–", "–", "–", "–")
    yield from ("", *_table("From", "To", "Term", "Basis", "Kind"))
    for period in method.periods:
        kind = "advice" if period.advice else "law"
        yield _row(f"`{period.start}`", f"`{period.end}`", _term(period), period.legal_basis, kind)


def _more(method: Method) -> Iterable[str]:
    """What only some methods have: envelopes of several moments, a draw, an extension, a series of its own."""
    yield ""
    for envelope in method.envelopes:
        whose = {"all": "", "fit": " for those found fit", "first": " for the first in the order"}[envelope.opens_for]
        yield f"- Envelope *{envelope.title.es}* ({envelope.holds}) opens at `{envelope.opens_at}`{whose}."
    if draw := method.draw:
        terms = f"more than {draw.more_than} are interested; at least {draw.stay_at_least} stay"
        yield f"- Draw when {terms} ({draw.legal_basis})."
    if longer := method.extension:
        most = f"{longer.at_most_percent} % of its first term"
        yield f"- `{longer.end}` may be extended by at most {most} ({longer.legal_basis})."
    if method.publication_only:
        states = ", ".join(stage.literal for stage in method.stages)
        drafts = f"{method.publication_only.draft_literal}, {method.publication_only.discarded_literal}"
        yield f"- Series `{method.publication_only.series}`. States: {drafts}, {states}."


def _hours(milestone: Milestone) -> str:
    if milestone.between is None:
        return f"proposed {milestone.time}"
    kind = "advice" if milestone.hours_advice else milestone.hours_legal_basis
    return f"{milestone.between[0]}–{milestone.between[1]} ({kind}), proposed {milestone.time}"


def _term(period: Period) -> str:
    found = []
    for value, words in (
        (period.at_least_business_days, "at least {} business days"),
        (period.at_most_business_days, "at most {} business days"),
        (period.at_least_calendar_days, "at least {} calendar days"),
        (period.at_most_calendar_days, "at most {} calendar days"),
    ):
        if value is not None:
            found.append("not before" if value == 0 and "least" in words else words.format(value))
    return ", ".join(found) + (", to the hour" if period.to_the_hour else "")


def _papers(method: Method) -> Iterable[str]:
    yield from ("", *_table("Document", "By", "Read by", "Basis", "Kind"))
    for document in method.documents:
        kind = "made by Pliego" if document.generated else "required" if document.is_required else "optional"
        yield _row(document.title.es, f"`{document.moment}`", document.audience, document.legal_basis, kind)
    if method.causals:
        yield from ("", *_table("Ground", "Basis", "Act that states it"))
        for causal in method.causals:
            basis = causal.legal_basis + (" (to be checked)" if causal.advice else "")
            yield _row(causal.title.es, basis, causal.justification)


# ---- states --------------------------------------------------------------------------------------------------------


def _states() -> Iterable[str]:
    yield from ("# States", "", "The same tables make the triggers of the database, the buttons and these diagrams.")
    for machine in sorted(Machine.registry, key=lambda machine: (machine.model, machine.field)):
        yield from ("", f"## {machine.title} · `{machine.model}.{machine.field}`", "", "```mermaid", "stateDiagram-v2")
        yield f"    [*] --> {machine.initial}"
        for row in machine.rows:
            for source in row.sources:
                yield f"    {source} --> {row.target}: {row.act}"
        yield from ("```", "", *_table("State", "Shown as", "OCDS"))
        for state in machine.states.values():
            yield _row(f"`{state.code}`", state.title, f"`{state.ocds}`" if state.ocds else "–")
        yield from ("", *_table("Act", "From", "To", "Refused when"))
        for row in machine.rows:
            rules = ", ".join(f"`{getattr(rule, '__name__', rule)}`" for rule in row.refuse) or "–"
            yield _row(f"`{row.act}`", ", ".join(row.sources), row.target, rules)


# ---- permissions ---------------------------------------------------------------------------------------------------


def _permissions() -> Iterable[str]:
    yield from (
        "# Permissions",
        "",
        "Who may do what, while what. Who may not *view* a thing is told that it does not exist.",
    )
    for policy in sorted(Policy.registry, key=lambda policy: policy.name):
        yield from ("", f"## {policy.name}", "", *_table("Act", "Who", "While", "Signature"))
        for row in policy.rows.values():
            while_ = "always" if row.while_.name == "anyone" else row.while_.name
            yield _row(f"`{row.act}`", row.who_may.name, while_, "second factor" if row.binding else "–")


# ---- events --------------------------------------------------------------------------------------------------------


def _events() -> Iterable[str]:
    yield from (
        "# Events",
        "",
        "Each one is an entry of the ledger. Private ones show only their hash until disclosed.",
    )
    yield from ("", *_table("Event", "What it says", "Public", "Who listens"))
    for code, event in sorted(Event.registry.items()):
        if not event.__module__.startswith("pliego.") or ".tests" in event.__module__:
            continue
        listeners = sorted(name.removeprefix("pliego.").replace(".reactions", "") for name in REACTIONS.get(code, {}))
        said = ", ".join(f"`{name}`" for name in listeners) or "–"
        yield _row(f"`{code}`", event.title, "yes" if event.public else "no", said)
