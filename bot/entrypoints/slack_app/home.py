"""The app's Home: shown when somebody opens it, and anew when they change something on it."""

from threading import Lock
from typing import Any

import structlog
from slack_bolt import Ack, App
from slack_sdk.errors import SlackApiError

from bot.compose import actions, slack_answers, slack_choices, slack_home
from bot.compose.slack_answers import Line
from bot.compose.slack_home import Home
from bot.compose.voice import Voice
from bot.entrypoints.slack_app import listings
from bot.entrypoints.slack_app.forms import answer_of
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception, team_of, user_of
from bot.model.errors import NotAllowed, NotFound, RecapError
from bot.model.recap import Recap
from bot.model.values import Json
from bot.workflows import browse, follow_threads, mute_words, personal
from bot.workflows.personal import Reader

log = structlog.get_logger(__name__)

_LANES = tuple(Lock() for _ in range(64))
"""A person's Homes are made one after the other: the last one shown knows all that was changed before."""


def register(app: App, reception: Reception) -> None:
    """Listen for who opens Home, for its buttons, and for the form of muted words."""

    def opened(ack: Ack, body: Body) -> None:
        ack()
        if body["event"].get("tab", "home") == "home":
            known = _hash_of(body["event"])
            reception.act(body, lambda person: publish(person, reception, known=known))

    def touched(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _touch(person, body, reception))

    def muted(ack: Ack, body: Body) -> None:
        _mute(ack, body, reception)

    app.event("app_home_opened")(opened)
    for action in _CHANGES:
        app.action(action)(touched)
    app.view(actions.MUTES_FORM)(muted)


def publish(person: Person, reception: Reception, *, known: str = "") -> None:
    """
    Show *person* their Home as it is now; *known* is the hash of the one they acted on.

    Where another process has shown a newer one meanwhile, it is made anew, so that none hides a later change.
    Source: https://docs.slack.dev/reference/methods/views.publish
    """
    with _LANES[hash(person.id) % len(_LANES)]:
        try:
            _show(person, reception, known)
        except SlackApiError as exc:
            if exc.response.get("error") != "hash_conflict":
                raise
            _show(person, reception, "")


def latest(reception: Reception, voice: Voice) -> tuple[Recap | None, str, list[Line]]:
    """Return the latest recap, its address and best events; nothing where none was built."""
    desk = reception.bot.desk
    try:
        recap, cards = browse.cards_of_week("", route="", desk=desk, language=voice.language)
    except NotFound:
        return None, "", []
    lines = [slack_answers.line_of_card(card) for card in cards[: slack_home.MOST_EVENTS]]
    return recap, f"{desk.card.base_url.rstrip('/')}/w/{recap.week}", lines


def _show(person: Person, reception: Reception, known: str) -> None:
    with reception.making:
        view = _view(person, reception)
    guarded = {"hash": known} if known else {}
    reception.client.views_publish(user_id=person.id, view=view, **guarded)


def _view(person: Person, reception: Reception) -> Json:
    bot, voice = reception.bot, reception.voice(person)
    try:
        _, chosen = personal.load(_reader(person, voice), store=bot.store, now=voice.now)
        recap, url, best = latest(reception, voice)
        followed = _followed(person, reception, voice=voice)
        return slack_home.view(Home(recap, url, best, followed, chosen), voice=voice)
    except RecapError as exc:
        log.error("slack.home_failed", error=type(exc).__name__, reason=str(exc))
        return slack_home.failed(voice=voice)


def _followed(person: Person, reception: Reception, *, voice: Voice) -> list[Line]:
    found = follow_threads.followed(desk=reception.bot.desk, workspace=person.workspace, person=person.id)
    return listings.lines_of_events(found, reception, voice=voice)


def _touch(person: Person, body: Body, reception: Reception) -> None:
    """Do what was clicked: open a form, or change something and show Home anew."""
    action = body["actions"][0]
    if not _CHANGES[action["action_id"]](person, body, reception):
        publish(person, reception, known=_hash_of(body))


def _choose(person: Person, body: Body, reception: Reception) -> bool:
    bot, voice = reception.bot, reception.voice(person)
    _, chosen = personal.load(_reader(person, voice), store=bot.store, now=voice.now)
    form = slack_choices.subscribe(
        bot.desk.audiences,
        languages=bot.desk.recap.languages,
        chosen=chosen,
        voice=voice,
        metadata=actions.FROM_HOME,
    )
    reception.client.views_open(trigger_id=body["trigger_id"], view=form)
    return True


def _choose_mutes(person: Person, body: Body, reception: Reception) -> bool:
    voice = reception.voice(person)
    muted = mute_words.mutes(_reader(person, voice), store=reception.bot.store, now=voice.now)
    reception.client.views_open(trigger_id=body["trigger_id"], view=slack_choices.mutes(muted, voice=voice))
    return True


def _unsubscribe(person: Person, _: Body, reception: Reception) -> bool:
    voice = reception.voice(person)
    personal.unsubscribe(_reader(person, voice), store=reception.bot.store, now=voice.now)
    return False


def _unfollow(person: Person, body: Body, reception: Reception) -> bool:
    event_id = str(body["actions"][0]["value"])
    follow_threads.unfollow(event_id, desk=reception.bot.desk, workspace=person.workspace, person=person.id)
    return False


def _mute(ack: Ack, body: Body, reception: Reception) -> None:
    """Keep the words of the form, and show Home anew; or say in the form what is wrong with them."""
    person = reception.people.person(team_of(body), user_of(body))
    voice = reception.voice(person)
    words = answer_of(body, "mutes").splitlines()
    try:
        mute_words.replace(words, _reader(person, voice), store=reception.bot.store, now=voice.now)
    except NotAllowed:
        refused = voice.words("command/done.mrkdwn.j2", what="mute_too_many", words=[])
        ack(response_action="errors", errors={"mutes": refused})
        return
    ack()
    reception.act(body, lambda known: publish(known, reception))


_CHANGES = {
    actions.HOME_SUBSCRIBE: _choose,
    actions.HOME_MUTES: _choose_mutes,
    actions.HOME_UNSUBSCRIBE: _unsubscribe,
    actions.HOME_UNFOLLOW: _unfollow,
}
"""What each button does; true where it opened a form, which shows Home anew when it is sent."""


def _hash_of(holder: Any) -> str:
    return str((holder.get("view") or {}).get("hash") or "")


def _reader(person: Person, voice: Voice) -> Reader:
    return Reader(person.workspace, person.id, voice.language, person.timezone)
