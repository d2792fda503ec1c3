"""Every act on a tender. Drafting is editing, without ceremony; the others lock, ask, move, save and announce."""

from pliego.tendering.services.amending import (
    act_of,
    attach_to_amendment,
    discard_amendment,
    draft_amendment,
    publish_amendment,
)
from pliego.tendering.services.applying import (
    apply_for_list,
    judge_candidacy,
    make_list,
    report_prequalification,
)
from pliego.tendering.services.copying import copy_from, parts_to_copy, source_of
from pliego.tendering.services.correcting import draft_correction
from pliego.tendering.services.drafting import (
    Budget,
    General,
    choose_plan_line,
    choose_team,
    create_tender,
    save_budget,
    save_general,
    save_schedule,
)
from pliego.tendering.services.editing import amended, hold_section, save_section, seen_now, visit_section, written
from pliego.tendering.services.ending import (
    cancel_tender,
    conclude_information,
    mark_awarded,
    mark_closed,
    mark_deserted,
    mark_envelopes_opened,
    mark_finished,
    mark_opened,
)
from pliego.tendering.services.halting import resume_tender, revoke_tender, suspend_tender
from pliego.tendering.services.interest import express_interest, hold_draw
from pliego.tendering.services.inviting import choose_opening_members, invite_supplier, withdraw_invitation
from pliego.tendering.services.pricing import apply_price_load, drop_price_load, list_of, read_price_list
from pliego.tendering.services.publishing import (
    discard_draft,
    publish_tender,
    return_to_draft,
    submit_for_approval,
)
from pliego.tendering.services.questioning import (
    NewDocument,
    add_item,
    attach_document,
    attach_documents,
    duplicate_item,
    move_item,
    remove_document,
    remove_item,
    save_item,
    save_price_list,
)

__all__ = [
    "Budget",
    "General",
    "NewDocument",
    "act_of",
    "add_item",
    "amended",
    "apply_for_list",
    "apply_price_load",
    "attach_document",
    "attach_documents",
    "attach_to_amendment",
    "cancel_tender",
    "choose_opening_members",
    "choose_plan_line",
    "choose_team",
    "conclude_information",
    "copy_from",
    "create_tender",
    "discard_amendment",
    "discard_draft",
    "draft_amendment",
    "draft_correction",
    "drop_price_load",
    "duplicate_item",
    "express_interest",
    "hold_draw",
    "hold_section",
    "invite_supplier",
    "judge_candidacy",
    "list_of",
    "make_list",
    "mark_awarded",
    "mark_closed",
    "mark_deserted",
    "mark_envelopes_opened",
    "mark_finished",
    "mark_opened",
    "move_item",
    "parts_to_copy",
    "publish_amendment",
    "publish_tender",
    "read_price_list",
    "remove_document",
    "remove_item",
    "report_prequalification",
    "resume_tender",
    "return_to_draft",
    "revoke_tender",
    "save_budget",
    "save_general",
    "save_item",
    "save_price_list",
    "save_schedule",
    "save_section",
    "seen_now",
    "source_of",
    "submit_for_approval",
    "suspend_tender",
    "visit_section",
    "withdraw_invitation",
    "written",
]
