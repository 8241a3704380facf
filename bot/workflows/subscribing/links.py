"""Links of one person: what they hold, how long they are good, and where they lead."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.model.errors import NotAllowed, NotFound
from bot.model.subscriber import Notice, NoticeKind
from bot.workflows.subscribing.registry import Registry, Seals

CONFIRM, PREFERENCES, UNSUBSCRIBE = "confirm", "preferences", "unsubscribe"
"""What a token is good for; none is good for anything else."""

NOTICE_HOURS = 72
"""How long the link of a notice is good. Source: CONVENTIONS E50."""
PREFERENCES_DAYS = 90
"""How long the link of a newsletter is good; whoever comes later asks for a new one."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the link of a confirmation mail holds."""

    subscriber_id: str
    list_id: str
    notice_id: str


def of_notice(notice: Notice, *, registry: Registry) -> str:
    """Return the URL that *notice* brings."""
    until = notice.made_at + timedelta(hours=NOTICE_HOURS)
    if notice.kind is NoticeKind.CONFIRM:
        held = (notice.subscriber_id, notice.list_id, notice.id, int(until.timestamp()))
        path = f"confirm/{registry.seals.seal(CONFIRM, held)}"
    else:
        path = f"preferences/{preferences_token(notice.subscriber_id, until, seals=registry.seals)}"
    return f"{registry.site.base_url}/{path}?lang={notice.language}"


def preferences_token(subscriber: str, until: datetime, *, seals: Seals) -> str:
    """Return a token with which *subscriber* may change their preferences *until* then."""
    return seals.seal(PREFERENCES, (subscriber, int(until.timestamp())))


def invitation(token: str, *, seals: Seals, now: datetime) -> Invitation:
    """Return what a confirmation link holds. Raises: NotFound (not ours), NotAllowed (too old)."""
    match seals.unseal(CONFIRM, token):
        case [str() as subscriber, str() as list_id, str() as notice, int() as until]:
            _must_be_good(until, now)
            return Invitation(subscriber, list_id, notice)
        case _:
            raise NotFound("That link is not one of ours.")


def subscriber(token: str, *, seals: Seals, now: datetime) -> str:
    """Return whose preferences a link opens. Raises: NotFound (not ours), NotAllowed (too old)."""
    match seals.unseal(PREFERENCES, token):
        case [str() as subscriber, int() as until]:
            _must_be_good(until, now)
            return subscriber
        case _:
            raise NotFound("That link is not one of ours.")


def leaving(token: str, *, unseal: Callable[[str, str], object]) -> tuple[str, str]:
    """Return (address hash, list) of a link to leave, which is good for ever. Raises: NotFound."""
    match unseal(UNSUBSCRIBE, token):
        case [str() as address, str() as list_id]:
            return address, list_id
        case _:
            raise NotFound("That link is not one of ours.")


def _must_be_good(until: int, now: datetime) -> None:
    if now > datetime.fromtimestamp(until, UTC):
        raise NotAllowed("That link is too old by now.")
