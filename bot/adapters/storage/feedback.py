"""What readers say and follow."""

from datetime import datetime

from sqlalchemy import delete, select, update

from bot.adapters.storage.people_tables import FEEDBACK, FOLLOWS
from bot.adapters.storage.rows import Room, keep, models_of, rows_of, upsert
from bot.model.feedback import Feedback, Follow
from bot.model.values import ThreadId


class FeedbackRoom(Room):
    """Votes and follows of people."""

    def save_vote(self, vote: Feedback) -> None:
        """Insert or replace a person's vote on an event."""
        with self._database.writing() as connection:
            row = FEEDBACK.c
            same = (row.event_id == vote.event_id) & (row.workspace == vote.workspace) & (row.person == vote.person)
            connection.execute(delete(FEEDBACK).where(same))
            upsert(connection, FEEDBACK, rows_of([vote], FEEDBACK))

    def load_votes(self, *, since: datetime) -> list[Feedback]:
        """Return the votes given *since*, oldest first."""
        given = select(FEEDBACK).where(FEEDBACK.c.given_at >= since).order_by(FEEDBACK.c.given_at, FEEDBACK.c.id)
        with self._database.reading() as connection:
            return models_of(connection, given, Feedback)

    def delete_votes(self) -> int:
        """Forget every vote; return how many there were."""
        with self._database.writing() as connection:
            return connection.execute(delete(FEEDBACK)).rowcount

    def save_follow(self, follow: Follow) -> None:
        """Follow a thread; doing it again changes nothing."""
        with self._database.writing() as connection:
            keep(connection, FOLLOWS, rows_of([follow], FOLLOWS))

    def move_follow(self, follow: Follow, *, since: datetime) -> None:
        """Say that the follower was told all up to *since*; nothing where they follow it no longer."""
        with self._database.writing() as connection:
            connection.execute(update(FOLLOWS).where(FOLLOWS.c.id == follow.id).values(since=since))

    def delete_follow(self, thread: ThreadId, *, workspace: str, person: str) -> bool:
        """Follow a thread no longer; return whether it was followed."""
        row = FOLLOWS.c
        same = (row.thread_id == thread) & (row.workspace == workspace) & (row.person == person)
        with self._database.writing() as connection:
            return connection.execute(delete(FOLLOWS).where(same)).rowcount > 0

    def load_follows(self, *, person: tuple[str, str] | None = None) -> list[Follow]:
        """Return the follows of a *person* (workspace, id), or everybody's, oldest first."""
        row = FOLLOWS.c
        followed = select(FOLLOWS).order_by(row.since, row.id)
        if person is not None:
            followed = followed.where(row.workspace == person[0], row.person == person[1])
        with self._database.reading() as connection:
            return models_of(connection, followed, Follow)
