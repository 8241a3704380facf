import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.slack import SlackSender
from bot.model.delivery import Delivery, Receipt
from bot.model.digest import SlackMessage
from bot.model.errors import (
    DeliveryError,
    DeliveryFailed,
    DeliveryRefused,
    DeliveryUnknown,
    DestinationGone,
    NeverArrived,
    SenderMisconfigured,
)
from bot.model.values import Json
from tests.delivery_builders import a_delivery, a_digest, a_message, fetch_receipt
from tests.fakes import slack_server
from tests.fakes.slack_server import TOKEN, Mishap, SlackServer

CHANNEL = "C0FOUNDERS"


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with SlackServer() as server:
        yield server


def a_sender(slack: SlackServer, *, token: str = TOKEN, naps: list[float] | None = None) -> SlackSender:
    kept = [] if naps is None else naps
    return SlackSender(token, api_url=slack.url, timeout_s=1, interval_s=1.0, sleep=kept.append)


def to_founders(part: str = "parent", **values: object) -> Delivery:
    return a_delivery(**({"id": part, "destination": CHANNEL, "recipient": CHANNEL, "part": part} | values))


def test_parent_and_reply_are_posted_as_one_thread(slack: SlackServer) -> None:
    sender = a_sender(slack)

    parent = sender.send(to_founders(), a_digest(), parent=None)
    reply = sender.send(to_founders("reply-01"), a_digest(), parent=parent)

    assert [(each.ts, each.thread_ts) for each in slack.posted] == [(parent.id, ""), (reply.id, parent.id)]
    assert parent.channel == CHANNEL


def test_post_does_not_unfurl_and_carries_its_delivery(slack: SlackServer) -> None:
    a_sender(slack).send(to_founders(), a_digest(), parent=None)

    arguments = slack.posted[0].arguments
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) == (False, False)
    assert isinstance(arguments["metadata"], dict)
    assert arguments["metadata"]["event_payload"] == {
        "delivery_id": "parent",
        "digest": "digest-1",
        "part": "parent",
        "revision": 0,
    }


def test_channel_named_by_name_gives_its_real_id(slack: SlackServer) -> None:
    receipt = a_sender(slack).send(to_founders(destination="#founders"), a_digest(), parent=None)

    assert receipt.channel == CHANNEL


def test_person_is_written_to_in_their_direct_message(slack: SlackServer) -> None:
    receipt = a_sender(slack).send(to_founders(destination="U0ADA", recipient="U0ADA"), a_digest(), parent=None)

    assert receipt.channel == "D0ADA"
    assert [each.channel for each in slack.posted] == ["D0ADA"]


def test_person_whom_the_workspace_does_not_know_is_gone(slack: SlackServer) -> None:
    with pytest.raises(DestinationGone):
        a_sender(slack).send(to_founders(destination="U0NOBODY", recipient="U0NOBODY"), a_digest(), parent=None)

    assert slack.posted == []


def test_workspace_is_asked_for_once(slack: SlackServer) -> None:
    sender = a_sender(slack)

    assert [sender.workspace(), sender.workspace()] == ["T0HALDEN", "T0HALDEN"]
    assert [method for method, _ in slack.calls] == ["auth.test"]


def test_wrong_token_says_how_to_mend_it_and_keeps_it_secret(slack: SlackServer) -> None:
    with pytest.raises(SenderMisconfigured) as caught:
        a_sender(slack, token="xoxb-wrong-secret").workspace()

    assert "Slack refuses the token (invalid_auth): set SLACK_BOT_TOKEN" in str(caught.value)
    assert "xoxb-wrong-secret" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_missing_scope_is_named() -> None:
    with SlackServer(scopes=frozenset()) as slack, pytest.raises(SenderMisconfigured, match="scope chat:write"):
        a_sender(slack).send(to_founders(), a_digest(), parent=None)


