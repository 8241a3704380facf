"""Editors at work on a real store: what they do holds, is recorded, and never overwrites another's work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import settings, wiring
from bot.compose.revise import CardPart
from bot.model.digest import Digest, DigestState
from bot.model.errors import NotAllowed, NotFound
from bot.wiring import Bot
from bot.workflows import review_recap
from bot.workflows.pool import Desk
from bot.workflows.review_recap import Editor
from tests.fakes.invented_week import WEEK, an_office, routes

BUILT = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
ADA = Editor("ada", BUILT + timedelta(minutes=10))
BEN = Editor("ben", BUILT + timedelta(minutes=20))


@contextmanager
def opened(home: Path, *, routed: str) -> Iterator[Bot]:
    operator = an_office(home, routed=routed)
    given = {"RECAP_DATABASE_URL": "sqlite://", "RECAP_OUTBOX": str(home / "outbox"), "RECAP_SECRET_KEY": "test"}
    loaded = settings.load(operator.config, environment=given, defaults=settings.shipped_directory())
    with wiring.bot(loaded) as bot:
        bot.store.upgrade()
        bot.collect(now=BUILT - timedelta(hours=12))
        bot.build(bot.desk.week(WEEK), now=BUILT)
        yield bot


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, routed=routes(review="required")) as bot:
        yield bot.desk


def draft(desk: Desk) -> Digest:
    return review_recap.digest_of_route(WEEK, "all", desk=desk)


def shown(digest: Digest) -> list[str]:
    return [card.event_id for card in digest.cards]


def test_pinned_event_stays_on_top_until_it_is_moved(desk: Desk) -> None:
    first, second, third, fourth, fifth = shown(draft(desk))

    review_recap.pin(draft(desk), fifth, ADA, desk=desk)
    review_recap.move(draft(desk), third, 1, BEN, desk=desk)
    assert shown(draft(desk)) == [fifth, third, first, second, fourth]

    review_recap.move(draft(desk), fifth, 5, BEN, desk=desk)
    review_recap.move(draft(desk), first, 1, BEN, desk=desk)
    assert shown(draft(desk)) == [first, third, second, fourth, fifth]


def test_pin_is_a_part_of_the_score_in_that_digest_as_long_as_it_lasts(desk: Desk) -> None:
    before = draft(desk)
    last = before.cards[-1]

    pinned = review_recap.pin(before, last.event_id, ADA, desk=desk).cards[0]
    moved = review_recap.move(draft(desk), last.event_id, 5, BEN, desk=desk).cards[-1]

    assert [(part.name, part.points, part.reason) for part in pinned.score_parts if part.value == part.weight == 1] == [
        ("pin", 1.0, "pinned by an editor")
    ]
    assert pinned.score > last.score
    assert (moved.score, moved.score_parts) == (last.score, last.score_parts)


def test_dropped_event_can_be_added_again(desk: Desk) -> None:
    before = draft(desk)
    first = shown(before)[0]

    review_recap.drop(before, first, ADA, desk=desk)
    added = review_recap.add(draft(desk), first, ADA, desk=desk)

    assert shown(added) == [*shown(before)[1:], first]
    assert added.cards[-1].title == before.cards[0].title
    assert added.cards[-1].title in added.email.html if added.email else False


def test_rewritten_line_reaches_readers_as_the_editors(desk: Desk) -> None:
    first = shown(draft(desk))[0]

    changed = review_recap.rewrite(draft(desk), first, CardPart.HOOK, text="Say <this> instead.", editor=ADA, desk=desk)

    assert changed.email is not None
    assert "Say &lt;this&gt; instead." in changed.email.html
    assert "Say <this> instead. (From the editor)" in changed.email.text
    [act] = desk.store.load_review_acts(changed.key)
    assert (act.editor, act.act, act.argument) == ("ada", "rewrite", f"{first} hook")
    assert act.details["after"] == "Say <this> instead."


def test_of_two_editors_the_later_one_looks_again(desk: Desk) -> None:
    seen = draft(desk)
    review_recap.note(seen, "Read this.", ADA, desk=desk)

    with pytest.raises(NotAllowed, match="changed meanwhile by ada at 2026-11-23 06:10 UTC; look again"):
        review_recap.drop(seen, shown(seen)[0], BEN, desk=desk)

    assert (draft(desk).note, shown(draft(desk))) == ("Read this.", shown(seen))


def test_second_approval_says_who_was_first(desk: Desk) -> None:
    review_recap.approve(draft(desk), ADA, desk=desk)

    with pytest.raises(NotAllowed, match="was approved by ada at 2026-11-23 06:10 UTC"):
        review_recap.approve(draft(desk), BEN, desk=desk)

    assert draft(desk).state == DigestState.READY


def test_unknown_event_is_answered_with_the_nearest(desk: Desk) -> None:
    first = shown(draft(desk))[0]
    typo = f"{first[:-1]}x"

    with pytest.raises(NotFound, match=f"does not show event '{typo}'; did you mean '{first}'"):
        review_recap.pin(draft(desk), typo, ADA, desk=desk)
    with pytest.raises(NotFound, match=f"has no event '{typo}'; did you mean '{first}'"):
        review_recap.add(draft(desk), typo, ADA, desk=desk)


def test_empty_draft_is_not_approved(desk: Desk) -> None:
    for event in shown(draft(desk)):
        review_recap.drop(draft(desk), event, ADA, desk=desk)

    with pytest.raises(NotAllowed, match="shows no event"):
        review_recap.approve(draft(desk), ADA, desk=desk)


def test_acts_of_one_moment_keep_their_order(desk: Desk) -> None:
    places = (2, 3, 1, 2)
    for place in places:
        review_recap.move(draft(desk), shown(draft(desk))[0], place, ADA, desk=desk)

    acts = desk.store.load_review_acts(draft(desk).key)

    assert [act.argument.split()[-1] for act in acts] == ["2", "3", "1", "2"]
