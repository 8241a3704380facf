import pytest

from bot.deliver import slack
from bot.model.errors import DeliveryRefused
from tests.delivery_builders import a_delivery, a_digest


def test_arguments_are_those_of_chat_post_message() -> None:
    given = slack.arguments(a_delivery(), a_digest())

    assert given == {
        "channel": "C1",
        "text": "Halcyon opens its model",
        "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "Halcyon opens its model"}}],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {
            "event_type": "recap_delivery",
            "event_payload": {"delivery_id": "d1", "digest": "digest-1", "part": "parent", "revision": 0},
        },
    }


def test_reply_names_its_thread_and_the_real_channel() -> None:
    given = slack.arguments(a_delivery(part="reply-01"), a_digest(), channel="C77", thread_ts="12.5")

    assert (given["channel"], given["thread_ts"]) == ("C77", "12.5")


def test_part_that_the_digest_lacks_is_refused() -> None:
    with pytest.raises(DeliveryRefused):
        slack.arguments(a_delivery(part="reply-09"), a_digest())
