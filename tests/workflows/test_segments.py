"""Segments on a real store: who chose the same gets the same digest, made once, and one mail of a recap."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.delivery import DeliveryState
from bot.model.subscriber import SLACK_LIST
from bot.workflows import personal, review_recap
from bot.workflows.build_recap import Edition
from bot.workflows.personal import Reader
from bot.workflows.review_recap import Editor
from tests.fakes import mail_office
from tests.fakes.invented_week import MEMBER, WEEK, routes
from tests.fakes.mail_office import JOINED, SLOT, Office


@pytest.fixture
def office(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    with mail_office.opened(tmp_path, routed=getattr(request, "param", "")) as opened:
        yield opened


def test_readers_who_chose_the_same_share_one_digest(office: Office) -> None:
    office.joins("ada@reader.example", mutes=["Kestrel", "foundry "])
    office.joins("bo@reader.example", mutes=["foundry", "kestrel"])

    office.plan()

    mails = office.mails()
    assert mails["ada@reader.example"].subject == mails["bo@reader.example"].subject
    assert len(office.bot.store.load_digest_states(WEEK)) == 2
    assert not any("Kestrel" in title or "foundry" in title for title in office.titles("ada@reader.example"))


def test_reader_who_chose_nothing_gets_the_routes_own_digest(office: Office) -> None:
    office.joins("ada@reader.example")

    office.plan()

    assert len(office.bot.store.load_digest_states(WEEK)) == 1
    assert office.mails()["ada@reader.example"].subject == office.mails()[MEMBER].subject


def test_each_choice_makes_a_digest_of_its_own(office: Office) -> None:
    office.joins("ada@reader.example", density="one-line")
    office.joins("bo@reader.example", language="zh")
    office.joins("cy@reader.example", audiences=["founders"])

    office.plan()

    stored = [office.bot.store.load_digest(key) for key in office.bot.store.load_digest_states(WEEK)]
    found = {(each.density, each.language, tuple(each.audiences)) for each in stored if each and each.segment}
    assert found == {("one-line", "en", ("*",)), ("full", "zh", ("*",)), ("full", "en", ("founders",))}


def test_pages_and_editors_see_the_routes_digests_alone(office: Office) -> None:
    office.joins("ada@reader.example", density="compact")

    office.plan()

    assert [digest.segment for digest in office.bot.store.load_digests(WEEK)] == [""]


def test_planning_twice_plans_nothing_new(office: Office) -> None:
    office.joins("ada@reader.example", density="compact")

    assert (office.plan(), office.plan()) == (2, 0)


def test_reader_who_changes_their_mind_before_the_mail_gets_one_mail_by_the_new_choice(office: Office) -> None:
    office.joins("ada@reader.example", density="compact", hour=9)
    office.plan(at_once=False)
    office.joins("ada@reader.example", mutes=["Kestrel"], hour=15, changed_at=SLOT)

    office.plan(at_once=False)

    assert len(office.mails()) == 2
    assert not any("Kestrel" in title for title in office.titles("ada@reader.example"))
    assert office.mails()["ada@reader.example"].not_before == datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_reader_who_changes_their_mind_after_the_mail_gets_no_second_one(office: Office) -> None:
    office.joins("ada@reader.example")
    office.plan()
    office.bot.send(now=lambda: SLOT)
    sent = office.mails()["ada@reader.example"]
    office.joins("ada@reader.example", density="compact", changed_at=SLOT)

    office.plan()

    assert sent.state is DeliveryState.SENT
    assert office.mails()["ada@reader.example"] == sent


def test_mail_says_since_when(office: Office) -> None:
    office.joins("ada@reader.example")

    office.plan()

    assert office.mails()["ada@reader.example"].since == JOINED
    assert office.mails()[MEMBER].since is None


@pytest.mark.parametrize("state", ["pending", "paused", "ended"])
def test_only_active_subscriptions_are_served(office: Office, state: str) -> None:
    office.joins("ada@reader.example", state=state, density="compact")

    office.plan()

    assert set(office.mails()) == {MEMBER}
    assert len(office.bot.store.load_digest_states(WEEK)) == 1


def test_member_who_subscribed_too_gets_one_mail(office: Office) -> None:
    office.joins(MEMBER.upper(), density="compact")

    office.plan()

    assert set(office.mails()) == {MEMBER}


MOST = ["Corvane", "Brightwell", "Ostrava", "Kestrel"]
"""Muted, they leave one event of the week."""
ALL = [*MOST, "Lumenar"]


def test_small_segment_is_told_of_its_one_event_and_that_the_week_is_quiet(office: Office) -> None:
    office.joins("ada@reader.example", mutes=MOST)
    office.plan()
    office.bot.send(now=lambda: SLOT)

    plain, rich = office.parts("ada@reader.example")

    assert office.titles("ada@reader.example") == ["Chipmaker Lumenar delays its 2027 foundry"]
    assert "A quiet week for you: 1 event." in plain
    assert "A quiet week for you: 1 event." in rich
    assert office.bot.store.load_held(WEEK) == {}


def test_segment_for_which_there_is_nothing_is_told_so_with_the_best_for_everybody(office: Office) -> None:
    office.joins("ada@reader.example", audiences=["founders"], mutes=MOST)
    office.plan()
    office.bot.send(now=lambda: SLOT)

    plain, _ = office.parts("ada@reader.example")

    assert office.titles("ada@reader.example") == []
    assert office.mail("ada@reader.example")["Subject"] == "A quiet week for you · Weekly Tech Recap"
    assert "Nothing among what you chose this week." in plain
    after = plain.partition("Beyond what you chose: the week's best for everybody")[2]
    assert "Chipmaker Lumenar delays its 2027 foundry" in after
    assert not any(word in plain for word in MOST)


def test_segment_of_a_route_that_holds_its_own_digest_is_held_too(tmp_path: Path) -> None:
    with mail_office.opened(tmp_path, routed=routes(slack=()).replace("review:", "min_events: 6, review:")) as office:
        office.joins("ada@reader.example", mutes=MOST)

        office.plan()

        assert office.mails() == {}
        held = office.bot.store.load_held(WEEK)
        assert sorted(len(events) for events in held.values()) == [1, 5]


@pytest.mark.parametrize("office", [routes(slack=(), review="required")], indirect=True)
def test_segments_of_a_reviewed_route_wait_for_the_editor_and_get_what_was_approved(office: Office) -> None:
    office.joins("ada@reader.example", density="compact")
    office.plan()
    assert office.mails() == {}
    desk, editor = office.bot.desk, Editor("mira", SLOT)
    draft = review_recap.digest_of_route(WEEK, "all", desk=desk)
    draft = review_recap.drop(draft, draft.cards[0].event_id, editor, desk=desk)
    draft = review_recap.note(draft, "A quiet week.", editor, desk=desk)
    approved = review_recap.approve(draft, editor, desk=desk)

    office.bot.plan(Edition(office.build().recap, (approved,), was_frozen=True), now=SLOT, at_once=True)

    digest = office.bot.store.load_digest(office.mails()["ada@reader.example"].subject)
    assert digest is not None
    assert digest.note == "A quiet week."
    assert {card.event_id for card in digest.cards} == {card.event_id for card in approved.cards}


TWO = """
routes:
  - {id: english, name: English, audiences: ["*"], destinations: [{email: team}]}
  - {id: chinese, name: Chinese, audiences: ["*"], language: zh, destinations: [{email: team}]}
