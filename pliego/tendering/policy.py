"""Who may do what to a tender, while it is what."""

from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from pliego.kernel.policy import Explained, Policy, Row, state_is, who
from pliego.parties.policy import anyone, has_role, is_buyer, is_signed_in, is_supplier, is_system, works_for
from pliego.teams.policy import in_its_team, team_edits
from pliego.tendering import halts


class Act(StrEnum):
    VIEW = "view"
    READ_DRAFT = "read_draft"
    EDIT_GENERAL = "edit_general"
    EDIT_SCHEDULE = "edit_schedule"
    EDIT_QUESTIONNAIRE = "edit_questionnaire"
    EDIT_CONDITIONS = "edit_conditions"
    EDIT_DOCUMENTS = "edit_documents"
    EDIT_OPENING = "edit_opening"
    EDIT_INVITATION = "edit_invitation"
    TELL_SUPPLIERS = "tell_suppliers"
    ADMIT_SUPPLIERS = "admit_suppliers"
    CHOOSE_TEAM = "choose_team"
    COPY = "copy"
    SUBMIT = "submit"
    DISCARD = "discard"
    RETURN = "return"
    PUBLISH = "publish"
    DRAFT_AMENDMENT = "draft_amendment"
    PUBLISH_AMENDMENT = "publish_amendment"
    DRAFT_CORRECTION = "draft_correction"
    SUSPEND = "suspend"
    RESUME = "resume"
    REVOKE = "revoke"
    CANCEL = "cancel"
    EXPRESS_INTEREST = "express_interest"
    DRAW = "draw"
    APPLY = "apply"
    JUDGE_CANDIDACY = "judge_candidacy"
    REPORT_PREQUALIFICATION = "report_prequalification"
    MAKE_LIST = "make_list"
    CONCLUDE = "conclude"


works_for_the_buyer = works_for("buyer") & who(
    lambda actor, tender: bool(actor.roles), _("You have no role in this entity yet."), "has a role"
)
is_public = who(
    lambda actor, tender: tender.published_at is not None, _("This process is not public yet."), "it is public"
)
did_not_prepare_it = who(
    lambda actor, tender: actor.people.isdisjoint({tender.prepared_by_id, *tender.authors}),
    _("Whoever prepared this process cannot approve it: another person must."),
    "did not prepare it",
)
did_not_write_the_amendment = who(
    lambda actor, tender: tender.amendment_writer_id not in actor.people,
    _("Whoever wrote this amendment cannot approve it: another person must."),
    "did not write the amendment",
)
is_another_account = who(
    lambda actor, tender: actor.account_id != tender.buyer_id,
    _("Your own entity runs this process."),
    "is not the buyer",
)
prepares_for_the_buyer = works_for_the_buyer & has_role("preparer")
approves_for_the_buyer = works_for_the_buyer & has_role("approver")
began_it = who(
    lambda actor, tender: tender.prepared_by_id in actor.people,
    _("Only who began it, its team or an administrator chooses another team."),
    "began it",
)
leads_for_the_buyer = works_for_the_buyer & (
    (has_role("preparer") & (began_it | in_its_team)) | has_role("administrator")
)
draft = state_is("draft", "returned")
unpublished = state_is("draft", "returned", "submitted")
sent = state_is("submitted")
corrects = state_is("closed", "opened") & who(
    lambda actor, tender: tender.amendments.filter(state="draft", kind="correction").exists(),
    _("There is no correction in preparation."),
    "a correction is in preparation",
)
is_not_suspended = Explained("is not suspended", lambda actor, tender: tender.state != "suspended", halts.sentence)
receiving = is_not_suspended & state_is("published")
amending = is_not_suspended & (state_is("published") | corrects)
running = is_not_suspended & state_is("published", "closed", "opened")
undecided = state_is("published", "closed", "opened", "suspended")

