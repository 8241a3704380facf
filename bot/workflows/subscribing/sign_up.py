"""Sign up: ask the owner of an address whether they really want a list."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.compose import notice as notices
from bot.deliver.notices import delivery_of
from bot.model.subscriber import (
    UNSUBSCRIBED,
    Notice,
    NoticeKind,
    Subscriber,
    Subscription,
    SubscriptionState,
    address_hash,
    subscriber_id,
    subscription_id,
)
from bot.model.values import Language, digest_of
from bot.workflows.subscribing.choices import Choices
from bot.workflows.subscribing.links import NOTICE_HOURS
from bot.workflows.subscribing.registry import Registry

log = structlog.get_logger()

NOTICE_PAUSE = timedelta(hours=1)
"""Between two notices to one address, so that nobody's mailbox is flooded. Source: CONVENTIONS E51."""
_GETS_IT = (SubscriptionState.ACTIVE, SubscriptionState.PAUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """What somebody asked for; whether the address is theirs, nobody knows yet."""

    address: str
    """As `choices.address` returns it."""
    list_id: str
    choices: Choices
    consent_text: str
    """What they read and agreed to."""
    form: str
    """Where: `web` or `embed`."""


def sign_up(asked: SignUp, *, registry: Registry, now: datetime) -> None:
    """
    Write to the address for a confirmation, and keep what was *asked* until then.

    Whoever gets the list already is told so, with a link to their preferences; nothing of theirs changes.
    An address that we must not write to, or wrote to within the hour, gets nothing. The caller
    cannot tell these apart, and must not.

    Raises: NotFound where there is no such open list.
    """
    mailing_list = registry.open_list(asked.list_id)
    person = registry.store.load_subscriber_at(asked.address) or _newcomer(asked, now)
    known = registry.subscription(person, mailing_list.id)
    has_left = _has_left(asked.address, mailing_list.id, registry)
    may_write = may_write_to(asked.address, mailing_list.id, registry=registry)
    if known is not None and known.state in _GETS_IT and not has_left:
        if may_write:
            _announce(
                NoticeKind.KNOWN, person, list_id=known.list_id, language=known.language, registry=registry, now=now
            )
        return
    pending = _pending(asked, person, known, now)
    if may_write and not _announce(
        NoticeKind.CONFIRM,
        person,
        list_id=mailing_list.id,
        language=asked.choices.language,
        registry=registry,
        now=now,
        pending=pending,
    ):
        # Who signs up twice within the hour confirms what they asked for last.
        registry.store.save_subscriber(person, pending)


def send_link(address: str, *, registry: Registry, now: datetime) -> None:
    """Send a new link to their preferences to whoever gets a list at *address*; the caller cannot tell who does."""
    person = registry.store.load_subscriber_at(address)
    subscriptions = registry.store.load_subscriptions(person.id) if person else []
    known = {each.id for each in registry.recap.lists}
    for each in subscriptions:
        if person and each.state in _GETS_IT and each.list_id in known:
            if may_write_to(address, each.list_id, registry=registry):
                _announce(
                    NoticeKind.LINK, person, list_id=each.list_id, language=each.language, registry=registry, now=now
                )
            return


def may_write_to(address: str, list_id: str, *, registry: Registry) -> bool:
    """Return whether a notice may go to *address*: those who only left a list may come back, bounces may not."""
    suppressions = registry.store.load_suppressions(of=address_hash(address))
    return not any(
        each.list_id == "*" or (each.list_id == list_id and each.reason != UNSUBSCRIBED) for each in suppressions
    )


def _has_left(address: str, list_id: str, registry: Registry) -> bool:
    suppressions = registry.store.load_suppressions(of=address_hash(address))
    return any(each.list_id == list_id and each.reason == UNSUBSCRIBED for each in suppressions)


def _newcomer(asked: SignUp, now: datetime) -> Subscriber:
    return Subscriber(
        id=subscriber_id(asked.address),
        address=asked.address,
        language=asked.choices.language,
        timezone=asked.choices.timezone,
        created_at=now,
    )


def _pending(asked: SignUp, person: Subscriber, known: Subscription | None, now: datetime) -> Subscription:
    fresh = Subscription(
        id=known.id if known else subscription_id(person.id, asked.list_id),
        subscriber_id=person.id,
        list_id=asked.list_id,
        consent_text=asked.consent_text,
        consent_form=asked.form,
        created_at=now,
        changed_at=now,
    )
    return asked.choices.applied_to(fresh)


def _announce(
    kind: NoticeKind,
    person: Subscriber,
    *,
    list_id: str,
    language: Language,
    registry: Registry,
    now: datetime,
    pending: Subscription | None = None,
) -> bool:
    """Enter a notice into the ledger, unless one went to that address within the hour; return whether it was."""
    address = person.address or ""
    if registry.store.has_notice(address, since=now - NOTICE_PAUSE):
        return False
    hour = digest_of("notice", address_hash(address), f"{now:%Y-%m-%dT%H}")
    if not registry.store.use_once("notice", hour, now=now):
        return False
    made = _made(kind, person, list_id=list_id, language=language, registry=registry, now=now)
    sender = registry.sender
    delivery = delivery_of(made, sender=sender.name, workspace=sender.workspace())
    registry.store.save_notice(made, delivery, pending=(person, pending) if pending else None)
    log.info("notice.planned", notice=made.id, kind=kind.value, list=list_id)
    return True


def _made(
    kind: NoticeKind, person: Subscriber, *, list_id: str, language: Language, registry: Registry, now: datetime
) -> Notice:
    return notices.made(
        kind,
        person,
        mailing_list=registry.list_named(list_id),
        language=language,
        site=registry.site,
        renderer=registry.renderer,
        valid_hours=NOTICE_HOURS,
        now=now,
    )
