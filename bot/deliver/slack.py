"""The exact arguments of Slack's chat.postMessage for a delivery."""

from bot.model.delivery import NUDGE, Delivery
from bot.model.digest import Digest, SlackMessage
from bot.model.errors import DeliveryRefused
from bot.model.values import Json

EVENT_TYPE = "recap_delivery"


def arguments(delivery: Delivery, digest: Digest, *, channel: str = "", thread_ts: str = "") -> Json:
    """
    Return the arguments that send the delivery's part of *digest*.

    *channel* is the channel's real id where it is known, else the destination is used. The
    metadata carries the delivery's id, so that a message whose fate is unknown can be found
    in the channel's history. Source: CONVENTIONS S20, S26, S32, S35.

    Raises: DeliveryRefused where the digest has no such part.
    """
    message = _message(delivery, digest)
    given: Json = {
        "channel": channel or delivery.destination,
        "text": message.text,
        "blocks": list(message.blocks),
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": marks(delivery)},
    }
    if thread_ts:
        given["thread_ts"] = thread_ts
        if delivery.part == NUDGE:
            given["reply_broadcast"] = True  # who never wrote in the thread would not hear of it
    return given


def changes(delivery: Delivery, digest: Digest) -> Json:
    """
    Return the arguments of chat.update that put the delivery's part of *digest* in place of what was posted.

    Source: CONVENTIONS S34; the method knows no unfurling.

    Raises: DeliveryRefused where the digest has no such part.
    """
    given = arguments(delivery, digest, channel=delivery.channel)
    kept = {name: given[name] for name in ("channel", "text", "blocks", "metadata")}
    return kept | {"ts": delivery.receipt}


def marks(delivery: Delivery) -> Json:
    """Return what a message says about the delivery that it is: replies are found through their parent's digest."""
    return {
        "delivery_id": delivery.id,
        "digest": delivery.subject,
        "part": delivery.part,
        "revision": delivery.revision,
    }


def _message(delivery: Delivery, digest: Digest) -> SlackMessage:
    for message in digest.slack:
        if message.part == delivery.part:
            return message
    raise DeliveryRefused(delivery.destination, f"the digest has no part {delivery.part}; build the recap again")
