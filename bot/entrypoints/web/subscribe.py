"""Signing up for a list: the form, here or in a frame of another site, and what is said afterwards."""

import asyncio
import time

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.entrypoints.web import forms
from bot.entrypoints.web.forms import Sent
from bot.entrypoints.web.headers import CSP
from bot.entrypoints.web.site import Site, site_of
from bot.model.policy import MailingList
from bot.workflows.subscribing import choices
from bot.workflows.subscribing.choices import Choices, Complaints, Fields, Offer
from bot.workflows.subscribing.sign_up import SignUp

router = APIRouter()

HONEYPOT = "website"
"""A field that people do not see; whoever fills it is a program."""
FLOOR_S = 0.3
"""Every answer takes at least so long, so that its time tells nothing about an address. Source: CONVENTIONS E51."""


@router.api_route("/subscribe", methods=["GET", "HEAD"])
def ask(request: Request) -> Response:
    """Show the lists, or the form of one."""
    return _ask(request, is_embedded=False)


@router.api_route("/subscribe/embed", methods=["GET", "HEAD"])
def ask_embedded(request: Request) -> Response:
    """Show the form by itself, for a frame."""
    return _ask(request, is_embedded=True)


@router.api_route("/subscribe/done", methods=["GET", "HEAD"])
def done(request: Request) -> Response:
    """Say what comes next, whoever asks."""
    return site_of(request).private(request, "web/subscribe_done.html.j2", is_embedded=False)


@router.api_route("/subscribe/embed/done", methods=["GET", "HEAD"])
def done_embedded(request: Request) -> Response:
    """Say what comes next, in the frame."""
    return _framed(request, site_of(request).private(request, "web/subscribe_done.html.j2", is_embedded=True))


@router.post("/subscribe")
async def sign_up(request: Request, sent: Sent) -> Response:
    """Take a sign-up; the answer is the same whatever the address is."""
    site = site_of(request)
    forms.must_be_ours(request, site, also=site.bot.settings.recap.embed_on)
    is_embedded = forms.one(sent, "form") == "embed"
    mailing_list = _list_of(site, forms.one(sent, "list"))
    if mailing_list is None:
        return _closed(request)
    answer, _ = await asyncio.gather(
        run_in_threadpool(_taken, request, mailing_list, sent, is_embedded), asyncio.sleep(FLOOR_S)
    )
    return answer


def _taken(request: Request, mailing_list: MailingList, sent: Fields, is_embedded: bool) -> Response:  # noqa: FBT001
    site, form = site_of(request), "embed" if is_embedded else "web"
    language = site.language(request)
    offered = site.bot.people.offer(mailing_list, language=language)
    chosen, complaints = choices.read(sent, offered)
    address = choices.address(forms.one(sent, "address"))
    if not address:
        complaints = {"address": "bad" if forms.one(sent, "address").strip() else "none"} | complaints
    if complaints:
        typed = forms.one(sent, "address")[: choices.MAX_ADDRESS_CHARS]
        return _form(request, offered, chosen, complaints=complaints, address=typed, form=form)
    if not forms.one(sent, HONEYPOT):
        if wait_s := site.sign_ups.wait_s(_visitor(request), at=time.monotonic()):
            return _later(request, wait_s)
        asked = SignUp(
            address=address, list_id=mailing_list.id, choices=chosen, consent_text=offered.consent, form=form
        )
        site.bot.people.sign_up(asked, now=site.bot.clock.now())
        site.postman.call()
    path = "/subscribe/embed/done" if is_embedded else "/subscribe/done"
    return forms.to(f"{site.root}{path}?lang={language}")


def _ask(request: Request, *, is_embedded: bool) -> Response:
    site = site_of(request)
    lists = site.bot.people.lists
    asked = request.query_params.get("list", "")
    mailing_list = _list_of(site, asked)
    if not lists or (asked and mailing_list is None):
        return _closed(request)
    if mailing_list is None:
        return _framed(
            request, site.private(request, "web/subscribe_lists.html.j2", lists=lists, is_embedded=is_embedded)
        )
    offered = site.bot.people.offer(mailing_list, language=site.language(request))
    return _form(request, offered, offered.usual, form="embed" if is_embedded else "web")


def _form(
    request: Request,
    offered: Offer,
    chosen: Choices,
    *,
    form: str,
    complaints: Complaints | None = None,
    address: str = "",
) -> Response:
    page = site_of(request).private(
        request,
        "web/subscribe.html.j2",
        code=422 if complaints else 200,
        offered=offered,
        chosen=chosen,
        complaints=complaints or {},
        address=address,
        zones=choices.zones(),
        is_embedded=form == "embed",
        honeypot=HONEYPOT,
    )
    return _framed(request, page)


def _list_of(site: Site, asked: str) -> MailingList | None:
    """Return the list asked for; where there is only one, it need not be."""
    lists = site.bot.people.lists
    if not asked and len(lists) == 1:
        return lists[0]
    return next((each for each in lists if each.id == asked), None)


def _closed(request: Request) -> Response:
    people = site_of(request).bot.people
    reason = "no_sign_up" if people.missing() else "no_such_list"
    return site_of(request).message(request, 404, reason=reason)


def _later(request: Request, wait_s: int) -> Response:
    page = site_of(request).message(request, 429)
    page.headers["Retry-After"] = str(wait_s)
    return page


def _framed(request: Request, page: Response) -> Response:
    """Let the sites of `embed_on` show *page* in a frame, where it was made for one."""
    if request.scope["path"].startswith("/subscribe/embed") or page.status_code == 422:
        origins = " ".join(("'self'", *site_of(request).bot.settings.recap.embed_on))
        page.headers["Content-Security-Policy"] = CSP.replace("frame-ancestors 'none'", f"frame-ancestors {origins}")
    return page


def _visitor(request: Request) -> str:
    return request.client.host if request.client else ""
