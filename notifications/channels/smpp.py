"""SMS through a centre that speaks SMPP 3.4: one link, bound when it is needed, one message at a time."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from smpplib import consts, gsm
from smpplib.exceptions import MessageTooLong

from notifications.channels.in_a_thread import Batch, OneThread
from notifications.channels.smpp_link import Link, LinkLostError
from notifications.channels.sms_http import E164
from notifications.sending import TIMEOUT, Failed, Fate, Gone, Letter, Retry, Sent

IDLE = 15.0  # seconds after which a link is asked whether it still lives
LONGEST_VALIDITY = 30 * 86_400  # seconds; a relative time counts days, and months differ
NOT_BASIC = re.compile(r"[`\x1b]")  # smpplib takes them for other characters of GSM 03.38
EXTENDED = re.compile(r"[\^{}\\\[~\]|€]")  # two septets, which a part's end may tear apart

LATER = {  # the centre's own trouble
    consts.SMPP_ESME_RSYSERR: "smpp_system_error",
    consts.SMPP_ESME_RMSGQFUL: "smpp_queue_full",
    consts.SMPP_ESME_RSUBMITFAIL: "smpp_submit_failed",
    consts.SMPP_ESME_RX_T_APPN: "smpp_temporary",
    consts.SMPP_ESME_RUNKNOWNERR: "smpp_unknown",
    consts.SMPP_ESME_RDELIVERYFAILURE: "smpp_delivery_failure",
}
OPERATORS = {  # the account or the settings; every letter would meet the same
    consts.SMPP_ESME_RBINDFAIL: "smpp_bind_failed",
    consts.SMPP_ESME_RINVPASWD: "smpp_bad_password",
    consts.SMPP_ESME_RINVSYSID: "smpp_bad_system_id",
    consts.SMPP_ESME_RINVSYSTYP: "smpp_bad_system_type",
    consts.SMPP_ESME_RINVSRCADR: "smpp_bad_sender",
    consts.SMPP_ESME_RINVSRCTON: "smpp_bad_sender",
    consts.SMPP_ESME_RINVSRCNPI: "smpp_bad_sender",
    consts.SMPP_ESME_RINVSERTYP: "smpp_bad_service",
}
NEVER = {  # this message, and it would be refused again
    consts.SMPP_ESME_RINVMSGLEN: "smpp_bad_length",
    consts.SMPP_ESME_RINVEXPIRY: "smpp_bad_expiry",
    consts.SMPP_ESME_RINVESMCLASS: "smpp_bad_class",
    consts.SMPP_ESME_RX_P_APPN: "smpp_permanent",
    consts.SMPP_ESME_RX_R_APPN: "smpp_rejected",
}


@dataclass(frozen=True, slots=True)
class SmppSettings:
    """Where the centre is and who we are there. `sender`: +32…, a short code, or at most 11 letters; empty: the centre chooses.

    :raises ValueError: for what could never work, in one sentence
    """

    host: str
    port: int
    system_id: str
    password: str = field(repr=False)
    sender: str = ""
    system_type: str = ""
    has_tls: bool = False

    def __post_init__(self) -> None:
        for value, most, name in ((self.system_id, 15, "system id"), (self.password, 8, "password"), (self.system_type, 12, "system type")):
            if len(value) > most or not value.isascii() or "\0" in value:
                raise ValueError(f"The {name} for SMPP has at most {most} ASCII characters.")
        if not re.fullmatch(r"\+[0-9]{7,15}|[0-9]{0,8}|[A-Za-z0-9 ]{1,11}", self.sender):
            raise ValueError("The sender for SMPP is a number (+32…), a short code, or at most 11 letters and digits.")

    @property
    def source(self) -> dict[str, Any]:
        """The sender with its type of number and its plan (SMPP 3.4 §5.2.5)."""
        if self.sender.startswith("+"):
            ton, npi = consts.SMPP_TON_INTL, consts.SMPP_NPI_ISDN
        elif self.sender.isdigit():
            ton, npi = consts.SMPP_TON_NWSPEC, consts.SMPP_NPI_UNK
        else:
            ton, npi = (consts.SMPP_TON_ALNUM if self.sender else consts.SMPP_TON_UNK), consts.SMPP_NPI_UNK
        return {"source_addr_ton": ton, "source_addr_npi": npi, "source_addr": self.sender.removeprefix("+")}


class Smpp:
    """Texts to E.164 numbers through one SMPP link. No receipts are asked for: they would tell when somebody's phone is on."""

    name = "sms"
    kinds = frozenset({"sms"})

    def __init__(self, settings: SmppSettings, *, seconds: float = TIMEOUT) -> None:
        self._settings = settings
        self._thread = OneThread("smpp", seconds=seconds)
        self._link: Link | None = None  # only the thread touches it

    async def send(self, letters: Sequence[Letter]) -> list[Fate]:
        """The fate of each. After "slow down", or when there is no link to be had, the rest of the batch is for later."""
        return await self._thread.fates(letters, self._send)

    async def close(self) -> None:
        """Take leave of the centre."""
        await self._thread.end(self._hang_up)

    def _send(self, batch: Batch) -> None:
        enough: Retry | None = None

        def send(letter: Letter) -> Fate:
            nonlocal enough
            if enough:
                return enough
            if not E164.fullmatch(letter.address):
                return Gone("bad_number")
            enough = self._bound(batch)
            if enough:
                return enough
            fate = self._submit(letter, batch)
            enough = fate if fate == Retry("smpp_throttled") else None
            return fate

        batch.each(send)

    def _bound(self, batch: Batch) -> Retry | None:
        """See to it that there is a link; or why there is none."""
        try:
            self._find_dead()
            if self._link is None:
                self._link = Link(self._settings.host, self._settings.port, has_tls=self._settings.has_tls, seconds=batch.seconds_left)
                who = {
                    "system_id": self._settings.system_id,
                    "password": self._settings.password,
                    "system_type": self._settings.system_type,
                }
                status = self._link.ask("bind_transmitter", batch.seconds_left, **who).status
                if status != consts.SMPP_ESME_ROK:
                    self._lose()
                    return _refused_bind(status)
        except LinkLostError as lost:
            self._lose()
            return Retry(lost.code, alarms=lost.code in {"bad_certificate", "no_smpp"})
        return None

    def _find_dead(self) -> None:
        """Ask a link that was idle whether it still lives, so that no letter has to find out."""
        if self._link and time.monotonic() - self._link.used_at > IDLE:
            try:
                self._link.ask("enquire_link", 3.0)
            except LinkLostError:
                self._lose()

    def _submit(self, letter: Letter, batch: Batch) -> Fate:
        try:
            parts, coding, esm_class = _parts(letter.text)
        except (MessageTooLong, UnicodeEncodeError):
            return Failed("unsendable")
        receipt = ""
        for part in parts:
            try:
                answer = self._answered(letter, batch, short_message=part, data_coding=coding, esm_class=esm_class)
            except LinkLostError as lost:
                self._lose()
                return Retry(lost.code)
            if answer.status != consts.SMPP_ESME_ROK:
                return self._fate(answer.status)
            receipt = receipt or bytes(getattr(answer, "message_id", None) or b"").decode("ascii", "replace")[:64]
        return Sent(receipt)

    def _answered(self, letter: Letter, batch: Batch, **message: Any) -> Any:
        if self._link is None:
            raise LinkLostError("dropped")
        return self._link.ask(
            "submit_sm",
            batch.seconds_left,
            **self._settings.source,
            dest_addr_ton=consts.SMPP_TON_INTL,
            dest_addr_npi=consts.SMPP_NPI_ISDN,
            destination_addr=letter.address[1:],
            registered_delivery=0,
            validity_period=_relative(letter.ttl),
            user_message_reference=int.from_bytes(letter.id.bytes[-2:], "big"),
            **message,
        )

    def _fate(self, status: int) -> Fate:
        if status == consts.SMPP_ESME_RINVDSTADR:
            return Gone("smpp_bad_number")
        if status == consts.SMPP_ESME_RTHROTTLED:
            return Retry("smpp_throttled")
        if status in NEVER:
            return Failed(NEVER[status], alarms=True)
        if status in OPERATORS:
            return Retry(OPERATORS[status], alarms=True)
        if status in {consts.SMPP_ESME_RINVBNDSTS, consts.SMPP_ESME_RALYBND}:  # the two ends disagree about this link
            self._lose()
        # A centre's own codes (0x400 and up) mean anything. It took nothing, so asking again doubles nothing, and expiry ends it.
        return Retry(LATER.get(status, f"smpp_{status:#x}"))

    def _hang_up(self) -> None:
        if self._link:
            self._link.hang_up()
            self._link = None

    def _lose(self) -> None:
        if self._link:
            self._link.drop()
            self._link = None


