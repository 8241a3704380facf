"""Rows of a list for a file: what an import takes back, and what an operator wants to know."""

from collections.abc import Iterator

from bot.model.subscriber import Subscriber, Subscription, SubscriptionState, address_hash
from bot.ports import Store
from bot.workflows.people_rows import DAYS
from bot.workflows.subscribing.choices import EVERYTHING

COLUMNS = (
    "address", "state", "audiences", "language", "timezone", "day", "hour", "density", "mutes",
    "consented_at", "consent", "consent_form", "created_at", "suppressed",
)  # fmt: skip


def rows(
    list_id: str, *, store: Store, states: frozenset[SubscriptionState], with_suppressed: bool
) -> Iterator[list[str]]:
    """
    Yield the people of a list in any of *states*, one row each under `COLUMNS`.

    Those who must not be written to only *with_suppressed*, with the reason; people without an address never.
    """
    barred = {
        each.address_hash: each.reason for each in store.load_suppressions() if each.list_id in (list_id, EVERYTHING)
    }
    for person, subscription in store.load_list(list_id):
        if not person.address or subscription.state not in states:
            continue
        reason = barred.get(address_hash(person.address), "")
        if with_suppressed or not reason:
            yield _row(person, subscription, suppressed=reason)


def _row(person: Subscriber, subscription: Subscription, *, suppressed: str) -> list[str]:
    consented_at = subscription.consented_at
    return [
        person.address or "",
        subscription.state.value,
        " ".join(subscription.audiences),
        subscription.language,
        subscription.timezone,
        DAYS[subscription.day],
        str(subscription.hour),
        subscription.density,
        "; ".join(subscription.mutes),
        consented_at.isoformat() if consented_at else "",
        subscription.consent_text,
        subscription.consent_form,
        subscription.created_at.isoformat(),
        suppressed,
    ]
