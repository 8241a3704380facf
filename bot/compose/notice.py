"""Notices: what one person is told about their subscription, before their link is put in."""

from datetime import datetime

from bot.compose import plaintext
from bot.model.policy import CardPolicy, MailingList
from bot.model.subscriber import NOTICE_URL, Notice, NoticeKind, Subscriber
from bot.model.values import Language, digest_of
from bot.ports import Renderer


def made(
    kind: NoticeKind,
    subscriber: Subscriber,
    *,
    mailing_list: MailingList,
    language: Language,
    site: CardPolicy,
    renderer: Renderer,
    valid_hours: int,
    now: datetime,
) -> Notice:
    """Return a notice of *kind* in *language*; its link is good for *valid_hours*. Raises: TemplateBroken."""
    values = {
        "mailing_list": mailing_list,
        "address": subscriber.address or "",
        "site": site,
        "valid_hours": valid_hours,
        "notice_url": NOTICE_URL,
    }
    folder = f"email/{kind}"
    subject = " ".join(renderer.render(f"{folder}/subject.txt.j2", language=language, **values).split())
    text = renderer.render(f"{folder}/mail.txt.j2", language=language, subject=subject, **values)
    return Notice(
        id=digest_of("notice", kind, subscriber.id, mailing_list.id, now.isoformat()),
        kind=kind,
        subscriber_id=subscriber.id,
        list_id=mailing_list.id,
        address=subscriber.address or "",
        subject=subject,
        html=renderer.mjml(f"{folder}/mail.mjml.j2", language=language, subject=subject, **values),
        text=plaintext.written(text),
        language=language,
        made_at=now,
    )
