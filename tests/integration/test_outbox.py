import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.adapters.outbox import OutboxItem, OutboxSender
from bot.deliver import mime, slack
from bot.deliver.mime import Links
from bot.model.delivery import Receipt
from bot.model.errors import DeliveryFailed, DeliveryRefused, SenderMisconfigured
from bot.model.route import Medium
from tests.builders import NOW
from tests.delivery_builders import LIST, a_delivery, a_digest, a_mail_delivery, a_message, a_token, fetch_receipt


def an_outbox(directory: Path) -> OutboxSender:
    return OutboxSender(directory, lists=[LIST], base_url="https://recap.example", token=a_token)


def send(outbox: OutboxSender, parts: Sequence[str], *, channel: str = "C1") -> None:
    for part in parts:
        outbox.send(a_delivery(id=f"id-{part}", part=part, destination=channel), a_digest(), parent=None)


def test_channel_gets_one_file_with_its_replies_in_order(tmp_path: Path) -> None:
    send(an_outbox(tmp_path), ["parent", "reply-02", "reply-01"])

    written = json.loads((tmp_path / "2026-W47/founders/slack/C1.json").read_text(encoding="utf-8"))
    replies = written.pop("replies")
    assert written == slack.arguments(a_delivery(id="id-parent"), a_digest())
    assert replies == [
        slack.arguments(a_delivery(id=f"id-{part}", part=part), a_digest()) for part in ("reply-01", "reply-02")
    ]


def test_mail_is_written_to_the_byte(tmp_path: Path) -> None:
    receipt = an_outbox(tmp_path).send(a_mail_delivery(), a_digest(), parent=None)

    expected = mime.letter(a_digest(), mailing_list=LIST, sender=LIST.sender, base_url="https://recap.example").to(
        a_mail_delivery(),
        links=Links(
            "https://recap.example/unsubscribe/token-of-mira-weekly",
            "https://recap.example/preferences",
            "https://recap.example/",
        ),
        sent_at=NOW,
    )
    assert receipt == Receipt("2026-W47/founders/email/weekly/mira@reader.example.eml")
    assert (tmp_path / receipt.id).read_bytes() == expected


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    send(outbox, ["parent", "reply-01"])
    before = (tmp_path / "2026-W47/founders/slack/C1.json").read_bytes()

    send(outbox, ["parent", "reply-01"])

    assert (tmp_path / "2026-W47/founders/slack/C1.json").read_bytes() == before


@pytest.mark.parametrize(
    ("channel", "name"),
    [
        ("#general", "%23general.json"),
        ("../../etc/passwd", "..%2F..%2Fetc%2Fpasswd.json"),
        ("..", "...json"),
        ("a/b\\c:d", "a%2Fb%5Cc%3Ad.json"),
        ("动态", "%E5%8A%A8%E6%80%81.json"),
    ],
)
def test_names_are_percent_encoded(tmp_path: Path, channel: str, name: str) -> None:
    send(an_outbox(tmp_path), ["parent"], channel=channel)

    [path] = tmp_path.rglob("*.json")
    assert path.relative_to(tmp_path).as_posix() == f"2026-W47/founders/slack/{name}"


@pytest.mark.parametrize("hostile", [".", "..", "../..", "/abs"])
def test_no_route_or_list_leads_out_of_the_outbox(tmp_path: Path, hostile: str) -> None:
    outbox = an_outbox(tmp_path / "outbox")

    outbox.send(a_delivery(route_id=hostile, recap_id=hostile), a_digest(), parent=None)

    [path] = tmp_path.rglob("*.json")
    assert path.resolve().is_relative_to((tmp_path / "outbox").resolve())
    assert len(path.relative_to(tmp_path / "outbox").parts) == 4


def test_messages_are_read_back(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    send(outbox, ["parent"], channel="#general")
    outbox.send(a_mail_delivery(), a_digest(), parent=None)

    slack_item, mail_item = sorted(outbox.messages(), key=lambda item: item.medium, reverse=True)

    assert slack_item == OutboxItem(
        week="2026-W47",
        route="founders",
        medium=Medium.SLACK,
        destination="#general",
        recipient="#general",
        path="2026-W47/founders/slack/%23general.json",
        payload={**slack.arguments(a_delivery(id="id-parent", destination="#general"), a_digest()), "replies": []},
    )
    assert (mail_item.destination, mail_item.recipient) == ("weekly", "mira@reader.example")
    assert isinstance(mail_item.payload, bytes)


def test_empty_outbox_holds_nothing(tmp_path: Path) -> None:
    assert an_outbox(tmp_path / "missing").messages() == []


def test_receipt_is_found_for_what_is_there_alone(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    send(outbox, ["parent", "reply-01"])
    outbox.send(a_mail_delivery(), a_digest(), parent=None)

    assert fetch_receipt(outbox, a_delivery(id="id-reply-01", part="reply-01")) == Receipt(
        "2026-W47/founders/slack/C1.json"
    )
    assert fetch_receipt(outbox, a_delivery(id="id-reply-02", part="reply-02")) is None
    assert fetch_receipt(outbox, a_mail_delivery()) == Receipt("2026-W47/founders/email/weekly/mira@reader.example.eml")
    assert fetch_receipt(outbox, a_mail_delivery(id="another")) is None


def test_reply_without_its_parents_file_fails(tmp_path: Path) -> None:
    with pytest.raises(DeliveryFailed, match="the message it belongs to is gone"):
        send(an_outbox(tmp_path), ["reply-01"])


def test_directory_that_cannot_be_made_is_a_fault_of_the_setup(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands here")

    with pytest.raises(SenderMisconfigured, match="make room or set RECAP_OUTBOX") as caught:
        send(an_outbox(tmp_path / "outbox"), ["parent"])

    assert "\n" not in str(caught.value)


def test_name_too_long_for_the_disk_costs_one_delivery(tmp_path: Path) -> None:
    with pytest.raises(DeliveryRefused):
        send(an_outbox(tmp_path), ["parent"], channel="C" * 300)


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    send(outbox, ["parent"])
    outbox.send(a_mail_delivery(), a_digest(), parent=None)

    names = {path.name for path in tmp_path.rglob("*") if path.is_file()}

    assert names - {".lock"} == {"C1.json", "mira@reader.example.eml"}


def test_replies_written_side_by_side_are_all_kept(tmp_path: Path) -> None:
    outbox = an_outbox(tmp_path)
    parts = [f"reply-{number:02}" for number in range(1, 13)]
    digest = a_digest(slack=[a_message(part) for part in ["parent", *parts]])
    outbox.send(a_delivery(id="id-parent"), digest, parent=None)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda part: outbox.send(a_delivery(id=part, part=part), digest, parent=None), parts))

    replies = json.loads((tmp_path / "2026-W47/founders/slack/C1.json").read_text(encoding="utf-8"))["replies"]
    assert len(replies) == 12


def test_files_are_readable_by_others(tmp_path: Path) -> None:
    send(an_outbox(tmp_path), ["parent"])

    assert os.stat(tmp_path / "2026-W47/founders/slack/C1.json").st_mode & 0o777 == 0o644
