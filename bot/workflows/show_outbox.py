"""Show messages as their readers would see them: the outbox, or an edition before it is sent."""

from collections.abc import Callable, Iterable, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from bot.compose.preview import Mail, SlackThread
from bot.model.digest import Digest, SlackMessage
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


def of_digests(digests: Iterable[Digest], *, lists_of: Callable[[str], Sequence[str]]) -> dict[str, object]:
    """Return the values of the outbox page for *digests* that nobody sent yet; *lists_of* a route's id."""
    threads, mails = [], []
    for digest in digests:
        if digest.slack:
            threads.append(SlackThread(digest.state, digest.route_id, digest.slack))
        if digest.email:
            for list_id in lists_of(digest.route_id):
                mail = Mail(list_id, digest.route_id, digest.email.subject, digest.email.html, digest.email.text)
                mails.append(mail)
    return {"threads": threads, "mails": mails}


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
