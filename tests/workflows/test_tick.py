"""The scheduler's tick on a real store: what is due is done once, and made up for after a crash or a downtime."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import structlog

from bot import settings, wiring
from bot.adapters.storage.store import SqlStore
from bot.entrypoints import scheduler
from bot.model.delivery import DeliveryState
from bot.model.digest import DigestState
from bot.model.errors import StorageBusy
from bot.model.subscriber import SubscriptionState
from bot.model.values import Language
from bot.wiring import Bot, Particulars
from bot.workflows import keep_time, review_deadlines, review_recap
from bot.workflows.review_recap import Editor
from bot.workflows.subscribing.choices import Choices
from bot.workflows.subscribing.sign_up import SignUp
from tests.delivery_builders import a_reader
from tests.fakes.clock import HandClock
from tests.fakes.crashing import Crash
from tests.fakes.invented_week import RECAP, WEEK, an_office, routes
from tests.fakes.job_queue import FakeJobQueue

SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
BUILD = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SLOT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 26, 15, 0, tzinfo=UTC)
PARTS = 7
"""Of the digest: a parent and five replies, and one mail."""


class Office:
    """A bot and its clock."""

    def __init__(self, bot: Bot, clock: HandClock) -> None:
        self.bot = bot
        self.clock = clock

    def tick(self, at: datetime, bot: Bot | None = None) -> None:
        self.clock.at = at
        (bot or self.bot).tick(now=at)

    def recaps(self) -> list[str]:
        return [recap.id for recap in self.bot.store.load_recaps()]

    def sent(self) -> int:
        return len(self.bot.store.load_deliveries(state=DeliveryState.SENT))

    def articles(self) -> int:
        return len(self.bot.store.load_articles())


@pytest.fixture
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    review, on_timeout = getattr(request, "param", ("none", "hold"))
    operator = an_office(tmp_path, routed=routes(review=review, on_timeout=on_timeout), recap=RECAP)
    given = {
        "RECAP_DATABASE_URL": f"sqlite:///{tmp_path / 'recap.db'}",
        "RECAP_OUTBOX": str(tmp_path / "outbox"),
        "RECAP_SECRET_KEY": "test",
    }
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    clock = HandClock(SUNDAY)
    with wiring.bot(loaded, Particulars(clock=clock, seed=0)) as bot:
        bot.store.upgrade()
        yield Office(bot, clock)


with_review = pytest.mark.parametrize("office", [("required", "hold")], indirect=True)
sent_on_timeout = pytest.mark.parametrize("office", [("required", "send")], indirect=True)
skipped_on_timeout = pytest.mark.parametrize("office", [("required", "skip")], indirect=True)


def test_week_is_built_at_its_time_and_sent_at_the_routes(office: Office) -> None:
    office.tick(SUNDAY)
    office.tick(BUILD.replace(hour=5, minute=59))
    assert (office.articles(), office.recaps()) == (5, [])

    office.tick(BUILD)
    office.tick(SLOT.replace(hour=8, minute=59))
    assert (office.recaps(), office.sent()) == ([WEEK], 0)

    office.tick(SLOT)
    office.tick(SLOT.replace(minute=1))
    assert office.sent() == PARTS


def test_worker_queues_what_is_due_where_no_scheduler_does(office: Office) -> None:
    office.tick(SUNDAY)
    office.tick(BUILD)
    office.clock.at = SLOT
    queue = FakeJobQueue()

    replace(office.bot, jobs=queue).sending.top_up(now=office.clock.now)

    assert queue.load_state().deliveries == PARTS
    assert office.sent() == 0


def test_worker_leaves_queueing_to_another_that_is_at_it(office: Office) -> None:
    office.tick(SUNDAY)
    office.tick(BUILD)
    office.clock.at = SLOT
    queue = FakeJobQueue()

    with closing(SqlStore(office.bot.settings.database_url)) as other, other.lead("sender") as leads:
        replace(office.bot, jobs=queue).sending.top_up(now=office.clock.now)

    assert leads
    assert queue.waiting == []


def test_queue_that_nobody_takes_from_is_told_once_an_hour(office: Office) -> None:
    office.tick(SUNDAY)
    office.tick(BUILD)
    bot = replace(office.bot, jobs=FakeJobQueue())

    with structlog.testing.capture_logs() as said:
        for minute in (0, 1, 59):
            office.tick(SLOT.replace(minute=minute), bot)

    assert [each["event"] for each in said if each["log_level"] == "warning"] == ["queue.has_no_worker"]


def test_only_the_leader_ticks(office: Office) -> None:
    with closing(SqlStore(office.bot.settings.database_url)) as other, other.lead() as leads:
        office.tick(BUILD)

    assert leads
    assert (office.articles(), office.recaps()) == (0, [])


def test_collection_that_died_is_made_up_for_five_minutes_later(office: Office) -> None:
    office.bot.store.claim_period("collect", "2026-11-22T20:00", now=SUNDAY)  # and then its process died

    office.tick(SUNDAY.replace(minute=4))
    assert office.articles() == 0

    office.tick(SUNDAY.replace(minute=5))
    assert office.articles() == 5


def test_downtime_is_made_up_for_by_the_last_week_at_once_and_once(office: Office) -> None:
    office.tick(SUNDAY)

    office.tick(THURSDAY)
    office.tick(THURSDAY.replace(minute=1))

    assert office.recaps() == [WEEK]
    assert office.sent() == PARTS


def test_weeks_before_the_last_are_not_made_up_for(office: Office) -> None:
    office.tick(SUNDAY)

    office.tick(datetime(2026, 12, 2, 12, 0, tzinfo=UTC))

    assert WEEK not in office.recaps()


def test_what_was_planned_long_ago_is_never_sent_by_itself(office: Office) -> None:
    office.tick(BUILD)

    office.tick(datetime(2026, 11, 30, 9, 0, 1, tzinfo=UTC))

    assert office.sent() == 0
    assert [row.recap_id for row in office.bot.store.load_deliveries()] == [WEEK] * PARTS
    sent = office.bot.send(now=office.clock.now, late=True)
    assert (sent.sent, sent.late) == (PARTS, ())


class CrashingRenderer:
    """A process that dies while it writes the first message."""

    def render(self, template: str, *, language: Language, **values: object) -> str:
        raise Crash(template)

    def mjml(self, template: str, *, language: Language, **values: object) -> str:
        raise Crash(template)


def test_build_that_died_is_done_again_at_the_next_tick(office: Office) -> None:
    dying = replace(office.bot, desk=replace(office.bot.desk, renderer=CrashingRenderer()))
    with pytest.raises(Crash):
        office.tick(BUILD, dying)
    assert office.recaps() == []

    office.tick(BUILD.replace(second=30))
    office.tick(SLOT)

    assert office.recaps() == [WEEK]
    assert office.sent() == PARTS


@with_review
def test_draft_waits_for_its_editor_and_goes_with_the_next_tick(office: Office) -> None:
    office.tick(BUILD)
    office.tick(SLOT)
    assert office.sent() == 0

    digest = review_recap.digest_of_route(WEEK, "all", desk=office.bot.desk)
    review_recap.approve(digest, Editor("ada", SLOT), desk=office.bot.desk)
    office.tick(SLOT.replace(minute=30))

    assert office.sent() == PARTS


@sent_on_timeout
def test_draft_that_nobody_reviewed_goes_at_its_slot_where_its_route_says_so(office: Office) -> None:
    office.tick(BUILD)
    office.tick(SLOT.replace(hour=8, minute=59))
    assert office.sent() == 0

    office.tick(SLOT)
    office.tick(SLOT.replace(minute=1))

    digest = review_recap.digest_of_route(WEEK, "all", desk=office.bot.desk)
    [act] = office.bot.store.load_review_acts(digest.key)
    assert office.sent() == PARTS
    assert digest.state_reason == "nobody reviewed it by 2026-11-23 09:00 UTC; sent as set"
    assert (act.editor, act.act, act.argument) == ("recap", "timeout", "send")


@skipped_on_timeout
def test_draft_that_nobody_reviewed_is_skipped_where_its_route_says_so(office: Office) -> None:
    office.tick(BUILD)
    office.tick(SLOT)
    office.tick(SLOT.replace(minute=1))

    digest = review_recap.digest_of_route(WEEK, "all", desk=office.bot.desk)
    assert (office.sent(), digest.state) == (0, DigestState.SKIPPED)
    assert digest.state_reason == "nobody reviewed it by 2026-11-23 09:00 UTC; skipped as set"
    assert len(office.bot.store.load_review_acts(digest.key)) == 1


@sent_on_timeout
def test_editor_of_a_recap_that_was_built_late_has_three_hours(office: Office) -> None:
    office.tick(SUNDAY)

    office.tick(THURSDAY)
    office.tick(THURSDAY.replace(hour=17, minute=59))
    assert office.sent() == 0

    office.tick(THURSDAY.replace(hour=18))
    assert office.sent() == PARTS


@with_review
def test_editor_is_reminded_once_three_hours_before_the_slot(office: Office) -> None:
    desk = office.bot.desk
    office.bot.collect(now=SUNDAY)
    office.bot.build(desk.week(WEEK), now=BUILD.replace(hour=1))

    assert review_deadlines.nudge(desk=desk, now=SLOT.replace(hour=5, minute=59)) == []
    assert [each.until for each in review_deadlines.nudge(desk=desk, now=SLOT.replace(hour=6))] == [SLOT]
    assert review_deadlines.nudge(desk=desk, now=SLOT.replace(hour=7)) == []
    assert [each.route.id for each in review_deadlines.drafts_near_deadline(desk=desk, now=BUILD)] == ["all"]


def test_reader_who_comes_after_the_plan_is_planned_at_the_next_tick(office: Office) -> None:
    office.tick(BUILD)
    person, subscription = a_reader("mira@reader.example", list_id="team", day=0, hour=12)
    office.bot.store.save_subscriber(person, subscription)

    office.tick(BUILD.replace(minute=1))

    assert len(office.bot.store.load_deliveries()) == PARTS + 1


@with_review
def test_partial_recap_does_not_take_the_place_of_the_weeks(office: Office) -> None:
    office.tick(BUILD)
    office.bot.build(office.bot.desk.week("2026-W48"), now=THURSDAY, partial=True)
    digest = review_recap.digest_of_route(WEEK, "all", desk=office.bot.desk)
    review_recap.approve(digest, Editor("ada", SLOT), desk=office.bot.desk)

    office.tick(THURSDAY)

    assert {row.recap_id for row in office.bot.store.load_deliveries(state=DeliveryState.SENT)} == {WEEK}


def test_step_that_fails_costs_the_others_nothing() -> None:
    done: list[str] = []

    def fail() -> None:
        raise StorageBusy("recap.db is locked")

    keep_time.do_each({"collect": fail, "send": lambda: done.append("sent")})

    assert done == ["sent"]


def test_scheduler_survives_whatever_a_tick_meets(office: Office) -> None:
    class Broken:
        def now(self) -> datetime:
            raise RuntimeError("no time")

    scheduler.tick(replace(office.bot, clock=Broken()))

    office.tick(BUILD)
    assert office.recaps() == [WEEK]


def test_tick_sends_confirmations_and_ends_pauses(office: Office) -> None:
    store = office.bot.store
    asked = SignUp(address="ann@reader.example", list_id="team", choices=Choices(), consent_text="Yes.", form="web")
    office.bot.people.sign_up(asked, now=SUNDAY)
    is_paused = {"state": SubscriptionState.PAUSED, "paused_until": SUNDAY}
    store.save_subscriber(*a_reader("ben@reader.example", list_id="team", **is_paused))

    office.tick(SUNDAY)

    assert [mail.state for mail in store.load_mails("ann@reader.example")] == [DeliveryState.SENT]
    assert [person.address for person, _ in store.load_subscribers("team")] == ["ben@reader.example"]
