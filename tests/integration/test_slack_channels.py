"""What a channel is called, by what Slack sends and by what the ledger recorded of the last post."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from slack_sdk import WebClient

from bot.adapters.storage.store import SqlStore
from bot.deliver import owned
from bot.entrypoints.slack_app.channels import Channels
from bot.model.delivery import DeliveryState, Receipt
from bot.model.route import Destination, Medium, Route
from tests.builders import NOW
from tests.contract.builders import a_delivery, a_recap
from tests.fakes.slack_server import SCOPES, TOKEN, SlackServer

BY_NAME = [Route(id="all", name="All", destinations=[Destination(medium=Medium.SLACK, id="#founders")])]


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with closing(SqlStore("sqlite://")) as store:
        store.upgrade()
        yield store


def channels(store: SqlStore, slack: SlackServer | None = None) -> Channels:
    url = slack.url if slack else "http://127.0.0.1:9/"
    return Channels(WebClient(TOKEN, base_url=url, retry_handlers=[]), store)


def test_name_that_a_request_told_finds_the_route_of_that_name(store: SqlStore) -> None:
    known = channels(store)

    known.hear({"channel_id": "C1", "channel_name": "founders"})
    known.hear({"channel": {"id": "C2", "name": "privategroup"}})

    assert owned.of_channel(BY_NAME, "C1", name=known.name("C1", BY_NAME)) == BY_NAME[0]
    assert known.name("C2", BY_NAME) == ""


def test_name_under_which_a_recap_was_posted_finds_the_route_of_that_name(store: SqlStore) -> None:
    posted = a_delivery(destination="#founders", recipient="#founders")
    store.save_edition(a_recap(), [], [])
    store.save_deliveries([posted])
    store.settle(posted.id, DeliveryState.SENT, now=NOW, receipt=Receipt("1.2", "C1"))

    assert channels(store).name("C1", BY_NAME) == "#founders"
    assert channels(store).name("C9", BY_NAME) == ""


@pytest.mark.parametrize(
    ("channel", "scopes", "is_member"),
    [
        ("C0FOUNDERS", SCOPES, True),
        ("C0RESEARCH", SCOPES, False),
        ("C0PRIVATE", SCOPES, False),
        ("C0FOUNDERS", SCOPES - {"channels:read"}, None),
    ],
)
def test_membership_is_what_slack_says_of_it(
    store: SqlStore,
    channel: str,
    scopes: frozenset[str],
    is_member: bool | None,  # noqa: FBT001  # a table
) -> None:
    with SlackServer(foreign=["C0RESEARCH"], scopes=scopes) as slack:
        assert channels(store, slack).is_member(channel) is is_member


def test_membership_is_unknown_where_slack_cannot_be_reached(store: SqlStore) -> None:
    assert channels(store).is_member("C1") is None
