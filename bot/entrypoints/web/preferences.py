"""The preference centre: opened by the link of a mail, without a login."""

import asyncio
import json
import time
from collections.abc import Callable
from datetime import date

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from bot.entrypoints.web import forms
from bot.entrypoints.web.forms import Sent
from bot.entrypoints.web.site import Site, site_of
from bot.entrypoints.web.subscribe import FLOOR_S
from bot.model.errors import NotAllowed, NotFound
from bot.workflows.subscribing import choices
from bot.workflows.subscribing.choices import Complaints, Fields
from bot.workflows.subscribing.preferences import Account

router = APIRouter()


@router.api_route("/preferences", methods=["GET", "HEAD"])
def ask(request: Request) -> Response:
    """Show the form that has a new link sent."""
    return _ask(request)


@router.post("/preferences")
async def send_link(request: Request, sent: Sent) -> Response:
    """Send a new link; the answer is the same whether anybody is subscribed there."""
    site = site_of(request)
    forms.must_be_ours(request, site)
    answer, _ = await asyncio.gather(run_in_threadpool(_link_sent, request, sent), asyncio.sleep(FLOOR_S))
    return answer


@router.api_route("/preferences/{token}", methods=["GET", "HEAD"])
def look(request: Request, token: str) -> Response:
    """Show what a reader gets; nothing changes."""
    return _with_account(request, token, lambda account: _page(request, token, account))


@router.api_route("/preferences/{token}/data.json", methods=["GET", "HEAD"])
def data(request: Request, token: str) -> Response:
    """Return everything that we hold about a reader."""

    def exported(account: Account) -> Response:
        body = json.dumps(site_of(request).bot.people.export(account), ensure_ascii=False, indent=2)
        headers = {"Content-Disposition": 'attachment; filename="recap-data.json"'}
        return Response(body, media_type="application/json", headers=headers)

    return _with_account(request, token, exported)


@router.post("/preferences/{token}")
def change(request: Request, token: str, sent: Sent) -> Response:
    """Do what a button of the page says."""
    forms.must_be_ours(request, site_of(request), has_token=True)
    return _with_account(request, token, lambda account: _changed(request, token, account, sent))


def _changed(request: Request, token: str, account: Account, sent: Fields) -> Response:
    site, action, list_id = site_of(request), forms.one(sent, "action"), forms.one(sent, "list")
    people, now = site.bot.people, site.bot.clock.now()
    if action == "save":
        return _saved(request, token, account, sent)
    if action == "pause":
        until, complaints = _until(sent, today=now.date())
        if complaints:
            return _page(request, token, account, list_id=list_id, complaints=complaints)
        people.pause(account, list_id, until=until, now=now)
    elif action == "resume":
        people.resume(account, list_id, now=now)
    elif action == "leave":
        people.leave(account, list_id, reason=forms.one(sent, "reason"), now=now)
    elif action == "erase":
        if forms.one(sent, "sure") != "yes":
            return _page(request, token, account, complaints={"sure": "none"})
        people.erase(account, now=now)
        return forms.to(f"{site.root}/preferences?done=erased&lang={site.language(request)}")
    else:
        raise NotFound(f"'{action}' is nothing to do here.")
    return _done(site, request, token, action)


def _saved(request: Request, token: str, account: Account, sent: Fields) -> Response:
    site, list_id = site_of(request), forms.one(sent, "list")
    people = site.bot.people
    current = account.subscription(list_id)
    offered = people.offer(people.registry.list_named(list_id), language=current.language)
    chosen, complaints = choices.read(sent, offered)
    if complaints:
        return _page(request, token, account, list_id=list_id, complaints=complaints)
    people.save(account, list_id, chosen, now=site.bot.clock.now())
    return _done(site, request, token, "save")


def _done(site: Site, request: Request, token: str, action: str) -> Response:
    return forms.to(f"{site.root}/preferences/{token}?done={action}&lang={site.language(request)}")


def _until(sent: Fields, *, today: date) -> tuple[date | None, Complaints]:
    """Return the day up to which to pause; null where the reader gave none."""
    text = forms.one(sent, "until").strip()
    if not text:
        return None, {}
    try:
        until = date.fromisoformat(text)
    except ValueError:
        return None, {"until": "bad"}
    return (until, {}) if until > today else (None, {"until": "past"})


def _page(
    request: Request, token: str, account: Account, *, list_id: str = "", complaints: Complaints | None = None
) -> Response:
    site = site_of(request)
    people, language = site.bot.people, site.language(request)
    parts = [
        (each, people.offer(people.registry.list_named(each.list_id), language=language), choices.of(each))
        for each in account.subscriptions
    ]
    done = request.query_params.get("done", "")
    return site.private(
        request,
        "web/subscribe_preferences.html.j2",
        code=422 if complaints else 200,
        token=token,
        account=account,
        parts=parts,
        zones=choices.zones(),
        done=done,
        complaints=complaints or {},
        at_list=list_id,
        today=site.bot.clock.now().date(),
    )


def _ask(request: Request, *, complaints: Complaints | None = None, address: str = "") -> Response:
    page = site_of(request).private(
        request,
        "web/subscribe_link.html.j2",
        code=422 if complaints else 200,
        done=request.query_params.get("done", ""),
        complaints=complaints or {},
        address=address,
    )
    return forms.sealed(page)


def _link_sent(request: Request, sent: Fields) -> Response:
    site, typed = site_of(request), forms.one(sent, "address")
    address = choices.address(typed)
    if not address:
        complaints = {"address": "bad" if typed.strip() else "none"}
        return _ask(request, complaints=complaints, address=typed[: choices.MAX_ADDRESS_CHARS])
    if wait_s := site.sign_ups.wait_s(request.client.host if request.client else "", at=time.monotonic()):
        page = site.message(request, 429)
        page.headers["Retry-After"] = str(wait_s)
        return page
    site.bot.people.send_link(address, now=site.bot.clock.now())
    site.postman.call()
    return forms.to(f"{site.root}/preferences?done=sent&lang={site.language(request)}")


def _with_account(request: Request, token: str, answer: Callable[[Account], Response]) -> Response:
    site = site_of(request)
    try:
        return forms.sealed(answer(site.bot.people.account(token, now=site.bot.clock.now())))
    except (NotFound, NotAllowed):
        return forms.sealed(site.message(request, 404, reason="preferences"))
