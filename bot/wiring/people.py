"""Subscribers, put together: every use case of theirs as one call."""

from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.deliver.breaker import Breaker
from bot.model.policy import MailingList
from bot.model.values import Json, Language
from bot.ports import Sender
from bot.settings import LOCAL_URL, Settings
from bot.workflows.subscribing import choices, confirm, keep, leave, links, post, preferences, sign_up
from bot.workflows.subscribing.choices import Choices, Offer
from bot.workflows.subscribing.confirm import Waiting
from bot.workflows.subscribing.keep import KeepReport
from bot.workflows.subscribing.post import Post
from bot.workflows.subscribing.preferences import Account
from bot.workflows.subscribing.registry import Registry
from bot.workflows.subscribing.sign_up import SignUp


@dataclass(frozen=True, slots=True)
class People:
    """The life of subscribers."""

    registry: Registry
    settings: Settings
    senders: Mapping[str, Sender]
    """By name."""
    jitter: Callable[[], float]
    breakers: MutableMapping[str, Breaker]
    """How each sender fares, with what else it sends."""

    @property
    def lists(self) -> list[MailingList]:
        """The lists to sign up for; none where it is not set up."""
        return self.registry.open_lists if not self.missing() else []

    def missing(self) -> str:
        """Return which setting sign-up lacks, or nothing."""
        if not self.settings.secret_keys:
            return "RECAP_SECRET_KEY"
        # On this machine alone, a link to this machine does; in other people's mail it does not.
        if self.settings.smtp_url and self.settings.base_url == LOCAL_URL:
            return "RECAP_BASE_URL"
        return ""

    def offer(self, mailing_list: MailingList, *, language: Language) -> Offer:
        """Return what a list has to choose from."""
        return choices.offer(mailing_list, language=language, registry=self.registry)

    def sign_up(self, asked: SignUp, *, now: datetime) -> None:
        """Ask the owner of an address for a confirmation. Raises: NotFound."""
        sign_up.sign_up(asked, registry=self.registry, now=now)

    def send_link(self, address: str, *, now: datetime) -> None:
        """Send a new link to their preferences to whoever gets a list at *address*."""
        sign_up.send_link(address, registry=self.registry, now=now)

    def waiting(self, token: str, *, now: datetime) -> Waiting:
        """Return what a confirmation link is about. Raises: NotFound, NotAllowed."""
        return confirm.look_at(token, registry=self.registry, now=now)

    def confirm(self, token: str, *, now: datetime) -> Waiting:
        """Make a subscription active. Raises: NotFound, NotAllowed."""
        return confirm.confirm(token, registry=self.registry, now=now)

    def preferences_token(self, subscriber: str, *, now: datetime) -> str:
        """Return a token with which a reader who just confirmed may go on to their preferences."""
        until = now + timedelta(hours=links.NOTICE_HOURS)
        return links.preferences_token(subscriber, until, seals=self.registry.seals)

    def account(self, token: str, *, now: datetime) -> Account:
        """Return whose preferences a link opens. Raises: NotFound, NotAllowed."""
        return preferences.account(token, registry=self.registry, now=now)

    def save(self, account: Account, list_id: str, chosen: Choices, *, now: datetime) -> None:
        """Keep what a reader chose. Raises: NotFound."""
        preferences.save(account, list_id, chosen, registry=self.registry, now=now)

    def pause(self, account: Account, list_id: str, *, until: date | None, now: datetime) -> None:
        """Send nothing for a while. Raises: NotFound."""
        preferences.pause(account, list_id, until=until, registry=self.registry, now=now)

    def resume(self, account: Account, list_id: str, *, now: datetime) -> None:
        """Send again. Raises: NotFound."""
        preferences.resume(account, list_id, registry=self.registry, now=now)

    def leave(self, account: Account, list_id: str, *, reason: str, now: datetime) -> None:
        """End what a reader gets of a list. Raises: NotFound."""
        preferences.leave(account, list_id, reason=reason, registry=self.registry, now=now)

    def erase(self, account: Account, *, now: datetime) -> None:
        """Forget a reader."""
        preferences.erase(account, registry=self.registry, now=now)

    def export(self, account: Account) -> Json:
        """Return everything that we hold about a reader."""
        return preferences.export(account, registry=self.registry)

    def list_of_token(self, token: str) -> MailingList:
        """Return the list that a link to leave is for. Raises: NotFound."""
        return self.registry.list_named(leave.list_of(token, registry=self.registry))

    def unsubscribe(self, token: str, *, now: datetime, reason: str = "") -> None:
        """Leave by the link of a mail. Raises: NotFound."""
        leave.by_token(token, registry=self.registry, now=now, reason=reason)

    def post(self, *, now: Callable[[], datetime]) -> int:
        """Send the notices that are due; return how many are left for later."""
        settings = self.settings
        means = Post(self.senders, settings.deliver, now, self.jitter, settings.bounces, self.breakers)
        return post.post(self.registry, means)

    def keep(self, *, now: datetime) -> KeepReport:
        """End the pauses that are over, and forget who never confirmed."""
        return keep.keep(store=self.registry.store, now=now)
