"""What comes to /slack/events and is not Slack's, or comes twice."""

import json
from collections.abc import Iterator

import pytest

from tests.fakes.slack_client import NOW, Caller, a_workspace

CORVANE = "ea0f8f39477"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    with a_workspace(tmp_path_factory.mktemp("slack")) as caller:
        yield caller


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        ("abc", "v0=00"),
        ("", ""),
        ("1e9", "v0=00"),
        ("9" * 5000, "v0=00"),
        ("-1", "v0=00"),
        ("1795424400", "v0=" + "0" * 64),
        ("1795424400", "v0=\u00e9\u00ff"),
        ("1795424400", ""),
    ],
    ids=["word", "empty", "float", "endless", "negative", "forged", "not-ascii", "unsigned"],
)
def test_a_request_that_slack_did_not_sign_is_refused(caller: Caller, timestamp: str, signature: str) -> None:
    headers = {"x_slack_request_timestamp": timestamp, "x_slack_signature": signature, "content_type": FORM}

    assert caller.visitor.ask("POST", "/slack/events", caller.command_body("help"), **headers).status == 401


def test_a_request_without_the_headers_is_refused(caller: Caller) -> None:
    assert caller.visitor.ask("POST", "/slack/events", b"command=/recap", content_type=FORM).status == 401


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (-299, 200), (301, 401), (-301, 401)])
def test_a_signature_is_good_for_five_minutes_either_way(caller: Caller, seconds: int, status: int) -> None:
    at = int(NOW.timestamp()) + seconds

    assert caller.send(caller.command_body("help"), at=at).status == status


def test_a_changed_body_is_refused(caller: Caller) -> None:
    body = caller.command_body("help")
    headers = caller.signed(body)

    changed = body.replace(b"help", b"hell")
    assert caller.visitor.ask("POST", "/slack/events", changed, **headers).status == 401


def test_another_team_is_refused_although_the_signature_is_good(caller: Caller) -> None:
    assert caller.send(caller.command_body("help", team_id="T0OTHER")).status == 403


def test_the_look_at_our_certificate_is_answered(caller: Caller) -> None:
    assert caller.visitor.get("/slack/events?ssl_check=1").status == 200
    assert caller.visitor.ask("POST", "/slack/events", b"ssl_check=1&token=x", content_type=FORM).status == 200


def test_the_challenge_of_the_events_api_is_echoed(caller: Caller) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a"}).encode()

    reply = caller.send(body, content_type="application/json")

    assert (reply.status, json.loads(reply.body)) == (200, {"challenge": "3eZbrw1a"})


def test_a_repeated_request_acts_once_and_is_acknowledged_again(caller: Caller) -> None:
    url = caller.slack.response_url("repeated")
    body = caller.command_body("help", response_url=url)

    statuses = [caller.send(body).status, caller.send(body, x_slack_retry_num="1").status]
    caller.command("sources", response_url=caller.slack.response_url("later"))

    caller.slack.desk.await_answer("repeated")
    caller.slack.desk.await_answer("later")
    assert statuses == [200, 200]
    assert [said.place for said in caller.slack.desk.said].count("repeated") == 1


def test_a_first_request_acts_although_it_says_that_it_is_a_retry(caller: Caller) -> None:
    body = caller.command_body("help", response_url=caller.slack.response_url("retried"))

    caller.send(body, x_slack_retry_num="1", x_slack_retry_reason="http_timeout")

    assert "/recap search WORDS" in caller.slack.desk.await_answer("retried").text


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"payload=", b"payload=%7B", b"payload=[]", b"{", b"a=1"])
def test_a_signed_body_that_cannot_be_read_is_no_fault_of_ours(caller: Caller, body: bytes) -> None:
    assert caller.send(body).status in {400, 403, 404}


def test_what_is_asked_never_comes_back_as_markup(caller: Caller) -> None:
    caller.command("search <!channel> <@U0EVE> *x* `y`", response_url=caller.slack.response_url("markup"))

    said = caller.slack.desk.await_answer("markup")
    assert "<!channel>" not in said.text
    assert "&lt;!channel&gt;" in said.text
