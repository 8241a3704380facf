"""What people see of the app in Slack, made of what is stored: to be looked at before anybody else does."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.compose import (
    revise,
    slack,
    slack_answers,
    slack_choices,
    slack_follow,
    slack_forms,
    slack_home,
    slack_review,
    slack_review_forms,
    slack_route,
)
from bot.compose.actions import Query, Touch
from bot.compose.preview import Scene
from bot.compose.slack_home import Home
from bot.compose.slack_review import Draft
from bot.compose.slack_route import RouteForm
from bot.compose.voice import Voice
from bot.entrypoints.slack_app import commands, home
from bot.entrypoints.slack_app.asked import Asked
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Reception
from bot.model.delivery import CORRECTION, NUDGE
from bot.model.digest import Card, CardLink, Digest, DigestState, SlackMessage
from bot.model.errors import NotFound
from bot.model.feedback import ReviewAct
from bot.model.route import Medium, Route
from bot.model.subscriber import SLACK_LIST, Subscription, SubscriptionState
from bot.model.values import Json
from bot.wiring import Bot
from bot.workflows import keep_routes, review_in_slack
from bot.workflows.keep_routes import Place
from bot.workflows.review_recap import MAX_LINE_CHARS
from bot.workflows.wanted_segments import personal_route

PERSON = "U0READER"
_EDITOR = "An invented editor"
_NOTE = "An invented note: what an editor tells readers first."
_NOBODY = "http://127.0.0.1:9/"
"""Where nothing answers: whatever a scene might ask of Slack, it asks of nobody."""
_CORRECTION = "An invented correction, to show how one looks: the number in the second sentence was a year old."


def of_bot(bot: Bot) -> list[Scene]:
    """
    Return what a reader of the latest digest for Slack sees: messages, answers, forms, Home.

    Nothing is stored or sent; what the reader chose, follows and muted is invented. Raises: NotFound.
    """
    clicked = replace(bot.desk, card=replace(bot.desk.card, takes_clicks=True))
    cut_off = replace(bot.settings, slack_token=None, slack_api_url=_NOBODY)
    with closing(Reception(replace(bot, desk=clicked, settings=cut_off))) as reception:
        digest, route = _latest(bot)
        voice = reception.voice(Person("", PERSON, route.language, route.timezone))
        stage = _Stage(reception, voice, digest, route)
        return [*stage.messages(), *stage.answers(), *stage.views()]


def _latest(bot: Bot) -> tuple[Digest, Route]:
    for recap in bot.store.load_recap_heads():
        found = {digest.route_id: digest for digest in bot.store.load_digests(recap.id)}
        for route in bot.settings.routes:
            digest = found.get(route.id)
            if digest and digest.slack and digest.cards and digest.state is DigestState.READY:
                return digest, route
    raise NotFound("No recap has a digest for Slack yet: name a channel in routes.yaml, then `recap run`.")


@dataclass(frozen=True, slots=True)
class _Stage:
    reception: Reception
    voice: Voice
    digest: Digest
    route: Route

    @property
    def lead(self) -> Card:
        return self.digest.cards[0]

    @property
    def channel(self) -> str:
        """The first that the digest goes to: its route may name email lists before it."""
        return next(place.id for place in self.route.destinations if place.medium is Medium.SLACK)

    def messages(self) -> Iterator[Scene]:
        """What the app posts by itself."""
        channel = self.channel
        yield Scene("digest", "The digest in its channel", channel=channel, messages=self._rendered(self.digest)[:2])
        corrected = revise.corrected(self.digest, self.lead.event_id, _CORRECTION, at=self.voice.now)
        parent, *below = self._rendered(corrected)
        told = [each for each in below if each.part.startswith(CORRECTION)]
        yield Scene("correction", "The digest, corrected in place", channel=channel, messages=[parent, *told])
        yield Scene("draft", "A draft in the editors' channel", channel="#editors", messages=[*self._draft()])
        yield Scene("weekly", "One's own weekly message", channel="@you", messages=self._personal())
        yield Scene("follow", "What one follows has developed", channel="@you", messages=[self._followed()])

    def answers(self) -> Iterator[Scene]:
        """What the app says when it is asked, to one person alone."""
        word = max(self.lead.title.split()[:3], key=len)
        asked = {
            "week": "",
            "search": word,
            "event": self.lead.event_id,
            "why": self.lead.event_id,
            "since": "last monday",
            "mute": "",
            "sources": "",
            "help": "",
        }
        for verb, words in asked.items():
            typed = f"{self.voice.command} {verb} {words}".rstrip()
            if answer := self._answer(verb, words):
                yield Scene(verb, typed, said=typed, channel="#here", messages=[answer], is_for_one=True)

    def views(self) -> Iterator[Scene]:
        """Forms, and Home."""
        voice, lead = self.voice, self.lead
        yield Scene("modal", "Deep Insight", view=slack_answers.modal(lead, voice=voice))
        yield Scene("wrong", "Wrong", view=slack_forms.wrong(lead.event_id, title=lead.title, voice=voice))
        yield Scene("review", "Rewrite a line of a draft", view=self._rewrite())
        yield Scene("feedback", "/recap feedback", view=slack_forms.feedback(self.digest.cards, voice=voice))
        chosen = self._chosen()
        desk = self.reception.bot.desk
        form = slack_choices.subscribe(desk.audiences, languages=desk.recap.languages, chosen=chosen, voice=voice)
        yield Scene("subscribe", "/recap subscribe", view=form)
        yield Scene("route", "/recap route, for administrators", view=slack_route.form(self._route_form(), voice=voice))
        yield Scene("mutes", "Muted words", view=slack_choices.mutes(chosen.mutes, voice=voice))
        recap, url, latest = home.latest(self.reception, voice)
        followed = [slack_answers.line_of_card(card) for card in self.digest.cards[1:3]]
        shown = Home(recap, url, latest, followed, chosen)
        yield Scene("home", "Home", view=slack_home.view(shown, voice=voice))

    def _answer(self, verb: str, words: str) -> SlackMessage | None:
        person = Person("", PERSON, self.voice.language, self.voice.zone)
        asked = Asked(person, Query(verb, words), self.channel, {}, self.voice)
        return commands.ANSWERS[verb](asked, self.reception)

    def _route_form(self) -> RouteForm:
        desk, here = self.reception.bot.desk, Place("", "C0HERE", "#here")
        audiences = [match.id for match in self.lead.audiences[:2]] or ["*"]
        return RouteForm(
            route=keep_routes.proposed(here, desk=desk).model_copy(update={"audiences": audiences, "min_score": 0.3}),
            is_own=True,
            audiences=desk.audiences,
            languages=desk.recap.languages,
            mark=None,
            is_member=True,
            metadata="",
            scores=keep_routes.scores(desk=desk),
        )

    def _rendered(self, digest: Digest, route: Route | None = None) -> list[SlackMessage]:
        voice = self.voice
        return slack.messages(
            digest, route or self.route, renderer=voice.renderer, policy=voice.policy, now=digest.built_at
        )

    def _draft(self) -> Iterator[SlackMessage]:
        draft, voice = self._reviewed(), self.voice
        offering = review_in_slack.with_left_out(draft, desk=self.reception.bot.desk)
        yield slack_review.message(offering, voice=voice)
        for number, act in enumerate(draft.acts, 1):
            yield slack_review.told(act, title=draft.digest.cards[0].title, part=f"act-{number:03d}", voice=voice)
        yield slack_review.reminder(draft, [PERSON], part=NUDGE, voice=voice)

    def _rewrite(self) -> Json:
        touch = Touch("rewrite", self.digest.key, seen=0)
        return slack_review_forms.form(touch, self._reviewed(), voice=self.voice, max_line_chars=MAX_LINE_CHARS)

    def _reviewed(self) -> Draft:
        desk, digest = (
            self.reception.bot.desk,
            self.digest.model_copy(update={"state": DigestState.DRAFT, "note": _NOTE}),
        )
        acts = [
            ReviewAct(id=act, digest_key=digest.key, act=act, argument=said, editor=_EDITOR, acted_at=self.voice.now)
            for act, said in (("note", _NOTE), ("pin", self.lead.event_id))
        ]
        drawn = review_in_slack.of_digest(digest, acts, desk=desk)
        return replace(drawn, until=self.voice.now + timedelta(hours=desk.recap.nudge_hours))

    def _personal(self) -> list[SlackMessage]:
        cards = self.digest.cards[:4]
        own = self.digest.model_copy(update={"cards": cards, "sections": [], "also": [], "route_id": SLACK_LIST})
        return self._rendered(own, personal_route(self.route))[:1]

    def _followed(self) -> SlackMessage:
        lead = self.lead
        news = [CardLink(title=each.title, url=each.url, publisher=each.publisher) for each in lead.originals[:2]]
        return slack_follow.message(lead.event_id, news, title=lead.title, url=lead.url, voice=self.voice)

    def _chosen(self) -> Subscription:
        return Subscription(
            id="",
            subscriber_id="",
            list_id=SLACK_LIST,
            state=SubscriptionState.ACTIVE,
            audiences=[match.id for match in self.lead.audiences[:2]] or ["*"],
            mutes=["crypto", "price target"],
            language=self.voice.language,
            timezone=self.voice.zone,
            created_at=self.voice.now,
            changed_at=self.voice.now,
        )
