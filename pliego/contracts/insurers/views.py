"""The page on which the entity asks an insurer, and that of the insurer, which comes by its link."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from pliego.contracts.acting import ActPage, on, view_of
from pliego.contracts.insurers import links, services
from pliego.contracts.policy import Act
from pliego.contracts.views import a_guarantee
from pliego.web.acts import perform
from pliego.web.forms import Form
from pliego.web.http import Request


class AskForm(Form):
    email = forms.EmailField(
        label=_("Mail of the insurer or bank"),
        help_text=_("That of its office for verification, as the insurer itself publishes it; not one that the"
                    " contractor gave you."),
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class AnswerForm(Form):
    answer = forms.ChoiceField(
        label=_("Is this guarantee yours, with these data?"),
        choices=[("yes", _("Yes: we issued it and it is in force as it stands here")),
                 ("no", _("No: it is not ours, or something does not agree"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(
        label=_("What does not agree"),
        help_text=_("Needed if you answer no."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    name = forms.CharField(label=_("Your name"), max_length=200)
    position = forms.CharField(label=_("Your position"), max_length=200)


ASK = ActPage(
    act=Act.ASK_INSURER,
    form=AskForm,
    call=on(services.ask_insurer, "guarantee_id"),
    title=_("Ask the insurer"),
    lead=_("The insurer gets a link that serves once, with the data of the guarantee, and answers. You decide then."),
    submit=_("Send the question"),
    message=_("The question has been sent. You will be told when the insurer answers."),
)
ask = view_of(ASK, a_guarantee)


def insurer(request: Request, token: str) -> HttpResponse:
    """The data of the guarantee, and its answer; once it was given, what was answered."""
    inquiry = links.inquiry_of(token)
    guarantee = inquiry.guarantee
    context: dict[str, Any] = {"inquiry": inquiry, "guarantee": guarantee, "contract": guarantee.contract}
    if not inquiry.is_open(request.received_at):
        return render(request, "contracts/insurer.html", context)
    return perform(
        request,
        page="contracts/insurer.html",
        form=AnswerForm,
        act=lambda data, _actor: services.answer_inquiry(
            inquiry_id=inquiry.pk, at=request.received_at,
            answer=services.Answer(data["answer"] == "yes", data["name"], data["position"], data["note"]),
        ),
        done=lambda made: (request.path, _g("Your answer was kept. Receipt %(code)s.") % {"code": made.receipt.code}),
        context={**context, "submit_label": _("Send the answer")},
    )  # fmt: skip
