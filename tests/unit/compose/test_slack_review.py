"""The message about a draft: what an editor sees and can do, within Slack's limits whatever feeds and people write."""

from datetime import UTC, datetime
from itertools import cycle, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.compose import blocks as ours
from bot.compose import slack_review, slack_review_forms
from bot.compose.actions import Touch
from bot.compose.slack_review import Draft, LeftOut
from bot.compose.voice import Voice
from bot.model.digest import Card, CardAudience, DigestState, OnTimeout
from bot.model.feedback import ReviewAct
from bot.model.policy import CardPolicy
from bot.model.recap import ScorePart
from tests.builders import NOW
from tests.builders_cards import ARABIC, CHINESE, EMOJI, HOSTILE, a_card, a_digest, a_line, a_renderer
from tests.fakes import slack_blocks

KEY = "0123456789abcdef0123456789abcdef"
UNTIL = datetime(2026, 11, 23, 9, tzinfo=UTC)
WORST = ("&" * 300, HOSTILE * 3, CHINESE[:300], ARABIC[:300], EMOJI[:300], "<" * 300)


def a_voice(*, language: str = "en", takes_clicks: bool = True) -> Voice:
    policy = CardPolicy(base_url="https://recap.example", takes_clicks=takes_clicks)
    return Voice(a_renderer(), language, "UTC", policy=policy, now=NOW)


def an_act(name: str, argument: str = "", *, editor: str = "Ada (U0ADA)", **details: str) -> ReviewAct:
    return ReviewAct(id=name, digest_key=KEY, act=name, argument=argument, editor=editor, acted_at=NOW, details=details)


def cards(titles: list[str]) -> list[Card]:
    audience = CardAudience(id="founders", confidence=1, reason="said", name="Founders")
    part = ScorePart(name="coverage", value=1, weight=1, reason=titles[-1] if titles else "")
    return [
        a_card(
            title,
            event_id=f"e{number:010d}",
            hook=a_line(title),
            audiences=[audience] * 12,
            score=0.61,
            score_parts=[part] * 3,
        )
        for number, title in enumerate(titles)
    ]


def a_draft(*titles: str, acts: tuple[ReviewAct, ...] = (), **values: object) -> Draft:
    digest = a_digest(*cards(list(titles))).model_copy(
        update={"key": KEY, "state": DigestState.DRAFT, "title": "Weekly AI Recap"}
    )
    draft = Draft(digest, "Everybody", ["C0FOUNDERS", "#ai"], acts, until=UNTIL)
    return draft.__class__(**{name: values.get(name, getattr(draft, name)) for name in Draft.__slots__})  # type: ignore[arg-type]


def shown(draft: Draft, voice: Voice | None = None) -> str:
    return "\n".join(slack_blocks.texts(slack_review.message(draft, voice=voice or a_voice()).blocks))


def menus(draft: Draft) -> list[list[str]]:
    """Return what each event's menu does."""
    blocks: list[JsonValue] = [*slack_review.message(draft, voice=a_voice()).blocks]
    found = [each["accessory"] for each in blocks if isinstance(each, dict) and "'overflow'" in str(each)]
    return [[option["value"].split()[0] for option in menu["options"]] for menu in found]  # type: ignore[index, call-overload, union-attr]
