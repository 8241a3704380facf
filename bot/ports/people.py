"""What is needed of storage for people: who gets what, what they say, and what came back."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from bot.model.delivery import Delivery
from bot.model.feedback import Feedback, Follow
from bot.model.returned import ListCounts, MailTotals
from bot.model.route import Route
from bot.model.route_act import RouteAct
from bot.model.subscriber import Bounce, BounceKind, Notice, Subscriber, Subscription, Suppression
from bot.model.values import RouteId, ThreadId


class SubscriberStore(Protocol):
    """Who gets mail, and who must not."""

    def load_subscribers(self, list_id: str) -> list[tuple[Subscriber, Subscription]]:
        """Return the active subscriptions of a list with their people, suppressed addresses left out."""
        ...

    def load_subscriber_mark(self) -> str:
        """Return a mark that is another one after any change in who gets which list."""
        ...

    def save_subscriber(self, subscriber: Subscriber, subscription: Subscription) -> None:
        """Insert or replace a person and one subscription."""
        ...

    def load_subscriber(self, subscriber: str) -> Subscriber | None:
        """Return the person with this id, or null."""
        ...

    def load_subscriber_at(self, address: str) -> Subscriber | None:
        """Return the person with this address, whatever its case, or null."""
        ...

    def load_slack_subscriber(self, workspace: str, slack_user: str) -> Subscriber | None:
        """Return the person of a Slack workspace, or null."""
        ...

    def load_subscriptions(self, subscriber: str) -> list[Subscription]:
        """Return what a person gets or got, by list."""
        ...

    def load_list(self, list_id: str) -> Iterator[tuple[Subscriber, Subscription]]:
        """Yield every subscription of a list with its person, whatever its state, in batches: memory stays flat."""
        ...

    def erase_subscriber(self, subscriber: str) -> None:
        """
        Forget a person: name, subscriptions, notices, votes and follows; suppressions stay, as hashes.

        In the ledger a hash stands for their address, and what was still to go to them is cancelled.
        """
        ...

    def end_pauses(self, *, now: datetime) -> int:
        """Make active again what was paused until *now* or earlier; return how many."""
        ...

    def delete_unconfirmed(self, *, before: datetime) -> int:
        """Forget what waits for its confirmation since *before*, and who gets nothing else; return how many."""
        ...

    def is_suppressed(self, address: str, *, list_id: str) -> bool:
        """Return whether we must not write to *address*."""
        ...

    def load_suppressed(self, addresses: Sequence[str], *, list_id: str) -> frozenset[str]:
        """Return those of *addresses* that we must not write to."""
        ...

    def load_reached(self, addresses: Sequence[str], *, list_id: str) -> frozenset[str]:
        """Return those of *addresses*, whatever their case, that an active subscription brings the list to."""
        ...

    def load_suppressions(self, *, of: str | None = None) -> list[Suppression]:
        """Return whom we must not write to, newest first: all of them, or those *of* one address's hash."""
        ...

    def delete_suppression(self, address_hash: str, *, list_id: str) -> bool:
        """Let a reader who confirmed anew be written to again; return whether there was anything to lift."""
        ...

    def save_bounce(self, bounce: Bounce) -> bool:
        """Keep a mail that came back; false where it is known already."""
        ...

    def load_bounces(self, address_hash: str, *, since: datetime) -> list[Bounce]:
        """Return the bounces of an address *since*, oldest first."""
        ...

    def use_once(self, kind: str, key: str, *, now: datetime) -> bool:
        """Take *key* (a token's hash, a request's id) of its *kind*: true for one caller only, ever."""
        ...

    def is_used(self, kind: str, key: str) -> bool:
        """Return whether somebody took *key*; take nothing."""
        ...

    def save_suppression(self, suppression: Suppression) -> None:
        """Never write there again."""
        ...


class NoticeStore(Protocol):
    """Mails to one person about their subscription."""

    def save_notice(
        self, notice: Notice, delivery: Delivery, *, pending: tuple[Subscriber, Subscription] | None = None
    ) -> None:
        """Store a notice and enter it into the ledger, with the sign-up that it is about, all or nothing."""
        ...

    def load_notice(self, notice: str) -> Notice | None:
        """Return one notice, or null."""
        ...

    def load_due_notices(self, *, now: datetime) -> list[tuple[Delivery, Notice | None]]:
        """Return the notices that must go out by *now*, oldest first; null where one was deleted meanwhile."""
        ...

    def has_notice(self, address: str, *, since: datetime) -> bool:
        """Return whether a notice to *address* was made after *since*."""
        ...

    def load_mails(self, address: str) -> list[Delivery]:
        """Return the ledger's rows of mails to *address*, oldest first."""
        ...

    def delete_notices(self, *, before: datetime) -> int:
        """Forget the notices made before *before*, and the tokens used by then; return how many."""
        ...


class FeedbackStore(Protocol):
    """What readers say and follow."""

    def save_vote(self, vote: Feedback) -> None:
        """Insert or replace a person's vote on an event."""
        ...

    def load_votes(self, *, since: datetime) -> list[Feedback]:
        """Return the votes given *since*, oldest first."""
        ...

    def delete_votes(self) -> int:
        """Forget every vote; return how many there were."""
        ...

    def save_follow(self, follow: Follow) -> None:
        """Follow a thread; doing it again changes nothing."""
        ...

    def move_follow(self, follow: Follow, *, since: datetime) -> None:
        """Say that the follower was told all up to *since*; nothing where they follow it no longer."""
        ...

    def delete_follow(self, thread: ThreadId, *, workspace: str, person: str) -> bool:
        """Follow a thread no longer; return whether it was followed."""
        ...

    def load_follows(self, *, person: tuple[str, str] | None = None) -> list[Follow]:
        """Return the follows of a *person* (workspace, id), or everybody's, oldest first."""
        ...


class RouteStore(Protocol):
    """Routes that channels have of their own, and who made them so."""

    def save_route(self, route: Route, act: RouteAct) -> None:
        """Insert or replace a channel's own route, with the record."""
        ...

    def delete_route(self, route: RouteId, act: RouteAct) -> bool:
        """Forget a channel's own route, with the record; return whether there was one."""
        ...

    def load_routes(self, *, workspace: str | None = None) -> list[Route]:
        """Return the channels' own routes, of one *workspace* or of all, by id."""
        ...

    def load_route_acts(self, route: RouteId | None = None) -> list[RouteAct]:
        """Return what was done to one channel's own *route*, or to all of them, oldest first."""
        ...


class PeopleStore(Protocol):
    """Many people at once, and the mails that came back from them."""

    def load_delivery(self, delivery: str) -> Delivery | None:
        """Return one row of the ledger, or null."""
        ...

    def load_of_list(self, list_id: str, people: Sequence[str]) -> dict[str, Subscription]:
        """Return what those of *people* (ids of subscribers) who ever had anything to do with a list get of it."""
        ...

    def save_newcomers(self, pairs: Sequence[tuple[Subscriber, Subscription]]) -> None:
        """Insert subscriptions, and those people who are not known yet, all or nothing; what is there stays."""
        ...

    def count_subscriptions(self) -> list[ListCounts]:
        """Return how many people each list has, by list."""
        ...

    def count_mails(self, *, since: datetime) -> list[MailTotals]:
        """Return what was sent to each list *since*, and what came back, by list."""
        ...

    def load_bounces_of(self, kind: BounceKind, *, since: datetime, limit: int) -> list[Bounce]:
        """Return the bounces of a *kind* since, newest first, at most *limit*."""
        ...
