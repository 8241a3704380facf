"""A list, its readers and their mail: the life of subscribers on a real store, with a clock that a test moves."""

import re
from datetime import datetime, timedelta

from bot.adapters.storage.store import SqlStore
from bot.deliver.breaker import Breaker
from bot.model.audience import Audience
from bot.model.policy import CardPolicy, DeliverPolicy, MailingList, RecapPolicy
from bot.model.route import Route
from bot.model.subscriber import Notice, Subscription, Suppression, address_hash, subscriber_id
from bot.wiring.tokens import TokenSeals
from bot.workflows.subscribing import confirm, leave, links, post, preferences, sign_up
from bot.workflows.subscribing.choices import Choices
from bot.workflows.subscribing.confirm import Waiting
from bot.workflows.subscribing.post import Post
from bot.workflows.subscribing.preferences import Account
from bot.workflows.subscribing.registry import Registry
from bot.workflows.subscribing.sign_up import SignUp
from tests.builders import NOW
from tests.builders_cards import a_renderer
from tests.delivery_builders import LIST, a_route, mail_to
from tests.fakes.sender import FakeSender

ANN = "ann@reader.example"
AUDIENCES = (Audience(id="founders", name="Founders"), Audience(id="engineers", name="Engineers"))
__all__ = ["ANN", "AUDIENCES", "PostOffice", "a_registry"]


def a_registry(store: SqlStore, sender: FakeSender | None = None, **values: object) -> Registry:
    given: dict[str, object] = {
        "lists": (LIST, MailingList("team", "Team", LIST.sender, "1 Quay", is_open=False)),
        "routes": (
            a_route(destinations=mail_to("weekly"), audiences=["*"], day=1, time="07:30", timezone="Asia/Tokyo"),
        ),
        "keys": ("a-key",),
    } | values
    routes: tuple[Route, ...] = given["routes"]  # type: ignore[assignment]  # as given
    return Registry(
        store=store,
        renderer=a_renderer(),
        seals=TokenSeals(given["keys"]),  # type: ignore[arg-type]  # as given
        sender=sender or FakeSender("smtp", team=""),
        recap=RecapPolicy(lists=given["lists"]),  # type: ignore[arg-type]  # as given
        site=CardPolicy("https://recap.example"),
        routes=routes,
        audiences=AUDIENCES,
    )


class PostOffice:
    """Signs people up, reads their mail, presses their buttons."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.sender = FakeSender("smtp", team="")
        self.registry = a_registry(store, self.sender)
        self.now = NOW
        self.breakers: dict[str, Breaker] = {}

    def pass_time(self, **units: float) -> None:
        self.now += timedelta(**units)

    def sign_up(self, address: str = ANN, choices: Choices | None = None, *, list_id: str = "weekly") -> None:
        asked = SignUp(
            address=address, list_id=list_id, choices=choices or Choices(), consent_text="I want it.", form="web"
        )
        sign_up.sign_up(asked, registry=self.registry, now=self.now)

    def post(self) -> int:
        policy = DeliverPolicy(max_refusals=2, refusal_pause_s=300)
        means = Post({"smtp": self.sender}, policy, lambda: self.now, lambda: 0.0, breakers=self.breakers)
        return post.post(self.registry, means)

    def mails(self) -> list[Notice]:
        """Send what is due, and return every notice that arrived so far."""
        self.post()
        return self.sender.notices

    def token(self, place: int = -1) -> str:
        """Return the token in a mail that arrived, the last one unless said otherwise."""
        found = re.search(r"https://recap\.example/(?:confirm|preferences)/([\w.-]+)", self.mails()[place].text)
        assert found
        return found[1]

    def confirm(self, token: str) -> Waiting:
        return confirm.confirm(token, registry=self.registry, now=self.now)

    def subscribe(self, address: str = ANN, choices: Choices | None = None) -> None:
        self.sign_up(address, choices)
        self.confirm(self.token())

    def account(self, address: str = ANN, *, until: datetime | None = None) -> Account:
        """Open the preferences of a reader by a link of theirs."""
        seals = self.registry.seals
        token = links.preferences_token(subscriber_id(address), until or self.now + timedelta(hours=1), seals=seals)
        return preferences.account(token, registry=self.registry, now=self.now)

    def leave(self, address: str = ANN, *, reason: str = "") -> None:
        """Press the link to leave of a newsletter."""
        token = self.registry.seals.seal(links.UNSUBSCRIBE, [address_hash(address), "weekly"])
        leave.by_token(token, registry=self.registry, now=self.now, reason=reason)

    def suppress(self, address: str = ANN, *, list_id: str = "weekly", reason: str) -> None:
        hashed = address_hash(address)
        self.store.save_suppression(
            Suppression(address_hash=hashed, list_id=list_id, reason=reason, created_at=self.now)
        )

    def subscription(self, address: str = ANN) -> Subscription:
        (found,) = self.store.load_subscriptions(subscriber_id(address))
        return found

    def readers(self) -> list[str | None]:
        """Return who gets the list."""
        return [person.address for person, _ in self.store.load_subscribers("weekly")]
