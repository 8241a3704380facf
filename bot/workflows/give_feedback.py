"""Give feedback: one vote per person and event, which may change their mind."""

from datetime import datetime

from bot.model.event import Dossier
from bot.model.feedback import Feedback, Vote
from bot.model.values import EventId, digest_of
from bot.workflows import look_up
from bot.workflows.pool import Desk

MAX_NOTE_CHARS = 1000


def vote(
    event_id: EventId, vote: Vote, *, desk: Desk, workspace: str, person: str, now: datetime, note: str = ""
) -> Dossier:
    """Keep a person's vote in place of their earlier one on that event, and return the event. Raises: NotFound."""
    dossier = look_up.dossier_of(event_id, desk=desk)
    desk.store.save_vote(
        Feedback(
            id=digest_of("vote", dossier.event.id, workspace, person),
            event_id=dossier.event.id,
            workspace=workspace,
            person=person,
            vote=vote,
            note=note.strip()[:MAX_NOTE_CHARS],
            given_at=now,
        )
    )
    return dossier
