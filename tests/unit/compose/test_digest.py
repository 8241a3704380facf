import pytest

from bot.compose import digest as digests
from bot.model.digest import Digest, DigestState
from bot.model.route import Destination, Medium, ReviewChoice, Route, ThinWeek
from tests.builders import NOW
from tests.builders_cards import LIST, SITE, a_card, a_recap, a_renderer, a_route


def digest_for(route: Route, events: int) -> Digest:
    return digests.for_route(
        a_recap(),
        route,
        [a_card(f"Event {number}") for number in range(events)],
        renderer=a_renderer(),
        policy=SITE,
        list_policy=LIST,
        now=NOW,
    )


def test_too_few_events_are_held_over_with_a_reason_and_without_messages() -> None:
    digest = digest_for(a_route(min_events=3), 2)

    assert (digest.state, digest.state_reason) == (
        DigestState.HELD,
        "2 events, fewer than this route's minimum of 3: held over, they come with next week's",
    )
    assert (digest.slack, digest.email) == ([], None)
    assert len(digest.cards) == 2


def test_a_thin_digest_is_skipped_where_the_route_says_so() -> None:
    digest = digest_for(a_route(min_events=3, thin_week=ThinWeek.SKIP), 1)

    assert (digest.state, digest.state_reason) == (
        DigestState.SKIPPED,
        "1 event, fewer than this route's minimum of 3",
    )


def test_a_thin_digest_is_sent_short_where_the_route_says_so() -> None:
    digest = digest_for(a_route(min_events=3, thin_week=ThinWeek.SHORT), 2)

    assert (digest.state, digest.state_reason) == (
        DigestState.READY,
        "2 events, fewer than this route's minimum of 3: sent short",
    )
    assert len(digest.slack) == 3


@pytest.mark.parametrize("thin_week", ThinWeek)
def test_nothing_is_neither_held_nor_sent(thin_week: ThinWeek) -> None:
    assert digest_for(a_route(min_events=1, thin_week=thin_week), 0).state == DigestState.SKIPPED


def test_a_short_draft_says_both() -> None:
    digest = digest_for(a_route(min_events=2, thin_week=ThinWeek.SHORT, review=ReviewChoice.REQUIRED), 1)

    assert digest.state == DigestState.DRAFT
    assert digest.state_reason.startswith("waits for an editor's approval; 1 event, fewer")


def test_a_route_with_review_makes_a_draft_that_can_be_looked_at() -> None:
    digest = digest_for(a_route(review=ReviewChoice.REQUIRED), 3)

    assert digest.state == DigestState.DRAFT
    assert len(digest.slack) == 4


def test_only_the_messages_of_the_routes_destinations_are_rendered() -> None:
    route = a_route(destinations=[Destination(medium=Medium.EMAIL, id="weekly")])

    digest = digest_for(route, 3)

    assert digest.state == DigestState.READY
    assert digest.slack == []
    assert digest.email is not None


def test_an_edited_digest_is_rendered_anew() -> None:
    digest = digest_for(a_route(), 3).model_copy(update={"note": "A quiet week.", "cards": [a_card("Only this")]})

    again = digests.rerender(digest, a_route(), renderer=a_renderer(), policy=SITE, list_policy=LIST, now=NOW)

    assert again.email is not None
    assert "A quiet week." in again.email.text
    assert [message.part for message in again.slack] == ["parent", "reply-01"]
    assert again.key == digest.key
