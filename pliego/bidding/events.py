"""What this room announces. `data` is written into the ledger as it is: plain JSON, instants in ISO 8601."""

from django.utils.translation import gettext_lazy as _

from pliego.kernel.events import Event

CUSTODIAN_FILE = "custodio"


class OpeningKeyRegistered(Event):
    """data: person, recipient, kept_by? (passkey, passphrase, other: as the person says). The file is the person's."""

    code = "opening_key.registered"
    title = _("Opening key registered")
    public = False


class CustodianKeysAnnounced(Event):
    """data: keys [{number, recipient}]."""

    code = "custodian.keys_announced"
    title = _("Keys of the time custodian announced")


class KeyRehearsed(Event):
    """data: tender, member {number, name, capacity}, recipient. The member's key opened a test before the opening."""

    code = "opening_key.rehearsed"
    title = _("An opening member showed that their key works")


class KeyLost(Event):
    """data: tender, member {number, name, capacity}, recipient, left (keys that are not lost), threshold."""

    code = "opening_key.lost"
    title = _("An opening member lost their key")


class KeyReplaced(Event):
    """data: tender, member {number, name, capacity}, former, recipient, left (of the keys that the process was published
    with), threshold. Offers are sealed to the new one from then on."""

    code = "opening_key.replaced"
    title = _("An opening member replaced their lost key")


class BidSubmitted(Event):
    """data: tender, bid, supplier, supplier_name, manifest_sha256, recipients {envelope: recipient}, bytes, replaces,
    bundle, reserved [keys of the envelopes that hold what is asked to be confidential]. Private until the opening: before it the world sees only a hash."""

    code = "bid.submitted"
    title = _("Sealed offer presented")
    public = False


class BidConfirmed(Event):
    """data: tender, bid, supplier, receipt (of the offer), version of the pliego that it answers to now. Private."""

    code = "bid.confirmed"
    title = _("Offer confirmed after an amendment")
    public = False


class BidWithdrawn(Event):
    """data: tender, bid, supplier, receipt. Private."""

    code = "bid.withdrawn"
    title = _("Offer withdrawn")
    public = False


class BidsClosed(Event):
    """The closing record. data: tender, due_at, closed_at, standing (how many offers count), receipts [{receipt, leaf,
    state}] of everything that was presented, in order of arrival; what waited for a word of its owner is lapsed."""

    code = "bids.closed"
    title = _("Reception of offers closed: closing record")


class CustodianHalvesReleased(Event):
    """data: tender, halves [{bid, envelope, recipient, half | file_key | refused}]."""

    code = "bids.custodian_released"
    title = _("The time custodian released its halves")


class SharesReleased(Event):
    """data: tender, member {number, name, capacity}, shares [{bid, envelope, recipient, share | file_key | refused}].
    Of a reserved envelope, that the piece was given (`reserved`, its number) and not the piece."""

    code = "bids.shares_released"
    title = _("An opening member released their shares")


class ReserveDecided(Event):
    """data: tender, bid, supplier, supplier_name, number, envelope, item, reason, recipient, decision (accepted or
    refused), rationale; when accepted basis, article and until; when refused identity: the key that opens it."""

    code = "bids.reserve_decided"
    title = _("Request of confidentiality decided")


class ReserveEnded(Event):
    """data: tender, bid, supplier, supplier_name, number, envelope, item, reason, recipient, identity."""

    code = "bids.reserve_ended"
    title = _("A confidentiality ended: the answer is public")


class BidFileRefused(Event):
    """data: tender, bid, envelope, item, name, size, sha256, reasons. The file stays out of the platform or, when the
    antivirus found the threat after the opening, in quarantine: then also its document."""

    code = "bid.file_refused"
    title = _("A file of an offer was put in quarantine")


class BidFoundUnopenable(Event):
    """data: tender, bid, supplier, supplier_name, receipt, who, why, envelope, file_key (the proof, when there is one)."""

    code = "bid.unopenable"
    title = _("An offer could not be opened")


class BidsOpened(Event):
    """The list of bidders, when the first envelopes open. data: tender, moment, bids [{bid, supplier, supplier_name, nit, received_at, receipt, state, total,
    manifest_sha256, identities {envelope: age identity}, reserved [{number, envelope, item, reason, recipient}]: what
    is kept until it is decided}]: whoever has the parts opens every offer with stock age."""

    code = "bids.opened"
    title = _("Offers opened: list of bidders")


class BidCalled(Event):
    """data: tender, moment, bid, supplier, supplier_name, place, reason: only this offer's envelope may open now."""

    code = "bids.called"
    title = _("An offer was called to open its envelope")


class EnvelopesOpened(Event):
    """The envelopes of a later moment. data: tender, moment, call (the offer called, or nothing), bids as of the first
    opening, sealed_for_ever (the offers that did not comply and whose envelopes nobody opens)."""

    code = "bids.envelopes_opened"
    title = _("Envelopes of a later moment opened")


class OpeningRecorded(Event):
    """The minutes of an opening, signed. data: tender, moment, call (the offer called, or nothing), opening (its act),
    signed_by, note. documents: the minutes."""

    code = "bids.opening_recorded"
    title = _("Minutes of the opening")


class RehearsalMissing(Event):
    """data: tender, reminder (its code), starts_at (the end of the term), members [{number, name}], tell. Private."""

    code = "opening.rehearsal_missing"
    title = _("Members reminded to rehearse the opening")
    public = False


class OpeningIsToday(Event):
    """data: as of RehearsalMissing; starts_at is the hour of the opening. Private."""

    code = "opening.is_today"
    title = _("Members reminded that the opening is today")
    public = False


class ShareMissing(Event):
    """data: as of OpeningIsToday. Private."""

    code = "opening.share_missing"
    title = _("Members reminded to give their key")
    public = False
