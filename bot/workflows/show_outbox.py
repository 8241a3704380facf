"""Show messages as their readers would see them: the outbox, or an edition before it is sent."""

from collections.abc import Iterable
from email import message_from_bytes, policy
from email.message import EmailMessage

from bot.compose.preview import Mail, OutboxWeek, SlackThread
from bot.model import slots
from bot.model.digest import Digest, DigestState, SlackMessage
from bot.model.route import Destination, Medium, Route
from bot.model.values import Json


def thread_of(arguments: Json, *, channel: str, route: str) -> SlackThread:
    """Return a stored message of the outbox (arguments of chat.postMessage, `replies`) as a thread."""
    replies = arguments.get("replies")
    parts = [arguments, *(replies if isinstance(replies, list) else [])]
    messages = [_message(part, place) for place, part in enumerate(parts) if isinstance(part, dict)]
    return SlackThread(channel, route, messages)


def mail_of(raw: bytes, *, recipient: str, route: str, url: str = "") -> Mail:
    """Return the bytes of a mail as its reader sees them; the HTML is left out where it has a *url*."""
    parsed = message_from_bytes(raw, EmailMessage, policy=policy.default)
    html, text = _body(parsed, "html"), _body(parsed, "plain")
    return Mail(recipient, route, str(parsed["Subject"]), html="" if url else html, text=text, url=url)


def by_week(messages: Iterable[tuple[str, SlackThread | Mail]]) -> list[OutboxWeek]:
    """Return *messages*, each with its week, as weeks, newest first."""
    weeks: dict[str, OutboxWeek] = {}
    for name, message in messages:
        week = weeks.setdefault(name, OutboxWeek(name))
        if isinstance(message, Mail):
            week.mails.append(message)
        else:
            week.threads.append(message)
    return [weeks[name] for name in sorted(weeks, reverse=True)]


def of_digests(digests: Iterable[Digest], *, routes: Iterable[Route]) -> list[OutboxWeek]:
    """Return the messages of *digests* that nobody sent yet, as their destinations would get them."""
    places = {route.id: route.destinations for route in routes}
    return by_week(
        (digest.recap_id, message)
        for digest in digests
        for place in places.get(digest.route_id, [])
        if (message := _unsent(digest, place))
    )


def _unsent(digest: Digest, place: Destination) -> SlackThread | Mail | None:
    route = digest.route_id if digest.state == DigestState.READY else f"{digest.route_id} · {digest.state}"
    if place.medium == Medium.SLACK:
        return SlackThread(place.id, route, digest.slack) if digest.slack else None
    mail = digest.email
    return (
        Mail(place.id, route, mail.subject, html=slots.shown(mail.html), text=slots.shown(mail.text)) if mail else None
    )


def _message(part: Json, place: int) -> SlackMessage:
    blocks = part.get("blocks")
    return SlackMessage(
        part="parent" if place == 0 else f"reply-{place:02}",
        text=str(part.get("text", "")),
        blocks=[block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else [],
    )


def _body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()) if part is not None else ""