# fmt: off
POLICY = Policy("tendering", view=Act.VIEW, rows=(
    #   act                     who                                                   while the tender is
    Row(Act.VIEW,               works_for_the_buyer | is_public | is_system),
    Row(Act.READ_DRAFT,         works_for_the_buyer | is_system, reads=True),
    Row(Act.EDIT_GENERAL,       prepares_for_the_buyer & team_edits("general"),         draft),
    Row(Act.EDIT_SCHEDULE,      prepares_for_the_buyer & team_edits("schedule"),        draft),
    Row(Act.EDIT_QUESTIONNAIRE, prepares_for_the_buyer & team_edits("questionnaire"),   draft),
    Row(Act.EDIT_CONDITIONS,    prepares_for_the_buyer & team_edits("conditions"),      draft),
    Row(Act.EDIT_DOCUMENTS,     prepares_for_the_buyer & team_edits("documents"),       draft),
    Row(Act.EDIT_OPENING,       prepares_for_the_buyer & team_edits("opening"),         draft),
    Row(Act.EDIT_INVITATION,    prepares_for_the_buyer & team_edits("invitation"),      draft),
    Row(Act.TELL_SUPPLIERS,     prepares_for_the_buyer | approves_for_the_buyer,        receiving),
    Row(Act.ADMIT_SUPPLIERS,    approves_for_the_buyer,                                 receiving, binding=True),
    Row(Act.CHOOSE_TEAM,        leads_for_the_buyer,                                    draft),
    Row(Act.COPY,               prepares_for_the_buyer & in_its_team,                   draft),
    Row(Act.SUBMIT,             prepares_for_the_buyer & in_its_team,                   draft),
    Row(Act.DISCARD,            prepares_for_the_buyer & in_its_team,                   draft),
    Row(Act.RETURN,             approves_for_the_buyer,                                 sent),
    Row(Act.PUBLISH,            approves_for_the_buyer & did_not_prepare_it,            sent, binding=True),
    Row(Act.DRAFT_AMENDMENT,    prepares_for_the_buyer,                                 amending),
    Row(Act.DRAFT_CORRECTION,   prepares_for_the_buyer,                                 running),
    Row(Act.PUBLISH_AMENDMENT,  approves_for_the_buyer & did_not_write_the_amendment,   amending, binding=True),
    Row(Act.SUSPEND,            approves_for_the_buyer,                                 running, binding=True),
    Row(Act.RESUME,             approves_for_the_buyer,                                 state_is("suspended"), binding=True),
    Row(Act.REVOKE,             approves_for_the_buyer,                                 undecided, binding=True),
    Row(Act.CANCEL,             approves_for_the_buyer,                                 undecided, binding=True),
    Row(Act.EXPRESS_INTEREST,   is_signed_in & is_supplier & is_another_account & has_role("bidder", "representative"),
        receiving),
    Row(Act.DRAW,               works_for_the_buyer & has_role("preparer", "approver"), receiving),
    Row(Act.APPLY,              is_signed_in & is_supplier & is_another_account & has_role("bidder", "representative"),
        receiving),
    Row(Act.JUDGE_CANDIDACY,  works_for_the_buyer & has_role("evaluator", "preparer"), receiving),
    Row(Act.REPORT_PREQUALIFICATION, works_for_the_buyer & has_role("evaluator", "approver"), receiving),
    Row(Act.MAKE_LIST,          approves_for_the_buyer,                                 receiving, binding=True),
    Row(Act.CONCLUDE,           approves_for_the_buyer,                                 state_is("opened"), binding=True),
))
# fmt: on


def act_of_inviting(tender: Any) -> Act:
    """What inviting somebody to that process is now: a line of the draft; once it is public a notice that changes
    nobody's right or, where nobody else may offer, the act that admits them."""
    if not tender.is_public:
        return Act.EDIT_INVITATION
    return Act.ADMIT_SUPPLIERS if tender.rulebook.flags.invitations else Act.TELL_SUPPLIERS


class RoomAct(StrEnum):
    VIEW = "view"
    CREATE = "create"


# fmt: off
ROOM_POLICY = Policy("tendering_room", view=RoomAct.VIEW, rows=(
    Row(RoomAct.VIEW,   anyone),
    Row(RoomAct.CREATE, is_buyer & has_role("preparer")),
))
# fmt: on
