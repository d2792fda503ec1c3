"""Teams of an account, who is in them and which sections each may edit, and whether the account works with teams."""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q

from pliego.authority.models import ACCOUNT, PLACE, PROTECT, OfAccount
from pliego.kernel.identifiers import random_code
from pliego.kernel.objections import Text
from pliego.teams.scopes import SCOPES, Scope

if TYPE_CHECKING:
    from pliego.ledger.models import Entry


class Switch(models.Model):
    """Whether an account works with teams for a scope. Without a row it does not."""

    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="+")
    scope = models.CharField(max_length=10)
    is_on = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "scope"], name="teams_one_switch_per_scope")
        ]

    def __str__(self) -> str:
        return self.scope


class TeamQuerySet(OfAccount["Team"]):
    def in_force(self) -> "TeamQuerySet":
        """Those that can be chosen: active, in an account that works with teams of their scope."""
        switches = Switch.objects.filter(account=OuterRef("account"), scope=OuterRef("scope"), is_on=True)
        return self.filter(Exists(switches), is_active=True)


class Team(models.Model):
    """Who edits which section of the drafts that name this team."""

    code = models.CharField(max_length=20, unique=True, default=random_code)
    account = models.ForeignKey(ACCOUNT, PROTECT, related_name="teams")
    scope = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    is_active = models.BooleanField(default=True)

    receipt: "Entry | None" = None
    objects: ClassVar = TeamQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "name"], name="teams_one_team_per_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def of(self) -> Scope:
        return SCOPES[self.scope]


class Member(models.Model):
    """A person, or a group with all its people; `edits` are the sections they edit, and they read the others."""

    team = models.ForeignKey(Team, PROTECT, related_name="members")
    place = models.ForeignKey(PLACE, PROTECT, null=True, related_name="in_teams")
    group = models.ForeignKey("authority.Group", PROTECT, null=True, related_name="in_teams")
    edits = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["team", "place"], name="teams_one_place_in_a_team"),
            models.UniqueConstraint(fields=["team", "group"], name="teams_one_group_in_a_team"),
            models.CheckConstraint(
                condition=Q(place__isnull=True, group__isnull=False) | Q(place__isnull=False, group__isnull=True),
                name="teams_member_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.place.user.full_name if self.place else str(self.group)

    @property
    def who(self) -> str:
        """As forms and addresses name it: `p:` and a person's code, or `g:` and a group's."""
        return f"p:{self.place.user.code}" if self.place else f"g:{self.group.code if self.group else ''}"

    @property
    def edit_titles(self) -> list[Text]:
        return [title for code, title in self.team.of.sections.items() if code in self.edits]
