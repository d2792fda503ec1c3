"""Pages of the evaluation: the desk's matrix and acts, and the public report."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pliego.bidding import calling
from pliego.evaluation import forms, queries, rules, services, sheets, weighing
from pliego.evaluation.models import Evaluation
from pliego.evaluation.policy import POLICY, Act
from pliego.evaluation.states import EVALUATION
from pliego.kernel.objections import Denied, Unknown, gather
from pliego.methods import catalogue
from pliego.panels import queries as panels
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.buttons import Button, button
from pliego.web.http import Request


def own_evaluation(request: Request, code: str) -> Evaluation:
    """The evaluation on the desk of the entity whose process it is; for others the public report exists."""
    rows = Evaluation.objects.visible_to(request.actor).select_related("tender__buyer__organization")
    return get_visible(rows.filter(tender__buyer_id=request.actor.account_id or 0), tender__code=code)


def allow(request: Request, act: Act, evaluation: Evaluation) -> None:
    """403 with the reason, before a page that could only end in it. The signature is asked on the page."""
    if not (verdict := POLICY.verdict(request.actor, act, evaluation)):
        raise Denied(verdict.reason)


def home(evaluation: Evaluation) -> str:
    return reverse("evaluation:evaluation", args=[evaluation.tender.code])


def page_of(evaluation: Evaluation, title: str, submit: str, **more: Any) -> dict[str, Any]:
    crumbs = [(home(evaluation), _("Evaluation")), ("", title)]
    return {
        "evaluation": evaluation,
        "tender": evaluation.tender,
        "title": title,
        "submit_label": submit,
        "cancel_url": home(evaluation),
        "crumbs": crumbs,
        **more,
    }


def told(sentence: str, receipt: Any) -> str:
    return f"{sentence} " + _("Receipt %(code)s.") % {"code": receipt.code}


@signed_in
def evaluation(request: Request, code: str) -> HttpResponse:
    """Offers by requirements, the order, the reports, and what can be done now."""
    found = own_evaluation(request, code)
    waits = panels.must_declare(request.actor, found.tender)
    columns = [] if waits else queries.matrix_of(found)
    context = {
        "evaluation": found,
        "tender": found.tender,
        "columns": columns,
        "seat_waits": panels.may_evaluate(request.actor, found.tender).reason if waits else "",
        "items": queries.requirements_of(found.tender),
        "ranking": queries.ranking_of(found),
        "ties": queries.ties_of(found) if found.state == "reported" else [],
        "reports": found.reports.select_related("document"),
        "observations": found.observations.all(),
        "scoring": [] if waits else sheets.progress_of(found, request.actor),
        "can_score": bool(weighing.judged_of(found.tender)) and POLICY.verdict(request.actor, Act.SCORE, found).allowed,
        "requests": [] if waits else sheets.requests_of(found, request.received_at),
        "can_ask": POLICY.verdict(request.actor, Act.ASK, found).allowed,
        "can_assess": POLICY.verdict(request.actor, Act.ASSESS, found).allowed,
        "can_answer": POLICY.verdict(request.actor, Act.ANSWER, found).allowed,
        "buttons": _buttons(request, found),
        "crumbs": [(f"/escritorio/procesos/{code}/", code), ("", _("Evaluation"))],
    }
    return render(request, "evaluation/evaluation.html", context)


def _buttons(request: Request, found: Evaluation) -> list[Button]:
    at = request.received_at
    buttons = []
    if found.state == "assessing":
        refusals = EVALUATION.objections(found, "report", at=at)
        buttons.append(_act(request, found, Act.REPORT, "report", _("Publish the report"), objections=refusals))
    if weighing.needs_rate(found.tender) and not rules.rate_is_not_asked(found):
        buttons.append(_act(request, found, Act.RATE, "rate", _("Write the exchange rate"), kind="secondary"))
    if found.state == "reported":
        buttons += _after_the_report(request, found, at)
    return buttons


def _act(request: Request, found: Evaluation, act: Act, page: str, label: str, **how: Any) -> Button:
    url = reverse(f"evaluation:{page}", args=[found.tender.code])
    return button(label, url, verdict=POLICY.verdict(request.actor, act, found), **how)


def _after_the_report(request: Request, found: Evaluation, at: datetime) -> list[Button]:
    buttons = []
    if rules.prices_are_not_reported(found, at):
        refusals = EVALUATION.objections(found, "report_prices", at=at)
        label = _("Publish the evaluation of the prices")
        buttons.append(_act(request, found, Act.REPORT_PRICES, "prices", label, objections=refusals))
    if queries.ties_of(found):
        buttons.append(_act(request, found, Act.BREAK_TIE, "tie", _("Decide the tie")))
    if rules.calls_offers(found.tender.rulebook):
        refusals = gather(rules.observations_are_running(found, at), rules.observations_are_unanswered(found, at))
        label = _("Call an offer to open its envelope")
        buttons.append(_act(request, found, Act.CALL, "call", label, objections=refusals))
        refusals, label = sheets.cannot_agree(found), _("Agree on the price")
        buttons.append(_act(request, found, Act.NEGOTIATE, "agree_price", label, objections=refusals))
    buttons.append(_act(request, found, Act.REOPEN, "reopen", _("Evaluate again"), kind="secondary"))
    return buttons


@signed_in
def assess(request: Request, code: str, bid: str) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.ASSESS, found)
    if (column := queries.column_of(found, bid)) is None:
        raise Unknown()
    return perform(
        request,
        page="evaluation/assess.html",
        form=forms.AssessForm,
        act=lambda data, actor: services.assess_bid(
            actor=actor,
            tender_id=found.tender_id,
            bid=bid,
            findings=forms.findings_of(data, column),
            explanation=data.get("explanation", ""),
            note=data["note"],
            at=request.received_at,
        ),
        done=lambda done: (home(found), told(_("The assessment has been saved."), done.receipt)),
        initial=forms.initial_of(column),
        form_options={"column": column},
        context=page_of(found, column.row.supplier_name, _("Save the assessment"), column=column),
        draft=f"evaluacion:{bid}",
    )


@signed_in
def report(request: Request, code: str) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.REPORT, found)
    return perform(
        request,
        page="evaluation/report.html",
        form=forms.ReportForm,
        act=lambda data, actor: services.publish_report(
            actor=actor,
            tender_id=found.tender_id,
            observations_due=data["observations_due"],
            at=request.received_at,
        ),
        done=lambda done: (home(found), told(_("The report is public."), done.receipt)),
        initial={"observations_due": queries.observations_due_for(found.tender, at=request.received_at)},
        context=page_of(
            found,
            _("Publish the evaluation report"),
            _("Publish the report"),
            ranking=queries.ranking_of(found),
            objections=EVALUATION.objections(found, "report", at=request.received_at),
        ),
        binding=True,
    )


@signed_in
def call(request: Request, code: str) -> HttpResponse:
    """Call the next offer of the published order to open its envelope."""
    found = own_evaluation(request, code)
    allow(request, Act.CALL, found)
    already = calling.called(found.tender)
    ranked = [(row.bid, row.supplier_name) for row in queries.ranking_of(found) if row.rank and row.bid not in already]
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.CallForm,
        act=lambda data, actor: services.call_bid(
            actor=actor,
            tender_id=found.tender_id,
            bid=data["bid"],
            reason=data.get("reason", ""),
            at=request.received_at,
        ),
        done=lambda done: (home(found), told(_("The offer was called: only its envelope may open."), done.entry)),
        initial={"bid": ranked[0][0] if ranked else ""},
        form_options={"ranked": ranked, "is_first": not already},
        context=page_of(
            found,
            _("Call an offer to open its envelope"),
            _("Sign and call"),
            lead=_("Offers are called in the order of the report. The envelopes of the others stay sealed."),
            legal_basis=found.tender.rulebook.evaluation.legal_basis,
        ),
        binding=True,
    )


@signed_in
def reopen(request: Request, code: str) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.REOPEN, found)
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.ReasonForm,
        act=lambda data, actor: services.reopen_evaluation(
            actor=actor, tender_id=found.tender_id, reason=data["reason"], at=request.received_at
        ),
        done=lambda done: (home(found), told(_("The evaluation is open again."), done.receipt)),
        context=page_of(
            found,
            _("Evaluate again"),
            _("Open the evaluation again"),
            lead=_(
                "The published report stays public. Another report must follow, with its own term for observations."
            ),
        ),
    )


@signed_in
def tie(request: Request, code: str) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.BREAK_TIE, found)
    lot, tied = queries.tie_of(found, None)
    names = {row.bid: row.supplier_name for row in queries.ranking_of(found)}
    ladder = catalogue.ladder_of(found.tender.rulebook)
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.TieForm,
        act=lambda data, actor: services.break_tie(
            actor=actor,
            tender_id=found.tender_id,
            lot=lot,
            steps=data["steps"],
            at=request.received_at,
        ),
        done=lambda done: (home(found), told(_("The tie has been decided."), done.receipt)),
        form_options={"ladder": ladder, "tied": [(bid, f"{bid} · {names[bid]}") for bid in tied]},
        context=page_of(
            found,
            _("Decide the tie of the lot %(n)s") % {"n": lot} if lot else _("Decide the tie"),
            _("Decide the tie"),
            lead=_(
                "Go down the factors in their order until one offer is left: the rest stay empty. If there is still a"
                " tie after all of them, the draw decides, with the seed of the published report."
            ),
            legal_basis=ladder.legal_basis,
            fields_template="evaluation/rungs.html",
        ),
    )


@signed_in
def answer(request: Request, code: str, number: int) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.ANSWER, found)
    observation = get_visible(found.observations.all(), number=number)
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.AnswerForm,
        act=lambda data, actor: services.answer_observation(
            actor=actor, tender_id=found.tender_id, number=number, answer=data["answer"], at=request.received_at
        ),
        done=lambda done: (home(found), told(_("The answer is public."), done.receipt)),
        context=page_of(
            found,
            _("Answer observation %(number)s") % {"number": number},
            _("Publish the answer"),
            quoted=observation,
        ),
        draft=f"informe:{code}:{number}",
    )


# ---- public --------------------------------------------------------------------------------------------------------


def _public(request: Request, code: str) -> Evaluation:
    rows = Evaluation.objects.filter(first_reported_at__isnull=False).select_related("tender__buyer__organization")
    return get_visible(rows, tender__code=code)


def public(request: Request, code: str) -> HttpResponse:
    """The last published report, and what has been observed on it."""
    found = _public(request, code)
    reports = list(found.reports.select_related("document"))
    due = found.observations_due_at
    running = found.state == "reported" and due is not None and request.received_at < due
    context = {
        "evaluation": found,
        "tender": found.tender,
        "report": reports[-1],
        "reports": reports,
        "observations": found.observations.all(),
        "tie_breaks": found.tie_breaks.all(),
        "due": due,
        "running": running,
    }
    return render(request, "evaluation/public.html", context)


@signed_in
def observe(request: Request, code: str) -> HttpResponse:
    found = _public(request, code)
    allow(request, Act.OBSERVE, found)
    url = reverse("evaluation:public", args=[code])
    return perform(
        request,
        page="evaluation/observe.html",
        form=forms.ObservationForm,
        act=lambda data, actor: services.observe_report(
            actor=actor, tender_id=found.tender_id, text=data["text"], at=request.received_at
        ),
        done=lambda done: (url, told(_("Your observation is public."), done.receipt)),
        context={
            "tender": found.tender,
            "due": found.observations_due_at,
            "submit_label": _("Send the observation"),
            "cancel_url": url,
            "crumbs": [(url, _("Evaluation report")), ("", _("Observation"))],
        },
        draft=f"observacion:{code}",
    )
