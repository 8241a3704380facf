"""What readers of mails think of an event: GET shows the buttons, POST keeps the vote."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from bot.compose import card as cards
from bot.entrypoints.web import forms
from bot.entrypoints.web.forms import Sent
from bot.entrypoints.web.pages import event_id
from bot.entrypoints.web.site import site_of
from bot.model.errors import NotFound
from bot.model.feedback import Vote
from bot.wiring.tokens import FEEDBACK
from bot.workflows import give_feedback, look_up

router = APIRouter()

_MAIL = "mail"
"""Stands for the Slack workspace in the votes of mail's readers."""


@router.api_route("/feedback/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> Response:
    """Show the buttons; nothing changes, whatever the address says."""
    site = site_of(request)
    asked = request.query_params
    try:
        _reader(request, token)
        dossier = look_up.dossier_of(event_id(asked.get("event", "")), desk=site.bot.desk)
    except NotFound:
        return forms.sealed(site.message(request, 404))
    page = site.private(
        request,
        "web/feedback.html.j2",
        event=dossier.event,
        url=cards.event_url(dossier.event, policy=site.bot.desk.card),
        vote=asked.get("vote", ""),
        done="done" in asked,
    )
    return forms.sealed(page)


@router.post("/feedback/{token}")
def vote(request: Request, token: str, sent: Sent) -> Response:
    """Keep the vote in place of an earlier one."""
    site = site_of(request)
    forms.must_be_ours(request, site, has_token=True)
    try:
        dossier = give_feedback.vote(
            event_id(forms.one(sent, "event")),
            _vote(forms.one(sent, "vote")),
            desk=site.bot.desk,
            workspace=_MAIL,
            person=_reader(request, token),
            now=site.bot.clock.now(),
            note=forms.one(sent, "note"),
        )
    except NotFound:
        return forms.sealed(site.message(request, 404))
    known = [("lang", request.query_params["lang"])] if "lang" in request.query_params else []
    query = urlencode([("event", dossier.event.id), ("vote", forms.one(sent, "vote")), ("done", "1"), *known])
    return forms.to(f"{request.scope['path']}?{query}")


def _reader(request: Request, token: str) -> str:
    match site_of(request).bot.people.registry.seals.unseal(FEEDBACK, token):
        case [str() as subscriber]:
            return subscriber
        case _:
            raise NotFound("That link is not one of ours.")


def _vote(word: str) -> Vote:
    try:
        return Vote(word)
    except ValueError as exc:
        raise NotFound(f"'{word}' is no vote: useful, not_for_me or wrong.") from exc
