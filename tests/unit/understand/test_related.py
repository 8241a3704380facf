from datetime import timedelta

from bot.model.event import Dossier
from bot.model.policy import ClusterPolicy
from bot.understand import related
from tests.builders import MONDAY, a_dossier, an_article


def told(title: str, text: str, *, day: int) -> Dossier:
    return a_dossier(an_article(title, text=text, source=f"s{day}", published_at=MONDAY + timedelta(days=day)))


TALKS = told(
    "Fennick in talks to buy streaming database maker Osprell",
    "Fennick wants Osprell of Tallinn, founded by Liis Tammsalu, for $1.7 billion. Osprell has 310 people.",
    day=0,
)
DEAL = told(
    "Fennick agrees to buy streaming database maker Osprell",
    "Fennick of Boston pays $1.9 billion for Osprell of Tallinn. Liis Tammsalu stays with her 310 people.",
    day=9,
)
FUND = told("Pennant Hollow closes farming fund", "Pennant Hollow of Boston invests in tractors.", day=10)


def threads(*events: Dossier, policy: ClusterPolicy = ClusterPolicy()) -> dict[str, str]:  # noqa: B008
    return related.threads(events, events, vectors={}, policy=policy)


def test_later_event_of_the_same_affair_takes_the_earlier_thread() -> None:
    assert threads(TALKS, DEAL, FUND) == {DEAL.event.id: TALKS.event.thread_id}


def test_affair_of_three_events_is_one_thread() -> None:
    closing = told(
        "Fennick completes purchase of streaming database maker Osprell",
        "Fennick closed the $1.9 billion deal for Osprell of Tallinn. Liis Tammsalu leads 310 people.",
        day=20,
    )

    assert set(threads(closing, TALKS, DEAL).values()) == {TALKS.event.thread_id}


def test_affair_ends_after_the_longest_pause() -> None:
    assert threads(TALKS, DEAL, policy=ClusterPolicy(thread_days=8)) == {}


def test_nearest_event_comes_first_and_is_never_itself() -> None:
    assert related.nearest([TALKS], [TALKS, FUND, DEAL], vectors={}, limit=1) == {TALKS.event.id: [DEAL.event.id]}


def test_unlike_events_are_not_related() -> None:
    assert related.nearest([FUND], [TALKS], vectors={}, limit=3) == {FUND.event.id: []}


def test_events_that_only_share_a_word_are_not_related() -> None:
    video = told(
        "Halden Video launches a cheaper plan called Premium Lite without commercials in eleven countries",
        "Viewers get most films for $8 a month.",
        day=1,
    )
    coffee = told("Kern Premium tested at home: this maker without plastic pours well", "It cleans fast.", day=2)

    assert related.nearest([video], [coffee, DEAL, FUND], vectors={}, limit=3) == {video.event.id: []}
