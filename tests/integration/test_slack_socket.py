"""Socket Mode: the same listeners, on a connection that we open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.fakes.slack_client import ADA, CHANNEL, Caller, a_workspace
from tests.fakes.slack_socket import Socket, a_socket


@contextmanager
def an_app_on_a_socket(home: Path) -> Iterator[tuple[Caller, Socket]]:
    with a_socket() as socket, a_workspace(home, socket_url=socket.url, SLACK_APP_TOKEN="xapp-sample") as caller:
        yield caller, socket


def a_command(caller: Caller, text: str, *, number: int) -> dict[str, str]:
    return {
        "command": "/recap", "text": text, "team_id": caller.team, "channel_id": CHANNEL, "user_id": ADA,
        "trigger_id": f"socket-{number}", "response_url": caller.slack.response_url(f"socket-{number}"),
    }  # fmt: skip


def test_a_command_over_the_socket_is_acknowledged_and_answered(tmp_path: Path) -> None:
    with an_app_on_a_socket(tmp_path) as (caller, socket):
        socket.hand_out("slash_commands", a_command(caller, "help", number=1), envelope="e-1")

        acknowledged = socket.await_acknowledged(1)
        said = caller.slack.desk.await_answers(1)[-1]

    assert acknowledged[0]["envelope_id"] == "e-1"
    assert "`/recap search WORDS`" in said.text


def test_the_app_connects_anew_when_the_line_breaks(tmp_path: Path) -> None:
    with an_app_on_a_socket(tmp_path) as (caller, socket):
        socket.break_line()
        socket.hand_out("slash_commands", a_command(caller, "sources", number=2), envelope="e-2", on_line=2)

        acknowledged = socket.await_acknowledged(1)

    assert acknowledged[0]["envelope_id"] == "e-2"
