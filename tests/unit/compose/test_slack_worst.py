"""Lists, answers of one text, forms, Home and direct messages of the worst that feeds and people write."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compose import slack_answers, slack_choices, slack_follow, slack_forms, slack_home
from bot.compose.actions import Query
from bot.compose.blocks import fits
from bot.compose.slack_answers import Listing
from bot.compose.slack_home import Home
from bot.compose.voice import Voice
from bot.model.audience import Audience
from bot.model.digest import Card, CardLink, SlackMessage
from bot.model.recap import RecapNumbers, ScoredEvent, ScorePart
from bot.model.source import Source, SourceState
from bot.model.subscriber import SLACK_LIST, Subscription, SubscriptionState
from bot.model.values import Json
from bot.workflows.mute_words import MAX_MUTE_CHARS, MOST_MUTES
from tests.builders import NOW
from tests.builders_cards import ARABIC, CHINESE, EMOJI, HOSTILE, SITE, a_renderer, a_worst_card
from tests.delivery_builders import a_recap
from tests.fakes import slack_blocks

WORDS = st.sampled_from(
    [HOSTILE * 3, CHINESE, ARABIC, EMOJI, "<!channel> <@U1> <https://x|y> " * 20, "&" * 300, "x" * 4000, "*_~`" * 99]
)
LANGUAGE = st.sampled_from(["en", "zh"])
WORST = settings(max_examples=10, deadline=None, derandomize=True)
LONG_URL = f"https://e.example/?{'&' * 900}"


def a_voice(language: str) -> Voice:
    return Voice(a_renderer(), language, "Europe/Berlin", policy=SITE, now=NOW)


def a_subscription(words: str) -> Subscription:
    return Subscription(
        id="s1",
        subscriber_id="p1",
        list_id=SLACK_LIST,
        state=SubscriptionState.ACTIVE,
        audiences=[words[:60]] * 100,
        mutes=[words[:MAX_MUTE_CHARS]] * MOST_MUTES,
        created_at=NOW,
        changed_at=NOW,
    )


def audiences(words: str) -> list[Audience]:
    return [Audience(id=f"a{number}", name=words, description=words) for number in range(120)]


def a_home(words: str, *, is_built: bool = True) -> Home:
    numbers = RecapNumbers(events=50, articles=20_000, first_day="2026-11-16", last_day="2026-11-22")
    lines = [slack_answers.line_of_card(a_worst_card(words))] * 50
    recap = a_recap(title=words, numbers=numbers) if is_built else None
    return Home(recap, LONG_URL, lines if is_built else [], lines, a_subscription(words))


def answers(words: str, voice: Voice) -> Iterator[SlackMessage]:
    card = a_worst_card(words)
    listed = Listing([slack_answers.line_of_card(card)] * 6, 2, 3, total=18, first=7)
    yield slack_answers.listing(listed, Query("search", words[:300], 2), voice=voice)
    news = [CardLink(title=words, url=LONG_URL, publisher=words)] * 50
    yield slack_follow.message("e1", news, title=words, url=LONG_URL, voice=voice)
    yield slack_follow.message("e1", [], title=words, url=LONG_URL, voice=voice)


def texts(words: str, card: Card) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each answer of one text, with the longest that people and feeds give it."""
    for what in ("event_useful", "event_not_for_me", "event_wrong", "event_follow", "unfollow", "unfollow_unknown"):
        yield "done", {"what": what, "title": words, "event_id": "e1"}
    for what in ("mute", "unmute_unknown", "mute_too_many"):
        yield "done", {"what": what, "words": [words[:MAX_MUTE_CHARS]] * MOST_MUTES}
    yield "not_found", {"kind": "audience", "said": words, "audiences": audiences(words)}
    for kind in ("event", "week", "date"):
        yield "not_found", {"kind": kind, "said": words, "latest": ""}
    yield "nothing", {"query": Query("search", words)}
    scored = ScoredEvent(
        event_id="e1",
        score=0.5,
        parts=[ScorePart(name=f"p{n}", value=1, weight=1, reason=words) for n in range(12)],
    )
    given: dict[str, object] = {"url": LONG_URL, "title": words, "week": "2026-W47", "scored": scored, "rank": 3}
    yield "why", given | {"audiences": card.audiences, "names": {each.id: words for each in card.audiences}}
    state = SourceState(slug="a", configured_url="x", url="x", last_success_at=datetime(2026, 11, 16, tzinfo=UTC))
    source = Source(slug="a", name=words, url="https://a.example/feed", publisher=f"{words}!")
    rows = [{"source": source, "state": state}] * 20
    yield "sources", {"total": 40, "read": 3, "failing": rows, "shown": rows, "more": True, "url": LONG_URL}
    yield "help", {}
    yield "wrong", {"title": words}


def faults(message: SlackMessage) -> list[str]:
    told = [message.text, *slack_blocks.texts([*message.blocks])]
    mentions = re.findall(r"<!|<@(?!U0ADA>)", " ".join(told))
    is_long = len(message.text) > 4000 or not fits(message.blocks)
    return [*slack_blocks.faults([*message.blocks]), *mentions, *(["over our limits"] if is_long else [])]


@WORST
@given(words=WORDS, language=LANGUAGE)
def test_slack_takes_every_answer(words: str, language: str) -> None:
    voice, card = a_voice(language), a_worst_card(words)
    said = {
        f"{name} {values.get('what', values.get('kind', ''))}": slack_answers.said(
            voice.words(f"command/{name}.mrkdwn.j2", **values)
        )
        for name, values in texts(words, card)
    }
    shown = said | {str(number): message for number, message in enumerate(answers(words, voice))}

    assert {name: fault for name, message in shown.items() if (fault := faults(message))} == {}


def test_head_of_home_is_plain_text_that_shows_the_title_as_it_is() -> None:
    head = slack_home.view(a_home("R&D <weekly>"), voice=a_voice("en"))["blocks"]

    assert slack_blocks.texts(head)[0] == "📰 R&D <weekly> · 16–22 Nov 2026"


@WORST
@given(words=WORDS, language=LANGUAGE, recaps=st.sampled_from([0, 1]))
def test_slack_takes_every_form_and_home(words: str, language: str, recaps: int) -> None:
    voice, card = a_voice(language), a_worst_card(words)
    chosen = a_subscription(words)
    modals: list[Json] = [
        slack_forms.wrong("e1", title=words, voice=voice),
        slack_forms.feedback([card] * 120, voice=voice),
        slack_forms.thanks(voice=voice),
        slack_choices.subscribe(audiences(words), languages=["en", "zh"], chosen=chosen, voice=voice),
        slack_choices.mutes(chosen.mutes, voice=voice),
    ]
    homes = [slack_home.view(a_home(words, is_built=recaps > 0), voice=voice), slack_home.failed(voice=voice)]

    assert [slack_blocks.view_faults(view, kind="modal") for view in modals] == [[]] * len(modals)
    assert [slack_blocks.view_faults(view, kind="home") for view in homes] == [[]] * 2