"""


@pytest.mark.parametrize("office", [TWO], indirect=True)
def test_subscriber_of_a_list_of_two_routes_gets_one_mail_in_their_language(office: Office) -> None:
    office.joins("ada@reader.example", language="zh")
    office.joins("bo@reader.example", language="en")

    office.plan()

    assert office.mails()["ada@reader.example"].route_id == "chinese"
    assert office.mails()["bo@reader.example"].route_id == "english"
    assert len(office.bot.store.load_digest_states(WEEK)) == 2


CHECKED = """
routes:
  - {id: all, audiences: ["*"], min_events: 1, destinations: [{email: team}]}
  - {id: checked, audiences: [policy], min_events: 1, destinations: [{slack: "#policy"}], review: required}
"""


def messages(office: Office) -> dict[str, list[str]]:
    """Return the titles of people's own messages, by person."""
    rows = [each for each in office.bot.store.load_deliveries() if each.route_id == SLACK_LIST]
    digests = {each.recipient: office.bot.store.load_digest(each.subject) for each in rows}
    return {person: [card.title for card in digest.cards] for person, digest in digests.items() if digest}


@pytest.mark.parametrize("office", [CHECKED], indirect=True)
def test_persons_own_message_waits_for_every_draft_that_concerns_them(office: Office) -> None:
    for person, audience in (("U0ADA", "policy"), ("U0BO", "data")):
        reader = Reader("local", person, "en", "UTC")
        personal.subscribe(reader, audiences=[audience], day=0, hour=9, store=office.bot.store, now=JOINED)

    office.plan()
    before = messages(office)
    draft = review_recap.digest_of_route(WEEK, "checked", desk=office.bot.desk)
    review_recap.approve(draft, Editor("mira", SLOT), desk=office.bot.desk)
    office.plan()

    assert before == {"U0BO": ["Chipmaker Lumenar delays its 2027 foundry"]}
    assert messages(office) == before | {"U0ADA": ["Regulator fines Ostrava Telecom over leaked records"]}