def _refused_bind(status: int) -> Retry:
    """Busy centres and a place that another worker still has pass by themselves; all else is an operator's."""
    if status == consts.SMPP_ESME_RTHROTTLED:
        return Retry("smpp_throttled")
    if status == consts.SMPP_ESME_RALYBND:
        return Retry("smpp_already_bound")
    if status in LATER:
        return Retry(LATER[status])
    return Retry(OPERATORS.get(status, f"smpp_bind_{status:#x}"), alarms=True)


def _parts(text: str) -> tuple[list[bytes], int, int]:
    """GSM 03.38 where it holds every character, UCS-2 for the rest; parts with a header (UDH) when one message is too short."""
    is_torn = len(text) > consts.SEVENBIT_LENGTH / 2 and EXTENDED.search(text)
    wanted = consts.SMPP_ENCODING_ISO10646 if is_torn or NOT_BASIC.search(text) else consts.SMPP_ENCODING_DEFAULT
    parts, coding, esm_class = gsm.make_parts(text, wanted)
    return list(parts), int(coding), int(esm_class)


def _relative(seconds: int) -> str:
    """So long from now, as SMPP writes it: YYMMDDhhmmss000R (SMPP 3.4 §7.1.1.2)."""
    minutes, second = divmod(min(max(seconds, 1), LONGEST_VALIDITY), 60)
    hours, minute = divmod(minutes, 60)
    day, hour = divmod(hours, 24)
    return f"0000{day:02}{hour:02}{minute:02}{second:02}000R"
