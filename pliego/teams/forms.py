"""What people type about teams."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pliego.authority.forms import CHECKS, people_choices
from pliego.authority.models import Group
from pliego.parties.models import Account
from pliego.teams.models import Member, Team
from pliego.web.forms import Form


class Switch(Form):
    is_on = forms.ChoiceField(choices=[("si", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect)

    def __init__(self, *args: Any, question: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self["is_on"].label = question


class TeamName(Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    is_active = forms.BooleanField(label=_("It is active: its people edit the drafts that name it"), required=False)


class NewMember(Form):
    """Who, of those that are not in the team yet; and what they edit."""

    def __init__(self, *args: Any, account: Account, team: Team, member: Member | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if member is None:
            inside = {kept.who for kept in team.members.select_related("place__user", "group")}
            groups = Group.objects.filter(account=account, is_active=True).order_by("name")
            people = [(f"p:{code}", name) for code, name in people_choices(account.pk)]
            both = (people, [(f"g:{group.code}", group.name) for group in groups])
            left = [[choice for choice in choices if choice[0] not in inside] for choices in both]
            options_shown = [("", _("Choose")), (_("People"), left[0]), (_("Groups of people"), left[1])]
            self.fields["who"] = forms.ChoiceField(label=_("Person or group"), choices=options_shown)
        self.fields["edits"] = forms.MultipleChoiceField(
            label=_("Sections that they edit"),
            help_text=_("They read those that you do not choose. To edit, each person also needs the role to prepare."),
            choices=list(team.of.sections.items()),
            widget=CHECKS,
            required=False,
        )


class ChooseTeam(Form):
    """The team of a draft."""

    def __init__(self, *args: Any, choices: list[tuple[str, str]], is_required: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["team"] = team_field(choices, is_required=is_required)


def team_field(choices: list[tuple[str, str]], *, is_required: bool) -> forms.ChoiceField:
    none = _("Choose") if is_required else _("None: whoever has the role edits it")
    return forms.ChoiceField(
        label=_("Team"),
        help_text=_("Only its people edit the draft, each one their sections; the others of your account read it."),
        choices=[("", none), *choices],
        required=is_required,
    )