@pytest.mark.parametrize(
    ("mishap", "expected"),
    [
        (slack_server.refuses("channel_not_found"), DestinationGone),
        (slack_server.refuses("not_in_channel"), DestinationGone),
        (slack_server.refuses("is_archived"), DestinationGone),
        (slack_server.refuses("invalid_blocks"), DeliveryRefused),
        (slack_server.refuses("msg_too_long"), DeliveryRefused),
        (slack_server.refuses("token_revoked"), SenderMisconfigured),
        (slack_server.refuses("account_inactive"), SenderMisconfigured),
        (slack_server.refuses("internal_error"), DeliveryFailed),
        (slack_server.refuses("fatal_error"), DeliveryFailed),
        (slack_server.refuses("service_unavailable"), DeliveryFailed),
        (slack_server.rate_limited(7), DeliveryFailed),
        (slack_server.BREAKS, DeliveryUnknown),
        (Mishap(status=503, error="service_unavailable"), DeliveryUnknown),
        (slack_server.DROPS_BEFORE, DeliveryUnknown),
        (slack_server.DROPS_AFTER, DeliveryUnknown),
        (slack_server.HANGS, DeliveryUnknown),
        (Mishap(body="<html>a proxy's page</html>"), DeliveryUnknown),
    ],
    ids=lambda given: f"{given.status}-{given.error or given.body[:5]}" if isinstance(given, Mishap) else "",
)
def test_each_mishap_has_its_error(slack: SlackServer, mishap: Mishap, expected: type[DeliveryError]) -> None:
    slack.script.append(mishap)

    with pytest.raises(DeliveryError) as caught:
        a_sender(slack).send(to_founders(), a_digest(), parent=None)

    assert type(caught.value) is expected
    assert caught.value.destination == CHANNEL
    assert TOKEN not in str(caught.value)


def test_rate_limit_says_how_long_to_wait(slack: SlackServer) -> None:
    slack.script.append(slack_server.rate_limited(7))

    with pytest.raises(DeliveryFailed) as caught:
        a_sender(slack).send(to_founders(), a_digest(), parent=None)

    assert caught.value.retry_after_s == 7.0


def test_no_call_is_repeated_behind_our_back(slack: SlackServer) -> None:
    slack.script.append(slack_server.DROPS_AFTER)

    with pytest.raises(DeliveryUnknown):
        a_sender(slack).send(to_founders(), a_digest(), parent=None)

    assert len(slack.posted) == 1


def test_refused_connection_is_surely_not_taken() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}/api/"
        sender = SlackSender(TOKEN, api_url=closed, timeout_s=1)

        with pytest.raises(DeliveryFailed, match="cannot be reached"):
            sender.send(to_founders(), a_digest(), parent=None)


def test_name_that_does_not_resolve_is_surely_not_taken() -> None:
    sender = SlackSender(TOKEN, api_url="http://slack.invalid/api/", timeout_s=1)

    with pytest.raises(DeliveryFailed, match="cannot be reached"):
        sender.send(to_founders(), a_digest(), parent=None)


def test_blocks_that_slack_refuses_say_where(slack: SlackServer) -> None:
    bad: Json = {"type": "section", "text": {"type": "mrkdwn", "text": ""}, "colour": "red"}
    digest = a_digest(slack=[SlackMessage(part="parent", text="x", blocks=[bad])])

    with pytest.raises(DeliveryRefused, match="/blocks/0/colour: unknown field"):
        a_sender(slack).send(to_founders(), digest, parent=None)


def test_messages_to_one_channel_are_a_second_apart(slack: SlackServer) -> None:
    naps: list[float] = []
    sender = a_sender(slack, naps=naps)

    for part in ("parent", "reply-01"):
        sender.send(to_founders(part), a_digest(), parent=None)
    sender.send(to_founders(destination="C0RESEARCH"), a_digest(), parent=None)

    assert len(naps) == 1
    assert 0.5 < naps[0] <= 1.0


# Reconciling


def drop(slack: SlackServer, sender: SlackSender, mishap: Mishap, parent: Receipt | None = None) -> None:
    slack.script.append(mishap)
    with pytest.raises(DeliveryUnknown):
        sender.send(to_founders("reply-01" if parent else "parent"), a_digest(), parent=parent)


def fetch(sender: SlackSender, delivery: Delivery | None = None, parent: Receipt | None = None) -> Receipt | None:
    return fetch_receipt(sender, delivery or to_founders(), parent)


def test_unknown_parent_is_found_by_its_id(slack: SlackServer) -> None:
    sender = a_sender(slack)
    drop(slack, sender, slack_server.DROPS_AFTER)

    assert fetch(sender) == Receipt(slack.posted[0].ts, CHANNEL)
    assert fetch(sender, to_founders(destination="#founders")) == Receipt(slack.posted[0].ts, CHANNEL)


