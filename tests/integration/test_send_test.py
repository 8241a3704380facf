"""`recap send --test`: one mail, marked, beside the ledger."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.model.errors import DeliveryRefused, NotAllowed, NotFound
from bot.workflows import send_test
from tests.fakes import mail_office
from tests.fakes.invented_week import WEEK, routes
from tests.fakes.mail_office import SLOT, Office


def trial(office: Office, address: str = "eve@desk.example", *, route: str | None = None) -> EmailMessage:
    bot = office.bot
    send_test.send(WEEK, address, route=route, desk=bot.desk, sender=bot.outbox, now=SLOT)
    (path,) = bot.settings.outbox.glob("test/*/email/*/*.eml")
    return message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default)


def test_test_mail_is_marked_and_leaves_the_ledger_alone(tmp_path: Path) -> None:
    with mail_office.opened(tmp_path) as office:
        office.build()

        mail = trial(office)

        assert str(mail["Subject"]).startswith("[Test] ")
        assert mail["To"] == "eve@desk.example"
        assert office.bot.store.load_deliveries() == []


def test_draft_can_be_tested_before_it_is_approved(tmp_path: Path) -> None:
    with mail_office.opened(tmp_path, routed=routes(slack=(), review="required")) as office:
        office.build()

        assert str(trial(office, route="all")["Subject"]).startswith("[Test] ")


def test_what_cannot_be_tested_is_named(tmp_path: Path) -> None:
    with mail_office.opened(tmp_path, routed=routes(email=False)) as office:
        with pytest.raises(NotFound, match="No recap was built for 2026-W47"):
            trial(office)
        office.build()
        with pytest.raises(NotAllowed, match="no route goes to an email list"):
            trial(office)
        with pytest.raises(NotFound, match="no digest for route 'al'"):
            trial(office, route="al")


def test_address_that_is_none_is_refused(tmp_path: Path) -> None:
    with mail_office.opened(tmp_path) as office:
        office.build()

        with pytest.raises(DeliveryRefused):
            trial(office, "not an address")
