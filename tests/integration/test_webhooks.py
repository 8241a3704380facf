import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.subscriber import BounceKind
from tests.builders import NOW
from tests.fakes.office import WEBHOOK_KEY, Office, open_office

PATH = "/webhooks/email/mailgun"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as office:
        yield office


def a_failure(delivery: str, **values: object) -> dict[str, object]:
    return {
        "event": "failed",
        "id": "G9Bn5sl1TC6nu79C8C0bwg",
        "severity": "permanent",
        "reason": "bounce",
        "recipient": "ann@reader.example",
        "delivery-status": {
            "code": 550, "enhanced-code": "5.1.1", "message": "5.1.1 No such user", "description": "", "attempt-no": 1,
        },
        "message": {"headers": {"to": "ann@reader.example", "message-id": f"{delivery}@mail.example"}, "size": 111},
    } | values  # fmt: skip


def signed(event: object, *, token: str = "a" * 50, age_s: int = 0, key: str = WEBHOOK_KEY) -> bytes:
    timestamp = str(int(NOW.timestamp()) - age_s)
    signature = hmac.new(key.encode(), (timestamp + token).encode(), hashlib.sha256).hexdigest()
    own = {"timestamp": timestamp, "token": token, "signature": signature}
    return json.dumps({"signature": own, "event-data": event}).encode()


def test_permanent_failure_suppresses_its_reader(office: Office) -> None:
    reply = office.visitor.ask("POST", PATH, signed(a_failure(office.sent())))

    assert (reply.status, reply.text) == (200, '{"said":"suppressed"}')
    assert office.bot.store.is_suppressed("ann@reader.example", list_id="weekly")


def test_complaint_suppresses_its_reader_on_every_list(office: Office) -> None:
    office.visitor.ask("POST", PATH, signed(a_failure(office.sent(), event="complained")))

    assert [each.reason for each in office.bot.store.load_suppressions()] == ["complaint"]
    assert office.bot.store.is_suppressed("ann@reader.example", list_id="daily")


@pytest.mark.parametrize("values", [{"severity": "temporary"}, {"event": "delivered"}, {"event": "opened"}])
def test_what_is_no_refusal_is_taken_and_changes_nothing(office: Office, values: dict[str, object]) -> None:
    reply = office.visitor.ask("POST", PATH, signed(a_failure(office.sent(), **values)))

    assert reply.status == 200
    assert office.bot.store.load_suppressions() == []


def test_report_of_somebody_elses_mail_changes_nothing(office: Office) -> None:
    reply = office.visitor.ask("POST", PATH, signed(a_failure("0" * 32)))

    assert (reply.status, reply.text) == (200, '{"said":"ignored"}')
    assert office.bot.store.load_suppressions() == []


def test_token_counts_once_whatever_comes_with_it(office: Office) -> None:
    first, second = office.sent(), office.sent("digest-2", recipient="bob@reader.example")
    office.visitor.ask("POST", PATH, signed(a_failure(first)))

    replies = [office.visitor.ask("POST", PATH, signed(a_failure(each))).status for each in (first, second)]

    assert replies == [406, 406]
    assert not office.bot.store.is_suppressed("bob@reader.example", list_id="weekly")


@pytest.mark.parametrize(("age_s", "status"), [(0, 200), (8 * 3600, 200), (10 * 3600, 401), (-200, 200), (-400, 401)])
def test_report_is_taken_as_long_as_it_is_tried_again(office: Office, age_s: int, status: int) -> None:
    assert office.visitor.ask("POST", PATH, signed(a_failure(office.sent()), age_s=age_s)).status == status


def test_unsigned_report_is_refused(office: Office) -> None:
    body = signed(a_failure(office.sent()), key="another")

    assert office.visitor.ask("POST", PATH, body).status == 401
    assert office.bot.store.load_suppressions() == []


HOSTILE = [
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff\xfe",
    b'{"signature": []}',
    b'{"signature": {"timestamp": true, "token": 1, "signature": null}}',
    b'{"signature": {"timestamp": "' + b"9" * 5000 + b'", "token": "' + b"a" * 50 + b'", "signature": "\xc3\xa9"}}',
    b'{"signature": {"timestamp": "1", "token": "\\ud800\\ud800\\ud800\\ud800\\ud800\\ud800", "signature": "\\ud800"}}',
    b"[" * 100_000,
    b'{"a": ' + b"1" * 9000 + b"}",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_malformed_report_is_refused_and_never_our_fault(office: Office, body: bytes) -> None:
    assert office.visitor.ask("POST", PATH, body).status in (400, 401)


@pytest.mark.parametrize("event", [None, [], "failed", {}, {"event": 5}, {"event": ["failed"]}])
def test_signed_report_that_is_none_is_unreadable(office: Office, event: object) -> None:
    assert office.visitor.ask("POST", PATH, signed(event)).status in (400, 200)
    assert office.bot.store.load_bounces_of(BounceKind.HARD, since=NOW - timedelta(days=1), limit=1) == []


def test_endless_report_is_cut_off(office: Office) -> None:
    assert office.visitor.ask("POST", PATH, b" " * 1_000_001).status == 413


def test_only_configured_providers_have_a_door(office: Office) -> None:
    assert office.visitor.ask("POST", "/webhooks/email/nobody", signed({})).status == 404
    assert office.visitor.get(PATH).status in (404, 405)
