"""One way to do an act on a page: GET shows the form, POST validates, signs if the act binds, acts, and redirects.

Guarantees: a refusal shows the same page with status 422, with what was typed and every error at its field; the same
page sent twice acts once; a success answers 303, so that reloading repeats nothing.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, TypeVar

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from pliego.kernel.actors import Actor
from pliego.kernel.models import KeptReply
from pliego.kernel.objections import Refused, Unknown
from pliego.web import drafts
from pliego.web.fields import UPLOAD_SUFFIX
from pliego.web.forms import SIGNATURE, Form

Act = Callable[[dict[str, Any], Actor], Any]
Row = TypeVar("Row", bound=Model)
Answer = TypeVar("Answer", bound=HttpResponseBase)
Done = Callable[[Any], "str | tuple[str, Any]"]


class See303(HttpResponseRedirect):
    status_code = 303


class SignatureForm(Form):
    """Password and one-time code, asked again where an act binds the person who does it."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=256,
        strip=False,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label=_("Code of your authenticator"),
        help_text=_("Six digits, as your application shows them now."),
        max_length=20,
        required=False,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "govuk-input--width-5"}
        ),
    )
    demo = forms.BooleanField(
        label=_("Practice signature: sign without password or code"),
        help_text=_("Only practice installations have this. The receipt says that it was a practice signature."),
        required=False,
    )

    intention = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    assertion = forms.JSONField(required=False, widget=forms.HiddenInput)

    marks_optional = False
    buttons = ("firma-paso",)

    def __init__(self, *args: Any, practises: bool = False, has_passkey: bool = False, **options: Any) -> None:
        super().__init__(*args, prefix="firma", **options)
        self.has_passkey = has_passkey
        if not practises:
            del self.fields["demo"]


def signer(name: str = "sign") -> Callable[..., Any] | None:
    """`sign(request, data) -> Signature` of the room that knows people, or another function beside it."""
    module, _dot, default = settings.PLIEGO_SIGNING.rpartition(".")
    try:
        return import_string(f"{module}.{default if name == 'sign' else name}")
    except ImportError:
        if name == "sign":
            raise
        return None


def has_fresh_step_up(request: HttpRequest) -> bool:
    """Whether the person gave password and code in the last minutes, so that the page need not ask again."""
    fresh = signer("signs_alone")
    return bool(fresh and fresh(request))


def has_passkey(request: HttpRequest) -> bool:
    """Whether the person may sign with a passkey, over what the next page shows them."""
    knows = signer("has_passkey")
    return bool(knows and knows(request))


def get_visible(rows: QuerySet[Row], **by: Any) -> Row:
    """The one row that the actor may see. What they may not see does not exist (404)."""
    asked = rows.filter(**by)
    is_one = not by.keys().isdisjoint(_names_of_one(rows.model))  # then an order is only work: it makes wide SQL slow
    found = next(iter(asked.order_by()[:1]), None) if is_one else asked.first()
    if found is None:
        raise Unknown()
    return found


@cache
def _names_of_one(model: type[Model]) -> frozenset[str]:
    """The fields that no two rows have alike."""
    return frozenset({"pk", *(field.name for field in model._meta.concrete_fields if field.unique)})


