"""`recap send --dry-run`: what is due is written into the outbox, and the ledger learns nothing of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.route import ReviewChoice
from bot.workflows import keep_routes
from bot.workflows.keep_routes import Place, RouteChoice
from bot.workflows.rehearse import Rehearsal
from tests.fakes import mail_office
from tests.fakes.invented_week import MEMBER, NOW, RECAP, WEEK, an_office, routes
from tests.fakes.mail_office import SLOT, Office
from tests.fakes.slack_server import SlackServer

ADA = "ada@reader.example"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with mail_office.opened(tmp_path, routed=routes()) as opened:
        yield opened


def files(office: Office) -> set[str]:
    kept = (path for path in office.bot.settings.outbox.glob("*/*/*/**/*") if path.suffix in (".json", ".eml"))
    return {path.relative_to(office.bot.settings.outbox / WEEK / "all").as_posix() for path in kept}


def test_all_that_is_due_is_written_and_nothing_is_entered(office: Office) -> None:
    office.joins(ADA, density="compact", hour=15)

    found = office.bot.rehearse(office.build(), now=SLOT)

    assert found == Rehearsal(written=1 + 5 + 2)
    assert files(office) == {"slack/%23founders.json", f"email/team/{MEMBER}.eml", f"email/team/{ADA}.eml"}
    assert office.bot.store.load_deliveries() == []


def test_what_went_already_is_not_written_again(office: Office) -> None:
    office.plan()
    office.bot.send(now=lambda: SLOT)
    office.joins(ADA)

    found = office.bot.rehearse(office.build(), now=SLOT)

    assert found == Rehearsal(written=1)


def test_what_a_last_look_keeps_back_is_left_out_with_its_reason(office: Office) -> None:
    office.joins(ADA, density="compact")
    office.plan()
    office.joins(ADA, state="ended", density="compact")

    found = office.bot.rehearse(office.build(), now=SLOT)

    assert found.left_out == {"the reader has left the list": 1}


def test_what_is_late_waits_for_the_operators_word(office: Office) -> None:
    at = SLOT + timedelta(days=20)

    assert office.bot.rehearse(office.build(), now=at) == Rehearsal(0, {"its time is long past": 7})
    assert office.bot.rehearse(office.build(), now=at, late=True).written == 7


def test_route_that_a_channel_made_since_the_build_is_written_too(office: Office) -> None:
    edition = office.build()
    choice = RouteChoice(
        audiences=[], day=3, time="16:00", timezone="UTC", max_events=1, min_score=0.0, language="en",
        review=ReviewChoice.NONE,
    )  # fmt: skip
    keep_routes.keep(choice, Place("local", "C0LATE", "#late"), person="U0ADA", desk=office.bot.desk, now=SLOT)

    office.bot.rehearse(edition, now=SLOT)

    assert list(office.bot.settings.outbox.glob(f"{WEEK}/*/slack/C0LATE.json"))


def test_draft_that_the_editors_wait_for_is_written_for_their_channel(tmp_path: Path) -> None:
    routed = routes(slack=("#founders",), email=False, review="required")
    editors = f"{RECAP}review: {{channel: C0EDITORS}}\n"
    with mail_office.opened(tmp_path, routed=routed, recap=editors) as office:
        office.plan()

        assert office.bot.rehearse(office.build(), now=SLOT) == Rehearsal(written=1)


def test_command_writes_the_outbox_though_slack_is_set_up_and_sends_nothing(tmp_path: Path) -> None:
    with SlackServer() as slack:
        given = {"RECAP_SLACK_API_URL": slack.url, "SLACK_BOT_TOKEN": "xoxb-sample-token"}
        operator = an_office(tmp_path, routed=routes(email=False), **given)
        operator.recap("collect", "--now", NOW)
        operator.recap("build", "--now", NOW)

        said = operator.recap("send", "--dry-run", "--now", NOW).out

        assert said.startswith("Dry run: 6 messages written, none sent, none in the ledger.\n")
        assert slack.posted == []
        assert operator.recap("deliveries", "--json").data == []
