"""A channel's own route: told, made, changed and removed by `/recap route`."""

import json
import re
from dataclasses import dataclass

import structlog
from slack_bolt import Ack, App
from slack_sdk.errors import SlackClientError

from bot.compose import actions, slack_route
from bot.compose.slack_answers import said
from bot.compose.slack_route import Part, RouteForm
from bot.compose.voice import Voice
from bot.deliver import owned
from bot.entrypoints.slack_app import route_fields
from bot.entrypoints.slack_app.asked import Asked
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception, team_of, user_of
from bot.model.digest import SlackMessage
from bot.model.errors import NotAllowed, NotFound, StorageError
from bot.model.route import Route
from bot.model.values import Json
from bot.workflows import keep_routes, keep_time
from bot.workflows.keep_routes import Kept, Place

log = structlog.get_logger(__name__)

TRUSTED_S = 300
"""How long we believe Slack that somebody is an administrator: so long, a form is sent without asking again."""

_CHANNEL = re.compile(r"[CG][A-Z0-9]{1,80}")


@dataclass(frozen=True, slots=True)
class Where:
    """The channel that a form is about, as it comes back with the form."""

    place: Place
    url: str
    """The command's response_url, for the confirmation; good for thirty minutes. Source: CONVENTIONS S44."""

    def text(self) -> str:
        """Return it as a view's private_metadata."""
        return json.dumps([self.place.channel, self.place.name, self.url])

    @classmethod
    def parse(cls, text: str, *, workspace: str) -> "Where":
        """Return what *text* says. Raises: NotFound where it is none of ours."""
        try:
            channel, name, url = map(str, json.loads(text))
        except (ValueError, TypeError) as exc:
            raise NotFound("The form does not say which channel it is about.") from exc
        if not _CHANNEL.fullmatch(channel):
            raise NotFound("The form is about no channel.")
        return cls(Place(workspace, channel, name), url)


def register(app: App, reception: Reception) -> None:
    """Listen for the form, and for its button."""

    def chosen(ack: Ack, body: Body) -> None:
        _take(ack, body, reception)

    def remove(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _remove(person, body, reception))

    app.view(actions.ROUTE_FORM)(chosen)
    app.action(actions.ROUTE_REMOVE)(remove)


def ask(asked: Asked, reception: Reception) -> SlackMessage | None:
    """Answer the verb `route`: with the form for those who may change it, else with what the channel gets."""
    if not asked.channel or asked.channel.startswith("D"):
        return said(slack_route.told("direct", None, voice=asked.voice))
    found = reception.route_of(asked.channel)
    text = _told(found, reception, voice=asked.voice)
    person = reception.people.person(*_who(asked.body), at_most_s=TRUSTED_S)
    if not _may(person, reception):
        return said(text if person.is_known else slack_route.told("unsure", None, voice=asked.voice))
    try:
        _open(asked, found, text, reception)
    except (SlackClientError, OSError) as exc:
        log.warning("slack.form_refused", reason=str(exc))
        return said(text)
    return None


def _open(asked: Asked, found: Route | None, text: str, reception: Reception) -> None:
    """Open the form at once, for its trigger lives three seconds; say then whether we are in the channel."""
    client, trigger = reception.client, asked.body["trigger_id"]
    if found is not None and found.origin == "config":
        client.views_open(trigger_id=trigger, view=slack_route.said(text, voice=asked.voice))
        return
    where = Where(_place(asked, reception), str(asked.body.get("response_url") or ""))
    opened = client.views_open(trigger_id=trigger, view=_form(where, None, reception, voice=asked.voice))
    is_member = reception.channels.is_member(asked.channel)
    if is_member is None:
        return
    try:
        client.views_update(view_id=opened["view"]["id"], view=_form(where, is_member, reception, voice=asked.voice))
    except (
        SlackClientError,
        OSError,
    ) as exc:  # sent or closed by now: the form was there, and there is nothing to tell
        log.info("slack.form_is_gone", reason=str(exc))


def _form(where: Where, is_member: bool | None, reception: Reception, *, voice: Voice) -> Json:  # noqa: FBT001
    desk = reception.bot.desk
    shown = RouteForm(
        route=keep_routes.proposed(where.place, desk=desk),
        is_own=keep_routes.own_route(where.place, desk=desk) is not None,
        audiences=desk.audiences,
        languages=desk.recap.languages,
        mark=keep_routes.shut_mark(where.place, desk=desk),
        is_member=is_member,
        metadata=where.text(),
        scores=keep_routes.scores(desk=desk),
    )
    return slack_route.form(shown, voice=voice)


