"""Follow an affair, so as to hear when it develops."""

from datetime import datetime

from bot.model.event import Dossier
from bot.model.feedback import Follow
from bot.model.values import EventId, digest_of
from bot.workflows import look_up
from bot.workflows.pool import Desk


def follow(event_id: EventId, *, desk: Desk, workspace: str, person: str, now: datetime) -> Dossier:
    """Follow the thread of an event, and return the event; doing it again changes nothing. Raises: NotFound."""
    dossier = look_up.dossier_of(event_id, desk=desk)
    thread = dossier.event.thread_id
    desk.store.save_follow(
        Follow(
            id=digest_of("follow", thread, workspace, person),
            thread_id=thread,
            workspace=workspace,
            person=person,
            since=now,
        )
    )
    return dossier


def unfollow(event_id: EventId, *, desk: Desk, workspace: str, person: str) -> tuple[Dossier, bool]:
    """Follow the thread of an event no longer; return the event, and whether it was followed. Raises: NotFound."""
    dossier = look_up.dossier_of(event_id, desk=desk)
    return dossier, desk.store.delete_follow(dossier.event.thread_id, workspace=workspace, person=person)


def is_followed(dossier: Dossier, *, desk: Desk, workspace: str, person: str) -> bool:
    """Return whether *person* follows the thread of an event."""
    followed = desk.store.load_follows(person=(workspace, person))
    return any(each.thread_id == dossier.event.thread_id for each in followed)


def followed(*, desk: Desk, workspace: str, person: str) -> list[Dossier]:
    """Return the latest event of each thread that *person* follows, the last followed first; gone threads left out."""
    follows = desk.store.load_follows(person=(workspace, person))
    threads = [desk.store.load_thread(each.thread_id) for each in reversed(follows)]
    return [thread[-1] for thread in threads if thread]
