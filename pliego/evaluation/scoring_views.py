"""Pages of what gives points: own and agreed scores, the rate, the price agreed; and the files of a report."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from pliego.evaluation import forms, judging, queries, records, sheets, weighing
from pliego.evaluation.models import Evaluation, Report
from pliego.evaluation.points import Factor
from pliego.evaluation.policy import Act
from pliego.evaluation.states import EVALUATION
from pliego.evaluation.views import allow, home, own_evaluation, page_of, told
from pliego.kernel.objections import Unknown
from pliego.web.acts import get_visible, perform, signed_in
from pliego.web.http import Request


def _scored(request: Request, found: Evaluation, bid: str, factors: list[Factor], **how: Any) -> HttpResponse:
    """A page with the points of each of those factors of one offer."""
    if not factors or (column := queries.column_of(found, bid)) is None:
        raise Unknown()
    sheet = sheets.sheet_of(found, column.assessment, request.actor)
    return perform(
        request,
        page="evaluation/score.html",
        done=lambda done: (home(found), told(_("The points have been saved."), done.receipt)),
        form=forms.ScoreForm,
        form_options={"factors": factors, **how.pop("options", {})},
        initial=sheet.own if how.pop("is_own") else sheet.agreed,
        context=page_of(
            found, how.pop("title"), _("Save the points"), column=column, sheet=sheet, **how.pop("more", {})
        ),
        **how,
    )


@signed_in
def score(request: Request, code: str, bid: str) -> HttpResponse:
    """What one member, alone, thinks that the offer deserves."""
    found = own_evaluation(request, code)
    allow(request, Act.SCORE, found)
    return _scored(
        request,
        found,
        bid,
        weighing.judged_of(found.tender),
        is_own=True,
        title=_("Your points for the offer"),
        act=lambda data, actor: judging.score_offer(
            actor=actor, tender_id=found.tender_id, bid=bid, scores=data["scores"], at=request.received_at
        ),
        draft=f"puntajes:{bid}",
    )


@signed_in
def agree(request: Request, code: str, bid: str) -> HttpResponse:
    """What all agreed that the offer deserves, with what each one thought beside it."""
    found = own_evaluation(request, code)
    allow(request, Act.AGREE, found)
    return _scored(
        request,
        found,
        bid,
        weighing.given_of(found.tender),
        is_own=False,
        title=_("Points agreed for the offer"),
        more={"is_agreement": True},
        options={"has_fines": weighing.loses_by_fines(found.tender)},
        act=lambda data, actor: judging.agree_scores(
            actor=actor,
            tender_id=found.tender_id,
            bid=bid,
            scores=data["scores"],
            fined=data.get("fined", ""),
            at=request.received_at,
        ),
        draft=f"consenso:{bid}",
    )


@signed_in
def rate(request: Request, code: str) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.RATE, found)
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.RateForm,
        act=lambda data, actor: judging.take_rate(
            actor=actor, tender_id=found.tender_id, rate=data["rate"], source=data["source"], at=request.received_at
        ),
        done=lambda done: (home(found), told(_("The exchange rate has been saved."), done.receipt)),
        initial={"rate": found.exchange_rate, "source": found.exchange_source},
        context=page_of(
            found,
            _("Exchange rate that draws the formula"),
            _("Save the rate"),
            lead=_("Its two first decimals draw the formula of the price, as the pliego says."),
        ),
    )


@signed_in
def prices(request: Request, code: str) -> HttpResponse:
    """Publish the points of the prices that were opened in the hearing."""
    found, at = own_evaluation(request, code), request.received_at
    allow(request, Act.REPORT_PRICES, found)
    return perform(
        request,
        page="evaluation/report.html",
        form=forms.PriceReportForm,
        act=lambda data, actor: judging.report_prices(
            actor=actor, tender_id=found.tender_id, observations_due=data["observations_due"], at=at
        ),
        done=lambda done: (home(found), told(_("The report is public."), done.receipt)),
        initial={"observations_due": at + judging.IN_THE_HEARING},
        context=page_of(
            found,
            _("Publish the evaluation of the prices"),
            _("Publish the report"),
            ranking=queries.ranking_of(found),
            objections=EVALUATION.objections(found, "report_prices", at=at),
        ),
        binding=True,
    )


@signed_in
def agree_price(request: Request, code: str) -> HttpResponse:
    found = own_evaluation(request, code)
    allow(request, Act.NEGOTIATE, found)
    return perform(
        request,
        page="evaluation/act.html",
        form=forms.AgreementForm,
        act=lambda data, actor: judging.agree_price(
            actor=actor, tender_id=found.tender_id, value=data["value"], minutes=data["minutes"], at=request.received_at
        ),
        done=lambda done: (home(found), told(_("The price was agreed."), done.receipt)),
        context=page_of(
            found,
            _("Agree on the price"),
            _("Sign the agreement"),
            lead=sheets.whom_to_agree_with(found),
            legal_basis=found.tender.rulebook.evaluation.legal_basis,
        ),
        binding=True,
    )


def _report(code: str, number: int) -> Report:
    return get_visible(
        Report.objects.select_related("evaluation__tender"), evaluation__tender__code=code, number=number
    )


def table(request: Request, code: str, number: int) -> HttpResponse:
    """The report for a spreadsheet."""
    return _file(records.table_of(_report(code, number)), "text/csv; charset=utf-8", f"informe-{code}-{number}.csv")


def program(request: Request, code: str, number: int) -> HttpResponse:
    """A program that makes the report again: `python` runs it."""
    return _file(records.program_of(_report(code, number)), "application/zip", f"informe-{code}-{number}.zip")


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
