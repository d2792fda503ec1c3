"""Finding an account by what people know of it: its code, its NIT or its name."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pliego.codelists.fields import LookupInput
from pliego.codelists.words import fold
from pliego.parties.models import Account

SHOWN = 6


class AccountField(forms.CharField):
    """Gives the code of an active account. `flag` says on which side it must act."""

    flag = "is_supplier"
    kind_wanted = "supplier"

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 250)
        options["widget"] = LookupInput(source=f"/api/v1/accounts?side={self.kind_wanted}", shows="{name} ({code})")
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        found = self._found(text)
        exact = [account for account in found if fold(account.name) == fold(text)]
        if len(exact or found) == 1:
            return (exact or found)[0].code
        if not found:
            raise ValidationError(_("There is no active account with that name or number."), "unknown")
        offered = " · ".join(f"{account.name} ({account.code})" for account in found[:SHOWN])
        sentence = _("Several are called so. Write the code of one of these: %(offered)s.")
        raise ValidationError(sentence, "several", {"offered": offered})

    def _found(self, text: str) -> list[Account]:
        rows = Account.objects.filter(state="active", **{self.flag: True}).select_related("organization")
        if code := re.search(r"PLG\.CTA\.\d+", text.upper()):
            return list(rows.filter(code=code[0]))
        digits = re.sub(r"[\s.\-]", "", text)
        if digits.isdigit():
            numbers = [digits, digits[:-1]]
            return list(rows.filter(organization__number__in=numbers, organization__is_natural_person=False))
        for word in fold(text).split():
            rows = rows.filter(organization__folded_name__contains=word)
        return list(rows.order_by("organization__legal_name")[: SHOWN + 1])


class SupplierField(AccountField):
    pass


class EntityField(AccountField):
    flag = "is_buyer"
    kind_wanted = "buyer"
