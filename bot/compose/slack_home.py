"""The app's Home in Slack: the latest recap, and what one person chose."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.compose import actions, locales, slack_answers, slack_choices
from bot.compose.blocks import asking, block, button, header, row
from bot.compose.slack_answers import Line, Listing
from bot.compose.voice import Voice
from bot.compose.words import shorten
from bot.model.recap import Recap
from bot.model.subscriber import Subscription, SubscriptionState
from bot.model.values import Json

MOST_EVENTS = 5
MOST_FOLLOWED = 20
_TITLE_CHARS = 200


@dataclass(frozen=True, slots=True)
class Home:
    """What one person's Home shows."""

    recap: Recap | None
    """The latest; null where none was built."""
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
        header(voice.words("command/home_title.txt.j2", shown=shown)),
        *block("section" if shown.recap is None else "context", _words("latest", shown, voice=voice)),
        *slack_answers.lines(listed, voice=voice),
        {"type": "divider"},
        header(voice.label("home_mine")),
        *block("section", _words("mine", shown, voice=voice)),
        *row(_buttons(shown.chosen, voice=voice)),
        {"type": "divider"},
        header(voice.label("home_followed")),
        *block("section", _words("followed", shown, voice=voice)),
        *(_followed(line, voice=voice) for line in shown.followed[:MOST_FOLLOWED]),
        {"type": "divider"},
        header(voice.label("home_muted")),
        *block("section", _words("mutes", shown, voice=voice)),
        *row([button(voice.label(actions.HOME_MUTES), action=actions.HOME_MUTES, value=actions.HOME_MUTES)]),
        *block("context", _words("end", shown, voice=voice)),
    ]
    return {"type": "home", "blocks": [*blocks]}


def failed(*, voice: Voice) -> Json:
    """Return the Home that says that there is none just now."""
    return {"type": "home", "blocks": [*block("section", voice.words("command/failed.mrkdwn.j2"))]}


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
        chosen_zone=chosen.timezone,
        audiences=[names.get(each, each) for each in chosen.audiences if each != "*"],
        tongue=locales.own_name(chosen.language),
        mutes=chosen.mutes,
    )


def _buttons(chosen: Subscription, *, voice: Voice) -> list[Json]:
    name, end = actions.HOME_SUBSCRIBE, actions.HOME_UNSUBSCRIBE
    if chosen.state is not SubscriptionState.ACTIVE:
        return [button(voice.label("home_start"), action=name, value=name, style="primary")]
    ends = button(voice.label(end), action=end, value=end)
    sure = {"title": voice.label(f"{end}_sure"), "text": voice.label(f"{end}_means")}
    ends = asking(ends, **sure, confirm=voice.label(end), deny=voice.label("cancel"))
    return [button(voice.label(name), action=name, value=name), ends]


def _followed(line: Line, *, voice: Voice) -> Json:
    text = voice.words("command/home.mrkdwn.j2", part="thread", line=line, title=shorten(line.title, _TITLE_CHARS))
    unfollow = button(voice.label(actions.HOME_UNFOLLOW), action=actions.HOME_UNFOLLOW, value=line.event_id)
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}, "accessory": unfollow}
