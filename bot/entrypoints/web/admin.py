"""The operators' page: how the lists stand, what is known of one address, and what to do about it."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response

from bot.entrypoints.web import forms
from bot.entrypoints.web.forms import Sent
from bot.entrypoints.web.site import Site, site_of
from bot.model.errors import NotAllowed, NotFound
from bot.wiring.office import Office, Record
from bot.wiring.sign_in import SESSION_VALID, SignIn
from bot.workflows.keep_lists import ALARM_RATE, WATCH_RATE
from bot.workflows.subscribing.choices import Fields

router = APIRouter()

_HEADERS = {"X-Robots-Tag": "noindex"}
_ACTS = ("suppress", "unsuppress", "pause", "resume", "erase")


@router.api_route("/admin/sign-in/{token}", methods=["GET", "HEAD"])
def ask(request: Request, token: str) -> Response:
    """Show the button; the link is not used up."""
    site = site_of(request)
    try:
        _door(site).look_at(token, now=site.bot.clock.now())
    except NotFound:
        return forms.sealed(site.message(request, 404, reason="sign_in"))
    return forms.sealed(site.private(request, "web/admin_sign_in.html.j2"))


@router.post("/admin/sign-in/{token}")
def sign_in(request: Request, token: str) -> Response:
    """Use the link up, and let this browser in."""
    site = site_of(request)
    forms.must_be_ours(request, site, has_token=True)
    try:
        session = _door(site).session(token, now=site.bot.clock.now())
    except NotFound:
        return forms.sealed(site.message(request, 404, reason="sign_in"))
    answer = forms.to(f"{site.root}/admin")
    _set_cookie(answer, site, session, seconds=int(SESSION_VALID.total_seconds()))
    return answer


@router.post("/admin/sign-out")
def sign_out(request: Request) -> Response:
    """Let this browser out, and whoever copied what it kept."""
    site = site_of(request)
    forms.must_be_ours(request, site)
    _door(site).end(request.cookies.get(_cookie(site), ""), now=site.bot.clock.now())
    answer = forms.to(f"{site.root}/")
    _set_cookie(answer, site, "", seconds=0)
    return answer


@router.api_route("/admin", methods=["GET", "HEAD"])
def look(request: Request) -> Response:
    """Show how the lists stand."""
    return _inside(request, lambda: _page(request))


@router.post("/admin")
def act(request: Request, sent: Sent) -> Response:
    """Look an address up (never in a URL: those are logged), or do what a button says."""
    forms.must_be_ours(request, site_of(request))
    return _inside(request, lambda: _done(request, forms.one(sent, "action"), forms.one(sent, "address").strip(), sent))


def _done(request: Request, action: str, address: str, sent: Fields) -> Response:
    office, now = Office(site_of(request).bot), site_of(request).bot.clock.now()
    list_id = forms.one(sent, "list") or None
    if action == "erase" and forms.one(sent, "sure") != "yes":
        return _page(request, address=address, problem="sure")
    try:
        if action == "suppress":
            office.suppress(address, list_id=list_id, reason="by the operator", now=now)
        elif action == "unsuppress":
            office.unsuppress(address, list_id=list_id)
        elif action == "pause":
            office.pause(address, list_id=list_id, until=None, now=now)
        elif action == "resume":
            office.resume(address, list_id=list_id, now=now)
        elif action == "erase":
            office.erase(address)
    except NotAllowed:
        return _page(request, address=address, problem="readers_own")
    except NotFound:
        return _page(request, address=address, problem="nothing")
    return _page(request, address=address, done=action if action in _ACTS else "")


def _page(request: Request, *, address: str = "", problem: str = "", done: str = "") -> Response:
    site = site_of(request)
    office, now = Office(site.bot), site.bot.clock.now()
    record: Record | None = None
    if address:
        try:
            record = office.record(address, now=now)
        except NotFound:
            problem = problem or ("" if done else "unknown")
    return site.private(
        request,
        "web/admin.html.j2",
        code=422 if problem else 200,
        overview=office.overview(now=now),
        record=record,
        address=address[:254],
        problem=problem,
        done=done,
        watch_rate=WATCH_RATE,
        alarm_rate=ALARM_RATE,
    )


def _inside(request: Request, answer: Callable[[], Response]) -> Response:
    """Return *answer* to who is signed in, and the way in to everybody else."""
    site = site_of(request)
    kept = request.cookies.get(_cookie(site), "")
    is_in = bool(kept) and _door(site).is_signed_in(kept, now=site.bot.clock.now())
    response = answer() if is_in else site.message(request, 403, reason="signed_out")
    response.headers.update(_HEADERS)
    return response


def _door(site: Site) -> SignIn:
    return SignIn(site.bot.store, site.bot.settings)


def _cookie(site: Site) -> str:
    # Browsers take the prefix over https only. Source: RFC 6265bis 4.1.3.2, CONVENTIONS W11.
    return "__Host-recap-admin" if _is_https(site) else "recap-admin"


def _is_https(site: Site) -> bool:
    return site.bot.settings.base_url.startswith("https://")


def _set_cookie(answer: Response, site: Site, value: str, *, seconds: int) -> None:
    answer.set_cookie(
        _cookie(site), value, max_age=seconds, path="/", secure=_is_https(site), httponly=True, samesite="strict"
    )
