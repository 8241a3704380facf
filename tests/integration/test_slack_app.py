"""The Slack app over HTTP, against a stand-in workspace that refuses what Slack would refuse."""

from collections.abc import Iterator

import pytest

from tests.fakes.slack_client import Caller, a_workspace


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        yield caller


def test_help_is_acknowledged_empty_and_answered_to_the_person_alone(caller: Caller) -> None:
    before = len(caller.slack.desk.said)

    reply = caller.command("help")

    said = caller.slack.desk.await_answers(before + 1)[-1]
    assert (reply.status, reply.body) == (200, b"")
    assert said.message["response_type"] == "ephemeral"
    assert "`/recap search WORDS`" in said.text
