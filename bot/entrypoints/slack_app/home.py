"""The app's Home: shown when somebody opens it, and anew when they change something on it."""

from slack_bolt import Ack, App

from bot.compose import actions, slack_answers, slack_choices, slack_home
from bot.compose.slack_answers import Line
from bot.compose.slack_home import Home
from bot.compose.voice import Voice
from bot.entrypoints.slack_app import listings
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception
from bot.model.errors import NotFound
from bot.model.values import Json
from bot.workflows import browse, follow_threads, personal
from bot.workflows.personal import Reader


def register(app: App, reception: Reception) -> None:
    """Listen for who opens Home, and for its buttons."""

    def opened(ack: Ack, body: Body) -> None:
        ack()
        if body["event"].get("tab", "home") == "home":
            reception.act(body, lambda person: _publish(person, reception))

    def choose(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _choose(person, body, reception))

    def unsubscribe(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _unsubscribe(person, reception))

    def unfollow(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _unfollow(person, str(body["actions"][0]["value"]), reception))

    app.event("app_home_opened")(opened)
    app.action(actions.HOME_SUBSCRIBE)(choose)
    app.action(actions.HOME_UNSUBSCRIBE)(unsubscribe)
    app.action(actions.HOME_UNFOLLOW)(unfollow)


def _publish(person: Person, reception: Reception) -> None:
    with reception.making:
        view = _view(person, reception)
    reception.client.views_publish(user_id=person.id, view=view)


def _view(person: Person, reception: Reception) -> Json:
    bot, voice = reception.bot, reception.voice(person)
    _, chosen = personal.load(_reader(person, voice), store=bot.store, now=voice.now)
    title, url, latest = _latest(reception, voice)
    followed = _followed(person, reception, voice=voice)
    return slack_home.view(Home(title, url, latest, followed, chosen), voice=voice)


def _latest(reception: Reception, voice: Voice) -> tuple[str, str, list[Line]]:
    desk = reception.bot.desk
    try:
        recap, cards = browse.cards_of_week("", route="", desk=desk, language=voice.language)
    except NotFound:
        return "", "", []
    lines = [slack_answers.line_of_card(card) for card in cards[: slack_home.MOST_EVENTS]]
    return recap.title, f"{desk.card.base_url.rstrip('/')}/w/{recap.week}", lines


def _followed(person: Person, reception: Reception, *, voice: Voice) -> list[Line]:
    latest = follow_threads.followed(desk=reception.bot.desk, workspace=person.workspace, person=person.id)
    return listings.lines_of_events(latest, reception, voice=voice)


def _choose(person: Person, body: Body, reception: Reception) -> None:
    bot, voice = reception.bot, reception.voice(person)
    _, chosen = personal.load(_reader(person, voice), store=bot.store, now=voice.now)
    form = slack_choices.subscribe(bot.desk.audiences, chosen=chosen, voice=voice)
    reception.client.views_open(trigger_id=body["trigger_id"], view=form)


def _unsubscribe(person: Person, reception: Reception) -> None:
    voice = reception.voice(person)
    personal.unsubscribe(_reader(person, voice), store=reception.bot.store, now=voice.now)
    _publish(person, reception)


def _unfollow(person: Person, event_id: str, reception: Reception) -> None:
    follow_threads.unfollow(event_id, desk=reception.bot.desk, workspace=person.workspace, person=person.id)
    _publish(person, reception)


def _reader(person: Person, voice: Voice) -> Reader:
    return Reader(person.workspace, person.id, voice.language, person.timezone)
