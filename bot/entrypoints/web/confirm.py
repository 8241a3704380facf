"""Confirming a sign-up: GET shows a button, POST acts, so that link scanners confirm nobody."""

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web import forms
from bot.entrypoints.web.site import site_of
from bot.model.errors import NotAllowed, NotFound

router = APIRouter()


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> Response:
    """Show the button, or that it was pressed; nothing changes."""
    site = site_of(request)
    people, now = site.bot.people, site.bot.clock.now()
    try:
        waiting = people.waiting(token, now=now)
    except (NotFound, NotAllowed):
        return forms.sealed(site.message(request, 404, reason="confirm"))
    own = people.preferences_token(waiting.subscriber.id, now=now) if waiting.is_confirmed else ""
    names = {audience.id: audience.name_in(site.language(request)) for audience in site.bot.desk.audiences}
    page = site.private(
        request,
        "web/subscribe_confirm.html.j2",
        waiting=waiting,
        mailing_list=people.registry.list_named(waiting.subscription.list_id),
        shown=[names.get(each, each) for each in waiting.subscription.audiences],
        preferences_token=own,
    )
    return forms.sealed(page)


@router.post("/confirm/{token}")
def act(request: Request, token: str) -> Response:
    """Confirm, once."""
    site = site_of(request)
    forms.must_be_ours(request, site, has_token=True)
    try:
        site.bot.people.confirm(token, now=site.bot.clock.now())
    except (NotFound, NotAllowed):
        return forms.sealed(site.message(request, 404, reason="confirm"))
    return forms.to(f"{site.root}/confirm/{token}?lang={site.language(request)}")