def test_unknown_reply_is_found_in_its_parents_thread(slack: SlackServer) -> None:
    sender = a_sender(slack)
    parent = sender.send(to_founders(), a_digest(), parent=None)
    drop(slack, sender, slack_server.DROPS_AFTER, parent)

    assert fetch(sender, to_founders("reply-01"), parent) == Receipt(slack.posted[1].ts, CHANNEL)


def test_post_that_the_whole_history_lacks_never_arrived(slack: SlackServer) -> None:
    slack.page = 2
    sender = a_sender(slack)
    parent = [sender.send(to_founders(id=f"d{n}"), a_digest(), parent=None) for n in range(5)][-1]
    drop(slack, sender, slack_server.DROPS_BEFORE)
    drop(slack, sender, slack_server.DROPS_BEFORE, parent)

    for lost, above in ((to_founders(), None), (to_founders("reply-01"), parent)):
        with pytest.raises(NeverArrived, match="the history of C0FOUNDERS does not show it"):
            fetch(sender, lost, above)


def test_what_was_posted_long_before_the_first_try_is_not_looked_through(slack: SlackServer) -> None:
    slack.page = 2
    sender = a_sender(slack)
    for number in range(6):
        sender.send(to_founders(id=f"d{number}"), a_digest(), parent=None)
    slack.posted[:3] = [replace(each, ts="1.000000") for each in slack.posted[:3]]

    with pytest.raises(NeverArrived):
        fetch(sender)

    assert [method for method, _ in slack.calls].count("conversations.history") == 2


def test_message_of_ours_without_its_metadata_may_be_the_one(slack: SlackServer) -> None:
    sender = a_sender(slack)
    sender.send(to_founders(), a_digest(), parent=None)
    del slack.posted[0].arguments["metadata"]

    assert fetch(sender) is None


def test_history_that_goes_on_too_long_tells_nothing(slack: SlackServer) -> None:
    slack.page = 1
    sender = a_sender(slack)
    for number in range(30):
        sender.send(to_founders(id=f"d{number}"), a_digest(), parent=None)

    assert fetch(sender) is None


def test_history_without_its_scope_tells_nothing() -> None:
    with SlackServer(scopes=frozenset({"chat:write"})) as slack:
        sender = a_sender(slack)
        parent = sender.send(to_founders(), a_digest(), parent=None)

        assert fetch(sender) is None
        assert fetch(sender, to_founders(destination="#founders")) is None
        assert fetch(sender, to_founders("reply-01"), parent) is None


def test_unreachable_history_tells_nothing() -> None:
    assert fetch(SlackSender(TOKEN, api_url="http://slack.invalid/api/", timeout_s=1)) is None


# The stand-in itself


def test_stand_in_keeps_messages_in_a_file(tmp_path: Path) -> None:
    kept = tmp_path / "slack.jsonl"
    with SlackServer(kept_in=kept) as slack:
        a_sender(slack).send(to_founders(), a_digest(), parent=None)

    [line] = kept.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["channel"] == CHANNEL


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found"),
        ({"channel": CHANNEL, "text": "x", "colour": "red"}, "invalid_arguments"),
        ({"channel": CHANNEL, "text": "x", "thread_ts": "1.0"}, "thread_not_found"),
        ({"channel": CHANNEL, "text": ""}, "no_text"),
        ({"channel": CHANNEL, "text": "x", "blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
        ({"channel": CHANNEL, "text": "x", "metadata": {"event_type": "x"}}, "invalid_metadata_format"),
    ],
)
def test_stand_in_refuses_what_slack_refuses(slack: SlackServer, arguments: Json, error: str) -> None:
    answer, _ = slack.answer("chat.postMessage", arguments, f"Bearer {TOKEN}")

    assert (answer["ok"], answer["error"]) == (False, error)


def test_stand_in_refuses_too_many_characters_in_all(slack: SlackServer) -> None:
    digest = a_digest(slack=[SlackMessage(part="parent", text="x", blocks=a_message(text="y" * 2900).blocks * 5)])

    with pytest.raises(DeliveryRefused, match="msg_blocks_too_long"):
        a_sender(slack).send(to_founders(), digest, parent=None)