def _take(ack: Ack, body: Body, reception: Reception) -> None:
    """Keep what the form says before it closes: a fault is shown at its field, any other hindrance in its place."""
    person = reception.people.person(*_who(body), at_most_s=TRUSTED_S)
    voice = reception.voice(person)
    try:
        where = Where.parse(str(body["view"].get("private_metadata") or ""), workspace=person.workspace)
        faults, kept = _keep(where, person, body, reception, voice=voice)
    except (NotAllowed, NotFound, StorageError) as exc:
        log.warning("slack.route_not_kept", reason=str(exc))
        ack(response_action="update", view=_hindrance(exc, person, reception, voice=voice))
        return
    if kept is None:
        ack(response_action="errors", errors={name: voice.label(fault) for name, fault in faults.items()})
        return
    ack(response_action="clear")
    reception.act(body, lambda _: _confirm(where, kept, person, reception, voice=voice))


def _keep(
    where: Where, person: Person, body: Body, reception: Reception, *, voice: Voice
) -> tuple[dict[str, str], Kept | None]:
    """Return what is wrong with the form's fields, or what became of it. Raises: NotAllowed, StorageError."""
    bot = reception.bot
    _check(person, reception)
    before = keep_routes.proposed(where.place, desk=bot.desk)
    audiences = {each.id for each in bot.desk.audiences}
    read = route_fields.read(body, before, audiences=audiences, languages=bot.desk.recap.languages, voice=voice)
    if isinstance(read, dict):
        return read, None
    return {}, keep_routes.keep(read, where.place, person=person.id, desk=bot.desk, now=voice.now)


def _confirm(where: Where, kept: Kept, person: Person, reception: Reception, *, voice: Voice) -> None:
    """Tell the person alone, in the channel, what was kept and when the next recap comes."""
    built = keep_time.next_build(desk=reception.bot.desk, now=voice.now)
    scores = keep_routes.scores(desk=reception.bot.desk)
    text = slack_route.told(
        "kept",
        kept.route,
        voice=voice,
        act=kept.act,
        next_at=kept.next_at,
        is_pending=kept.is_pending,
        waits_long=kept.waits_long(built),
        built=built,
        is_reopened=kept.is_reopened,
        fitting=sum(1 for score in scores if score >= kept.route.min_score),
        total=len(scores),
        is_member=reception.channels.is_member(where.place.channel),
        line=0,
    )
    message = said(text)
    if not reception.say({"response_url": where.url}, message):  # it is good for half an hour
        reception.client.chat_postEphemeral(
            channel=where.place.channel, user=person.id, text=message.text, blocks=message.blocks
        )


def _remove(person: Person, body: Body, reception: Reception) -> None:
    fresh = reception.people.person(person.workspace, person.id, at_most_s=TRUSTED_S)
    bot, voice, view = reception.bot, reception.voice(fresh), body["view"]
    try:
        _check(fresh, reception)
        where = Where.parse(str(view.get("private_metadata") or ""), workspace=fresh.workspace)
        keep_routes.remove(owned.route_id(where.place.channel), person=fresh.id, desk=bot.desk, now=voice.now)
        shown = slack_route.said(slack_route.told("removed", None, voice=voice), voice=voice)
    except (NotAllowed, NotFound, StorageError) as exc:
        log.warning("slack.route_not_removed", reason=str(exc))
        shown = _hindrance(exc, fresh, reception, voice=voice)
    reception.client.views_update(view_id=view["id"], view=shown)


def _check(person: Person, reception: Reception) -> None:
    if not _may(person, reception):
        raise NotAllowed("Who sent the form may not change routes.")


def _may(person: Person, reception: Reception) -> bool:
    return reception.bot.settings.slack.may_change(person.id, is_admin=person.is_admin)


def _hindrance(exc: Exception, person: Person, reception: Reception, *, voice: Voice) -> Json:
    """Return the modal that tells why nothing was changed."""
    if isinstance(exc, StorageError):
        return slack_route.said(slack_route.told("busy", None, voice=voice), voice=voice)
    if isinstance(exc, NotAllowed) and not _may(person, reception):
        part: Part = "refused" if person.is_known else "unsure"
        return slack_route.said(_told(None, reception, voice=voice, part=part), voice=voice)
    return slack_route.said(slack_route.told("changed", None, voice=voice), voice=voice)


def _told(found: Route | None, reception: Reception, *, voice: Voice, part: Part = "told") -> str:
    settings = reception.bot.settings
    line = settings.route_lines.get(found.id, 0) if found and found.origin == "config" else 0
    return slack_route.told(part, found, voice=voice, line=line, policy=settings.slack)


def _place(asked: Asked, reception: Reception) -> Place:
    name = reception.channels.name(asked.channel, reception.bot.desk.routes)
    return Place(asked.person.workspace, asked.channel, name)


def _who(body: Body) -> tuple[str, str]:
    return team_of(body), user_of(body)
