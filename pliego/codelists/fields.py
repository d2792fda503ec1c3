"""Fields in which people type part of a name and the platform finds the code; each works without JavaScript."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from pliego.codelists import queries
from pliego.codelists.words import fold

SHOWN = 6


class LookupInput(forms.TextInput):
    """A text input that offers, as one types, what an address of the API finds."""

    template_name = "codelists/lookup.html"

    def __init__(self, *, source: str, shows: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.source, self.shows = source, shows

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {"source": self.source, "shows": self.shows}
        return context


class PlaceField(forms.CharField):
    """A municipality by its name (and department, where the name is not enough) or its DANE code; gives the code."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 120)
        options.setdefault("help_text", _("Write its name and choose it, for example Ibagué, Tolima."))
        options["widget"] = LookupInput(source="/api/v1/codelists/municipalities", shows="{municipality}, {department}")
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        if text.isdigit() and (place := queries.place_of(text)):
            return place.code
        found = queries.search_municipalities(words=text.replace(",", " "))
        exact = [
            place
            for place in found
            if fold(text) in {fold(str(place)), fold(f"{place.municipality}, {place.department}")}
        ]
        if len(exact or found) == 1:
            return (exact or found)[0].code
        if not found:
            raise ValidationError(_("There is no municipality with that name. Write it as the DANE does."), "unknown")
        offered = " · ".join(f"{place.municipality}, {place.department}" for place in found[:SHOWN])
        raise ValidationError(
            _("Several are called so. Write one of these: %(offered)s."), "several", {"offered": offered}
        )

    def prepare_value(self, value: Any) -> Any:
        place = queries.place_of(str(value)) if str(value or "").isdigit() else None
        return f"{place.municipality}, {place.department}" if place else value