def signed_in(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """Send people who have not signed in to the sign-in page, and back here afterwards."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer | HttpResponse:
        if not request.actor.signed_in:  # type: ignore[attr-defined]
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return guarded


def is_held(request: HttpRequest) -> bool:
    """Whether the person's factors changed a few hours ago, so that they may need a second person to sign."""
    knows = signer("is_held")
    return bool(knows and knows(request))


def carried(post: Any, form: Form) -> list[tuple[str, str]]:
    """The names and values of a POST that the next one repeats: all but the token, the signature and the files."""
    kept = {f"{name}{UPLOAD_SUFFIX}": code for name, (code, _file) in form.kept.items()}
    sent = [(name, value) for name in post for value in post.getlist(name)]
    ours = [(n, v) for n, v in sent if n != "csrfmiddlewaretoken" and not n.startswith(SIGNATURE) and n not in kept]
    return ours + list(kept.items())


def may_practise(request: HttpRequest) -> bool:
    """Whether this session may sign without factors: on practice installations, and where a practice link opened it."""
    knows = signer("is_practice_session")
    return settings.PLIEGO_PRACTICE and (knows is None or bool(knows(request)))


@dataclass
class Page:
    """An act on its page: everything `perform` needs, and what the template is given."""

    request: HttpRequest
    template: str
    form_class: type[Form]
    act: Act
    done: Done
    context: dict[str, Any] = field(default_factory=dict)
    initial: dict[str, Any] = field(default_factory=dict)
    form_options: dict[str, Any] = field(default_factory=dict)
    binding: bool = False
    draft: str = ""

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined, no-any-return]

    def refused(self, form: Form, signature: Form | None) -> HttpResponse:
        """The same page with every error, and nothing of what was sent is lost, files included."""
        if self.actor.user_id is not None:
            form.keep_files(self.keeper())
        return self.show(form, signature, status=422)

    def keeper(self) -> Callable[[Any, str], str]:
        """Keeps a file of this request as a finished upload of its sender."""
        keep, user_id = import_string(settings.PLIEGO_KEEPING), self.actor.user_id
        at = self.request.received_at  # type: ignore[attr-defined]
        return lambda file, purpose: keep(user_id=user_id, file=file, purpose=purpose, at=at)

    def show(self, form: Form, signature: Form | None, *, status: int = 200) -> HttpResponse:
        once = self.request.POST.get("una_vez", "")[:32] or secrets.token_hex(16)
        context = {
            **self.context,
            "form": form,
            "signature": signature,
            "draft": self.mark(form, once) if self.draft and self.actor.signed_in else None,
            "once": once,
            "has_errors": bool(form.is_bound and form.errors) or bool(signature and signature.errors),
        }
        return render(self.request, self.template, context, status=status)

    def mark(self, form: Form, once: str) -> drafts.Mark:
        newest = drafts.newest_of(self.actor, self.draft)
        path = self.context.get("form_action") or self.request.path
        return drafts.mark(self.actor, self.draft, form, newest, once=once, path=path)

    def blank(self) -> HttpResponse:
        form = self.form_class(initial=self.initial, **self.form_options)
        if self.draft and (newest := drafts.newest_of(self.actor, self.draft)):
            kept = drafts.initial_from(newest.data, form)
            form = self.form_class(initial={**self.initial, **kept}, **self.form_options)
        asks = self.binding and not has_fresh_step_up(self.request)
        return self.show(form, self.signature_form() if asks else None)

    def signature_form(self, *data: Any, **options: Any) -> SignatureForm:
        practises, passkey = may_practise(self.request), has_passkey(self.request)
        return SignatureForm(*data, practises=practises, has_passkey=passkey, **options)

    def sent(self) -> HttpResponse:
        post, files = self.request.POST, self.request.FILES
        form = self.form_class(post, files, initial=self.initial, **self.form_options)
        asked = any(name.startswith("firma-") for name in post)
        asks = self.binding and (asked or not has_fresh_step_up(self.request))
        signature = self.signature_form(post) if asks else None
        if not all([form.is_valid(), signature is None or signature.is_valid()]):
            return self.refused(form, signature)
        try:
            if signature and self.looks_first(signature):
                return self.shown_before_signing(form)
            url = self.once(form.cleaned_data, signature)
        except Refused as refused:
            self.object_to(form, signature, refused)
            return self.refused(form, signature)
        return See303(url)

    def looks_first(self, signature: SignatureForm) -> bool:
        """Whether the person asked to see what they would sign, or has a passkey, which signs nothing unseen."""
        given = any(signature.cleaned_data.get(name) for name in ("password", "code", "demo", "assertion"))
        return self.request.POST.get("firma-paso") in {"ver", "dos"} or (signature.has_passkey and not given)

    def shown_before_signing(self, form: Form) -> HttpResponse:
        """What would be written, rehearsed, with its hash; everything typed goes on to the next POST by itself."""
        prepare = signer("prepare")
        assert prepare is not None
        for_two = self.request.POST.get("firma-paso") == "dos"
        with transaction.atomic():
            shown = prepare(self.request, lambda actor: self.act(form.cleaned_data, actor), for_two=for_two)
        if for_two and (asked := signer("asked_for_two")):
            return See303(asked(shown))
        form.keep_files(self.keeper())
        context = {
            **self.context,
            "form": form,
            "shown": shown,
            "signature": self.signature_form(initial={"intention": shown.intention.code}),
            "carried": carried(self.request.POST, form),
            "is_held": is_held(self.request),
        }
        return render(self.request, "web/sign.html", context)

    @staticmethod
    def object_to(form: Form, signature: Form | None, refused: Refused) -> None:
        mine = set(SignatureForm.base_fields)
        signing = [o for o in refused.objections if signature and o.field in mine and o.field not in form.fields]
        if signature:
            signature.object_to(signing)
        form.object_to(o for o in refused.objections if o not in signing)

    def once(self, data: dict[str, Any], signature: Form | None) -> str:
        """Act, or answer what the same page already got. A second, simultaneous submit waits here for the first."""
        token = self.request.POST.get("una_vez", "")[:32]
        who = self.actor.user_code or self.request.META.get("REMOTE_ADDR", "")
        refused: Refused | None = None
        with transaction.atomic():
            kept = self.claim(who, token)
            if kept is not None and kept.body:
                answer = json.loads(kept.body)
            else:
                try:
                    answer = self.do(data, signature)
                except Refused as fault:  # what signing recorded (a failed attempt) stays; the act itself rolled back
                    refused, answer = fault, {}
                if kept is not None and refused:
                    kept.delete()
                elif kept is not None:
                    kept.status, kept.body = 303, json.dumps(answer)
                    kept.save(update_fields=["status", "body"])
        if refused:
            raise refused
        if answer["message"]:
            messages.success(self.request, answer["message"])
        return str(answer["url"])

    def claim(self, who: str, token: str) -> KeptReply | None:
        if not token:
            return None
        key = drafts.once_key(self.request.path, token)
        try:
            with transaction.atomic():
                return KeptReply.objects.create(actor=who, key=key, request_sha256="")
        except IntegrityError:
            return KeptReply.objects.select_for_update().get(actor=who, key=key)

    def do(self, data: dict[str, Any], signature: Form | None) -> dict[str, str]:
        actor = self.actor
        if self.binding:
            sign = signer()
            assert sign is not None
            actor = actor.with_signature(sign(self.request, signature.cleaned_data if signature else {}))
        with transaction.atomic():
            done = self.done(self.act(data, actor))
            if self.draft and actor.signed_in:
                known = self.request.POST.get("borrador_version", "")
                drafts.discard(actor, self.draft, version=int(known) if known.isdecimal() else 0)
        url, message = (done, "") if isinstance(done, str) else done
        return {"url": str(url), "message": str(message)}


def perform(
    request: HttpRequest,
    *,
    page: str,
    form: type[Form],
    act: Act,
    done: Done,
    context: dict[str, Any] | None = None,
    initial: dict[str, Any] | None = None,
    form_options: dict[str, Any] | None = None,
    binding: bool = False,
    draft: str = "",
) -> HttpResponse:
    """Show the page of an act, or do it. `act(cleaned, actor)` calls one service; `done(result)` says where to go."""
    shown = Page(
        request,
        page,
        form,
        act,
        done,
        context=context or {},
        initial=initial or {},
        form_options=form_options or {},
        binding=binding,
        draft=draft,
    )
    return shown.sent() if request.method == "POST" else shown.blank()
