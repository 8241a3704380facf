"""What the life of a subscriber needs: the lists, what they offer, words, and links that only we can make."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.model.audience import Audience
from bot.model.errors import NotFound
from bot.model.policy import CardPolicy, MailingList, RecapPolicy
from bot.model.route import Medium, Route
from bot.model.subscriber import Subscriber, Subscription
from bot.model.values import Language
from bot.ports import Renderer, Sender, Store


class Seals(Protocol):
    """Signs what a link holds, for one purpose each."""

    def seal(self, purpose: str, held: Sequence[str | int]) -> str:
        """Return a token for *purpose* that holds *held*, readable but not to be forged."""
        ...

    def unseal(self, purpose: str, token: str) -> object:
        """Return what *token* holds. Raises: NotFound where it was not made by us for this *purpose*."""
        ...


@dataclass(frozen=True, slots=True)
class Registry:
    """Everything around subscribers, at hand."""

    store: Store
    renderer: Renderer
    seals: Seals
    sender: Sender
    """Of mail."""
    recap: RecapPolicy
    site: CardPolicy
    routes: Sequence[Route]
    audiences: Sequence[Audience]

    @property
    def open_lists(self) -> list[MailingList]:
        """The lists that people may sign up for."""
        return [each for each in self.recap.lists if each.is_open]

    def open_list(self, list_id: str) -> MailingList:
        """Return an open list. Raises: NotFound."""
        for each in self.open_lists:
            if each.id == list_id:
                return each
        raise NotFound(f"'{list_id}' is no list to sign up for.")

    def list_named(self, list_id: str) -> MailingList:
        """Return the list, or one in its name where config has given it up. It may still be left."""
        known = (each for each in self.recap.lists if each.id == list_id)
        return next(known, MailingList(list_id, list_id, sender="", postal_address="", is_open=False))

    def routes_to(self, list_id: str) -> list[Route]:
        """Return the routes that write to a list."""
        return [
            route
            for route in self.routes
            if any(place.medium is Medium.EMAIL and place.id == list_id for place in route.destinations)
        ]

    def audiences_of(self, list_id: str) -> list[Audience]:
        """Return the audiences that a list is written for; all where some route brings it all."""
        named = {audience for route in self.routes_to(list_id) for audience in route.audiences}
        if "*" in named or not named:
            return list(self.audiences)
        return [audience for audience in self.audiences if audience.id in named]

    def consent_to(self, mailing_list: MailingList, language: Language) -> str:
        """Return what people agree to, word for word, in *language*."""
        own = mailing_list.consent.get(language) or next(iter(mailing_list.consent.values()), "")
        if own:
            return own
        words = self.renderer.render("words/consent.txt.j2", language=language, mailing_list=mailing_list)
        return " ".join(words.split())

    def subscription(self, subscriber: Subscriber, list_id: str) -> Subscription | None:
        """Return what *subscriber* gets, or got, of a list."""
        subscriptions = self.store.load_subscriptions(subscriber.id)
        return next((each for each in subscriptions if each.list_id == list_id), None)
