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


def go_on(followed: Follow, *, desk: Desk) -> Dossier | None:
    """
    Follow what the followed thread has become, where all its events were merged into another's; return the latest.

    Null where the thread still stands for itself, or there is nothing that it has become. Raises: StorageError.
    """
    if desk.store.load_thread(followed.thread_id):
        return None
    became = desk.store.load_merged_from(followed.thread_id)
    if not became:
        return None
    latest = max(became, key=lambda each: (each.event.last_published_at, each.event.id))
    thread = latest.event.thread_id
    identity = digest_of("follow", thread, followed.workspace, followed.person)
    desk.store.save_follow(followed.model_copy(update={"id": identity, "thread_id": thread}))
    return latest


def followed(*, desk: Desk, workspace: str, person: str) -> list[Dossier]:
    """Return the latest event of each thread that *person* follows, the last followed first; gone threads left out."""
    follows = desk.store.load_follows(person=(workspace, person))
    threads = [desk.store.load_thread(each.thread_id) for each in reversed(follows)]
    return [thread[-1] for thread in threads if thread]
