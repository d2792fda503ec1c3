"""Which act is told to whom, and in which words: the whole of it, as rows.

`{names}` come from the act (`subjects.NAMES`). A row tells its audience, except whoever did the act; with `receipt` it
tells them too, and the mail carries the receipt of the act.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from pliego.kernel.objections import Text
from pliego.notifications import audiences as to
from pliego.notifications.audiences import Audience


@dataclass(frozen=True)
class Row:
    event: str
    audience: Audience
    title: Text
    body: Text
    url: str
    receipt: bool = False
    mail: bool = True  # false where the room of the act mails it itself

    @property
    def name(self) -> str:
        return f"{self.event}/{self.audience.name}"


PROCESS, DESK_TENDER = "/procesos/{tender}/", "/escritorio/procesos/{tender}/"
MESSAGE = "/procesos/{tender}/mensajes/{number}/"
OFFER, OPENING = "/ofertas/{tender}/", "/escritorio/procesos/{tender}/apertura/"
REPORT, EVALUATION = "/procesos/{tender}/informe/", "/escritorio/procesos/{tender}/evaluacion/"
DESK_CONTRACT, CONTRACT = "/escritorio/contratos/{contract}/", "/contratos/{contract}/"
APPROVAL, DELEGATIONS = "/escritorio/aprobaciones/{kind}/{subject}/", "/escritorio/cuenta/delegaciones/"
ACCOUNT, RECEIPT = "/cuenta/registros/{account_code}/", "/recibos/{receipt}/"

# fmt: off
ROWS: tuple[Row, ...] = (
    # ---- people and accounts
    Row("person.password_changed", to.PERSON, _("Your password was changed"),
        _("If it was not you, recover your access now and tell the service desk."), "/cuenta/", receipt=True),
    Row("person.second_factor_added", to.PERSON, _("A second factor was added to your account"),
        _("If it was not you, change your password now and tell the service desk."), "/cuenta/", receipt=True),
    Row("person.second_factor_removed", to.PERSON, _("A second factor was removed from your account"),
        _("If it was not you, change your password now and tell the service desk."), "/cuenta/", receipt=True),
    Row("person.identity_linked", to.PERSON, _("An identity of another site was linked to your user"),
        _("If it was not you, unlink it, change your password now and tell the service desk."), "/cuenta/",
        receipt=True),
    Row("person.identity_unlinked", to.PERSON, _("The identity of another site was unlinked from your user"),
        _("If it was not you, change your password now and tell the service desk."), "/cuenta/", receipt=True),
    Row("person.recovery_asked", to.PERSON, _("Somebody asked to recover your password"),
        _("If it was not you, say so in that line of your access history."), "/cuenta/", mail=False),
    Row("person.it_was_not_me", to.PERSON, _("We have your report: it was not you"),
        _("For 24 hours nobody can recover your password by mail. The service desk has the case."), "/cuenta/",
        receipt=True),
    Row("person.it_was_not_me", to.DESK, _("Somebody reports an access that was not theirs"),
        _("Look at what happened at that door, and answer."), "/mesa/accesos/"),
    Row("person.report_answered", to.PERSON, _("Your report about an access was answered"), _("Answer: {reason}"),
        "/cuenta/"),
    Row("person.email_changed", to.PERSON, _("Your e-mail changed"),
        _("If it was not you, tell the service desk now."), "/cuenta/", receipt=True),
    Row("reissue.asked", to.PERSON, _("Somebody asks to replace your factors"),
        _("If it was not you, stop it on the page of your user."), "/cuenta/", receipt=True, mail=False),
    Row("reissue.confirmed", to.PERSON, _("Your factors will be replaced"),
        _("If it was not you, stop it on the page of your user."), "/cuenta/", mail=False),
    Row("reissue.refused", to.PERSON, _("Your factors are not replaced"), _("Reason: {reason}"), "/cuenta/",
        mail=False),
    Row("reissue.stopped", to.PERSON, _("The replacement of your factors stopped"), "{reason}", "/cuenta/", mail=False),
    Row("person.factors_reissued", to.PERSON, _("Your lost factors were replaced"),
        _("If it was not you, tell the service desk now."), "/cuenta/", receipt=True, mail=False),
    Row("person.document_claimed", to.DESK, _("Somebody registered with a document of another registration"),
        _("Look at both, and merge them when they are one person."), "/mesa/personas/{person_code}/"),
    Row("person.document_claim_proved", to.DESK, _("Who shares a document with another registration sent proof"),
        _("Look at both, and merge them when they are one person."), "/mesa/personas/{person_code}/"),
    Row("reissue.asked", to.DESK, _("Somebody lost their factors and shows who they are"),
        _("Do every check of the list, or refuse with the reason."), "/mesa/reposiciones/{case}/"),
    Row("reissue.proved", to.DESK, _("A replacement of lost factors waits for its second person"),
        _("Another person than the first confirms it, or refuses it."), "/mesa/reposiciones/{case}/"),
    Row("reissue.stopped", to.DESK, _("A replacement of lost factors stopped"), "{reason}",
        "/mesa/reposiciones/{case}/"),
    Row("suspension.in_force", to.CONCERNED, _("Your user was suspended"),
        _("Facts: {reason} You can still enter, read your files, receipts and notices, and answer or appeal on the page"
          " of this notice."), "/cuenta/suspensiones/{suspension}/", receipt=True),
    Row("suspension.lifted", to.CONCERNED, _("The suspension of your user was lifted"),
        _("You can act again. Reason: {closing_reason}"), "/cuenta/suspensiones/{suspension}/", receipt=True),
    Row("suspension.ended", to.CONCERNED, _("The suspension of your user ended with its term"), _("You can act again."),
        "/cuenta/suspensiones/{suspension}/"),
    Row("suspension.appealed", to.CONCERNED, _("We have your answer to the suspension"),
        _("Somebody who did not open the case answers it. Keep the receipt."), "/cuenta/suspensiones/{suspension}/",
        receipt=True),
    Row("suspension.appeal_answered", to.CONCERNED, _("Your appeal was answered"), _("Reasons: {reason}"),
        "/cuenta/suspensiones/{suspension}/", receipt=True),
    Row("suspension.proposed", to.DESK, _("A suspension waits for two approvals"),
        _("Look at the facts and the evidence. Who proposed it does not approve it."),
        "/mesa/suspensiones/{suspension}/"),
    Row("suspension.approved", to.DESK, _("A suspension waits for its second approval"),
        _("Another person than the first approves it, or rejects it with the reason."),
        "/mesa/suspensiones/{suspension}/"),
    Row("suspension.appealed", to.DESK, _("An appeal against a suspension waits for its answer"), "",
        "/mesa/suspensiones/{suspension}/"),
    Row("merger.proposed", to.DESK, _("A merging of two registrations waits for two approvals"), "",
        "/mesa/uniones/{merger}/"),
    Row("person.merged", to.CONCERNED, _("Two registrations of yours are now one"),
        _("Enter with this one. What you did with the other stays with its name, and its receipts stay valid."),
        "/cuenta/", receipt=True),
    Row("person.inactivity_warned", to.CONCERNED, _("You have gone {months} months without operations"),
        _("The terms of use let a user be cancelled after a year without any. To keep it, sign in once."), "/cuenta/"),
    Row("opening_key.registered", to.PERSON, _("An opening key was registered in your name"),
        _("If it was not you, tell the service desk now."), "/escritorio/llaves/", receipt=True),
    Row("account.activation_requested", to.DESK, _("{account} asks for its activation"),
        _("Check its documents and activate it, or return it with the reasons."), "/mesa/cuentas/{account_code}/"),
    Row("account.returned", to.ADMINISTRATORS, _("The registration of {account} was returned"),
        _("What has to be corrected: {reason}"), "/entidades/corregir/{account_code}/"),
    Row("account.activated", to.ADMINISTRATORS, _("{account} is active"),
        _("You can now admit people, give them roles and publish the annual plan."), ACCOUNT),
    Row("account.change_asked", to.DESK, _("{account} asks for a change"), "", "/mesa/"),
    Row("account.change_approved", to.ADMINISTRATORS, _("A change of {account} was approved"), "",
        "/cuenta/registros/{account_code}/"),
    Row("account.change_refused", to.ADMINISTRATORS, _("A change of {account} was not approved"),
        _("The reason is on the page of the account."), "/cuenta/registros/{account_code}/"),
    Row("plural.invited", to.MEMBERS_ASKED, _("Your account is invited to {account}"),
        _("Look at the terms and answer, signed, within fifteen days."), "/consorcios/{account_code}/"),
    Row("plural.member_refused", to.PROMOTER, _("A member refused {account}"),
        _("You may change the terms and ask again."), "/consorcios/{account_code}/"),
    Row("plural.activated", to.PROMOTER, _("{account} is active"), _("All its members accepted."),
        "/consorcios/{account_code}/"),
    Row("account.supplier_registered", to.ADMINISTRATORS, _("{account} is registered as a supplier"),
        _("You can now ask questions and present offers."), ACCOUNT, receipt=True),
    Row("access.requested", to.ADMINISTRATORS, _("{person} asks for access to {account}"),
        _("Accept with the roles that they need, or reject."), "/escritorio/equipo/{person_code}/"),
    Row("access.accepted", to.PERSON_OF_PLACE, _("You have access to {account}"),
        _("Choose the account in the header to work for it."), "/escritorio/"),
    Row("access.rejected", to.PERSON_OF_PLACE, _("Your request for access to {account} was rejected"), "", "/acceso/"),
    Row("access.roles_changed", to.PERSON_OF_PLACE, _("Your roles in {account} changed"), "", "/escritorio/"),
    Row("access.ended", to.PERSON_OF_PLACE, _("Your access to {account} ended"), "", "/cuenta/"),
    Row("plan.published", to.STAFF, _("The annual plan {year} of {account} was published"), "",
        "/paa/{account_code}/{year}/"),

    # ---- approvals and delegations
    Row("approval.started", to.NAMED, _("An approval waits for you: {about}"),
        _("{actor} asks for it. Read exactly what is approved, and approve it or return it with the reason."),
        APPROVAL),
    Row("approval.step_approved", to.NAMED, _("An approval waits for you: {about}"),
        _("{actor} did the task “{task}”. The next one is yours."), APPROVAL),
    Row("approval.authorised", to.NAMED, _("Authorised: {about}"), _("You can go on with exactly this content."),
        APPROVAL),
    Row("approval.returned", to.NAMED, _("Returned: {about}"), _("Reason: {reason}"), APPROVAL),
    Row("approval.cancelled", to.NAMED, _("The approval was cancelled: {about}"), _("Reason: {reason}"), APPROVAL),
    Row("approval.voided", to.NAMED, _("The approval is void: {about}"),
        _("The content changed after it was asked for, and the approval was asked for again."), APPROVAL),
    Row("delegation.granted", to.NAMED, _("{grantor} delegated to you"),
        _("To act by delegation choose it in the menu with your name. Every act will say so."), DELEGATIONS),
    Row("delegation.revoked", to.NAMED, _("The delegation of {grantor} ended"),
        _("From now on you act only in your own name."), DELEGATIONS),

    # ---- the process
    Row("tender.submitted", to.APPROVERS, _("“{title}” waits for your approval"),
        _("{actor} sent the process {tender} for approval. Publish it, or return it with the reasons."), DESK_TENDER),
    Row("tender.returned", to.PREPARER, _("“{title}” was returned to be mended"), _("Reasons: {reason}"), DESK_TENDER),
    Row("tender.published", to.PREPARER, _("“{title}” was published"),
        _("The process {tender} is public and its terms run."), PROCESS),
    Row("tender.published", to.CONTROL, _("“{title}” was published"),
        _("The process {tender} is public and its terms run."), PROCESS),
    Row("tender.published", to.INVITED, _("You are invited to “{title}”"),
        _("The process {tender} is public. Read the documents and the schedule."), PROCESS),
    Row("enquiry.asked", to.OFFICE, _("A question about “{title}”"),
        _("A supplier asked something about the process {tender}. Answer it within the term."),
        "/escritorio/procesos/{tender}/observaciones/"),
    Row("enquiry.answered", to.ASKER, _("Your question about “{title}” was answered"),
        _("The answer is public in the process {tender}."), PROCESS),
    Row("message.published", to.INTERESTED, _("Public message about “{title}”"),
        _("{about}. It is on the public page."), MESSAGE),
    Row("message.sent", to.RECIPIENTS, _("The entity wrote about “{title}”"),
        _("{about}. The receipt goes with this mail."), MESSAGE, receipt=True),
    Row("message.received", to.OFFICE, _("A supplier wrote about “{title}”"), _("{supplier}: {about}"), MESSAGE),
    Row("tender.amended", to.INTERESTED, _("“{title}” was amended"),
        _("Reason: {reason} Look at the schedule and the documents again: terms may have changed."), PROCESS),
    Row("tender.amended", to.UNCONFIRMED, _("Confirm your offer for “{title}”"),
        _("An amendment affects the offers: yours does not count until you confirm it, or present another one."),
        "/ofertas/{tender}/confirmar/"),
    Row("tender.stage_opened", to.INTERESTED, _("“{title}” goes on to its next stage"),
        _("Stage: {stage_title}. Reason: {reason} Look at the schedule and the documents again."), PROCESS),
    Row("tender.interest_expressed", to.OFFICE, _("A supplier is interested in “{title}”"), "", PROCESS),
    Row("tender.draw_held", to.INTERESTED, _("The draw of “{title}” was held"),
        _("The result and the file to make it again are public."), PROCESS),
    Row("tender.cancelled", to.INTERESTED, _("“{title}” was cancelled"), _("Reason: {reason}"), PROCESS),
    Row("tender.cancelled", to.OFFICE, _("“{title}” was cancelled"), _("Reason: {reason}"), PROCESS),

    # ---- the offers
    Row("bid.submitted", to.BIDDER, _("Your offer for “{title}” was received"),
        _("It is sealed: nobody can read it before the opening. Keep the receipt {receipt}, which goes with this mail:"
          " with it you can prove that you presented it and when."), RECEIPT, receipt=True),
    Row("bid.confirmed", to.BIDDER, _("Your offer for “{title}” counts again"),
        _("It answers now to the pliego as it was amended."), RECEIPT, receipt=True),
    Row("bid.withdrawn", to.BIDDER, _("Your offer for “{title}” was withdrawn"),
        _("It will never be opened. Until the term ends you can present another."), RECEIPT, receipt=True),
    Row("bids.closed", to.MEMBERS, _("Reception of offers closed: “{title}”"),
        _("When the hour of the opening comes, give your part of the key."), OPENING),
    Row("bids.closed", to.BIDDERS, _("Reception of offers closed: “{title}”"),
        _("The closing record is public. Check that your receipt is in it."), RECEIPT),
    Row("bids.custodian_released", to.MEMBERS, _("The offers for “{title}” can be opened"),
        _("The time custodian gave its half. Now give yours."), OPENING),
    Row("bids.opened", to.BIDDERS, _("The offers for “{title}” were opened"),
        _("The list of bidders is public."), "/procesos/{tender}/oferentes/"),
    Row("bids.opened", to.EVALUATORS, _("The offers for “{title}” were opened"),
        _("You can begin the evaluation."), EVALUATION),
    Row("bid.unopenable", to.BIDDER, _("Your offer for “{title}” could not be opened"),
        _("The record says why and brings the proof."), RECEIPT, receipt=True),
    Row("bid.file_refused", to.BIDDER, _("A file of your offer for “{title}” was put in quarantine"),
        _("The record says which file and why."), RECEIPT),

    # ---- evaluation and award
    Row("evaluation.report_published", to.BIDDERS, _("The evaluation report of “{title}” was published"),
        _("You can observe it until the date that the report says."), REPORT),
    Row("evaluation.report_published", to.APPROVERS, _("The evaluation report of “{title}” was published"),
        _("When its term ends you can decide the process."), REPORT),
    Row("evaluation.report_observed", to.EVALUATORS, _("An observation on the report of “{title}”"),
        _("Answer it before the award."), EVALUATION),
    Row("evaluation.observation_answered", to.BIDDERS, _("An observation on the report of “{title}” was answered"), "",
        REPORT),
    Row("evaluation.reopened", to.BIDDERS, _("The evaluation of “{title}” was opened again"), _("Reason: {reason}"),
        REPORT),
    Row("evaluation.tie_broken", to.BIDDERS, _("The tie in “{title}” was decided"), _("Reason: {reason}"), REPORT),
    Row("award.made", to.INTERESTED, _("“{title}” was awarded"), _("To {supplier}, for {value}."), PROCESS),
    Row("award.made", to.OFFICE, _("“{title}” was awarded"), _("To {supplier}, for {value}. Next: the contract."),
        DESK_TENDER),
    Row("award.deserted", to.INTERESTED, _("“{title}” was declared void"), _("Reason: {reason}"), PROCESS),
    Row("award.deserted", to.OFFICE, _("“{title}” was declared void"), _("Reason: {reason}"), PROCESS),

    # ---- the contract
    Row("contract.sent", to.CONTRACTOR, _("A contract waits for your acceptance: “{title}”"),
        _("Read the text of the contract {contract} and accept it, or reject it with your reason."), DESK_CONTRACT),
    Row("contract.accepted", to.APPROVERS, _("The supplier accepted the contract “{title}”"),
        _("The contract {contract} waits for your signature."), DESK_CONTRACT),
    Row("contract.rejected", to.OFFICE, _("The supplier rejected the contract “{title}”"), _("Reason: {reason}"),
        DESK_CONTRACT),
    Row("contract.signed", to.CONTRACTOR, _("The contract “{title}” was signed"),
        _("The contract {contract} is perfect. Send the guarantees that it asks for."), CONTRACT, receipt=True),
    Row("contract.signed", to.SUPERVISOR, _("You supervise the contract “{title}”"), "", DESK_CONTRACT),
    Row("guarantee.submitted", to.OFFICE, _("A guarantee of “{title}” waits for your approval"), "", DESK_CONTRACT),
    Row("guarantee.approved", to.CONTRACTOR, _("A guarantee of “{title}” was approved"), "", DESK_CONTRACT),
    Row("guarantee.rejected", to.CONTRACTOR, _("A guarantee of “{title}” was rejected"), _("Reason: {reason}"),
        DESK_CONTRACT),
    Row("contract.started", to.CONTRACTOR, _("The contract “{title}” started"), "", DESK_CONTRACT),
    Row("contract.started", to.SUPERVISOR, _("The contract “{title}” started"), "", DESK_CONTRACT),
    Row("contract.completed", to.CONTRACTOR, _("The contract “{title}” was completed"), "", DESK_CONTRACT),
    Row("modification.sent", to.CONTRACTOR, _("A modification of “{title}” waits for your answer"),
        _("Read it and accept it, or reject it with your reason."), DESK_CONTRACT),
    Row("modification.accepted", to.APPROVERS, _("The supplier accepted a modification of “{title}”"),
        _("Publish it with your signature."), DESK_CONTRACT),
    Row("modification.rejected", to.OFFICE, _("The supplier rejected a modification of “{title}”"),
        _("Reason: {reason}"), DESK_CONTRACT),
    Row("modification.published", to.CONTRACTOR, _("The contract “{title}” was modified"), _("Reason: {reason}"),
        CONTRACT, receipt=True),
    Row("modification.published", to.SUPERVISOR, _("The contract “{title}” was modified"), _("Reason: {reason}"),
        DESK_CONTRACT),
    Row("payment_plan.set", to.CONTRACTOR, _("The payment plan of “{title}” was set"),
        _("You can send an invoice for each payment."), DESK_CONTRACT),
    Row("invoice.sent", to.SUPERVISOR, _("An invoice of “{title}” waits for you"),
        _("Invoice {number} for {amount}. Approve it, or return it with the reason."), DESK_CONTRACT),
    Row("invoice.returned", to.CONTRACTOR, _("Your invoice {number} was returned"), _("Reason: {reason}"),
        DESK_CONTRACT),
    Row("invoice.approved", to.CONTRACTOR, _("Your invoice {number} was approved"), _("For {amount}."), DESK_CONTRACT),
    Row("invoice.approved", to.TREASURERS, _("An invoice of “{title}” is ready to be paid"),
        _("Invoice {number} for {amount}. Mark it as paid with the real date."), DESK_CONTRACT),
    Row("invoice.paid", to.CONTRACTOR, _("Your invoice {number} was paid"), _("For {amount}."), DESK_CONTRACT),
    Row("settlement.signed", to.CONTRACTOR, _("The settlement of “{title}” waits for you"),
        _("Accept it, or object to it with your reasons."), DESK_CONTRACT),
    Row("settlement.objected", to.OFFICE, _("The contractor objected to the settlement of “{title}”"),
        _("Reason: {reason}"), DESK_CONTRACT),
    Row("contract.settled", to.OFFICE, _("The contract “{title}” was settled"), "", CONTRACT),
    Row("contract.settled", to.CONTRACTOR, _("The contract “{title}” was settled"), "", CONTRACT),
    Row("contract.closed", to.CONTRACTOR, _("The file of the contract “{title}” was closed"), "", CONTRACT),
)
# fmt: on
