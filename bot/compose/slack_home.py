"""The app's Home in Slack: the latest recap, and what one person chose."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.compose import actions, slack_answers, slack_choices
from bot.compose.blocks import block, button, row
from bot.compose.slack_answers import Line, Listing
from bot.compose.voice import Voice
from bot.compose.words import shorten
from bot.model.subscriber import Subscription, SubscriptionState
from bot.model.values import Json

MOST_EVENTS = 5
MOST_FOLLOWED = 20
_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Home:
    """What one person's Home shows."""

    title: str
    """Of the latest recap; empty where none was built."""
    url: str
    latest: Sequence[Line]
    """Its best events."""
    followed: Sequence[Line]
    """The latest event of each thread that the person follows."""
    chosen: Subscription


def view(shown: Home, *, voice: Voice) -> Json:
    """Return the Home as Slack takes it: at most a hundred blocks. Source: CONVENTIONS S1."""
    listed = Listing(shown.latest[:MOST_EVENTS], 1, 1, len(shown.latest), 1)
    blocks: list[Json] = [
        *block("section", _words("latest", shown, voice=voice)),
        *slack_answers.lines(listed, voice=voice),
        {"type": "divider"},
        *block("section", _words("mine", shown, voice=voice)),
        *row(_buttons(shown.chosen, voice=voice)),
        {"type": "divider"},
        *block("section", _words("followed", shown, voice=voice)),
        *(_followed(line, voice=voice) for line in shown.followed[:MOST_FOLLOWED]),
        {"type": "divider"},
        *block("section", _words("mutes", shown, voice=voice)),
    ]
    return {"type": "home", "blocks": [*blocks]}


def _words(part: str, shown: Home, *, voice: Voice) -> str:
    chosen = shown.chosen
    names = voice.policy.audience_names | voice.policy.audience_names_in.get(voice.language, {})
    return voice.words(
        "command/home.mrkdwn.j2",
        part=part,
        shown=shown,
        is_active=chosen.state is SubscriptionState.ACTIVE,
        day=slack_choices.day_names(voice.language)[chosen.day],
        hour=f"{chosen.hour:02d}:00",
        audiences=[names.get(each, each) for each in chosen.audiences if each != "*"],
        mutes=chosen.mutes,
    )


def _buttons(chosen: Subscription, *, voice: Voice) -> list[Json]:
    is_active = chosen.state is SubscriptionState.ACTIVE
    names = [actions.HOME_SUBSCRIBE, actions.HOME_UNSUBSCRIBE] if is_active else [actions.HOME_SUBSCRIBE]
    return [button(voice.label(name), action=name, value=name) for name in names]


def _followed(line: Line, *, voice: Voice) -> Json:
    text = voice.words("command/home.mrkdwn.j2", part="thread", line=line, title=shorten(line.title, _TITLE_CHARS))
    unfollow = button(voice.label(actions.HOME_UNFOLLOW), action=actions.HOME_UNFOLLOW, value=line.event_id)
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}, "accessory": unfollow}
