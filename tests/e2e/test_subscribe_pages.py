"""The sign-up pages as visitors, scanners and attackers meet them: the real application over HTTP."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.entrypoints.web.site import SIGN_UPS_AN_HOUR
from bot.model.subscriber import SubscriptionState, Suppression, address_hash, subscriber_id
from bot.wiring import preferences_token, unsubscribe_token
from tests.fakes import site as sites
from tests.fakes.site import ANN, RECAP, SignUpSite
from tests.unit.compose.test_pages import Page

BEN = "ben@reader.example"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[SignUpSite]:
    with sites.running(tmp_path) as site:
        yield site


def subscribed(site: SignUpSite, address: str = ANN, **fields: object) -> str:
    """Sign up and confirm; return the path of the reader's preferences."""
    site.sign_up(address, **fields)
    site.post(site.link(site.relay.next_mail()))
    return f"/preferences/{preferences_token(site.bot.settings)(address, site.clock.at)}"


def leaving(site: SignUpSite, address: str = ANN) -> str:
    return f"/unsubscribe/{unsubscribe_token(site.bot.settings)(address, 'weekly')}"


# From the form to the list


def test_reader_signs_up_confirms_and_gets_the_list(site: SignUpSite) -> None:
    reply = site.sign_up(form="web", audience=["founders", "investors"], language="zh", day="4", hour="18")
    mail = site.relay.next_mail()
    link = site.link(mail)
    assert (reply.status, reply.headers["location"]) == (303, "/subscribe/done?lang=en")
    assert site.state() is SubscriptionState.PENDING
    assert "点击一下" in site.get(link).text

    confirmed = site.post(link)

    kept = site.subscription()
    assert (confirmed.status, confirmed.headers["location"]) == (303, link)
    assert (kept.state, kept.audiences, kept.language) == (SubscriptionState.ACTIVE, ["founders", "investors"], "zh")
    assert (kept.day, kept.hour, kept.timezone) == (4, 18, "Asia/Tokyo")
    assert kept.consent_text.startswith("I want to get “Weekly <News>” by email.")


def test_confirmation_mail_is_no_newsletter(site: SignUpSite) -> None:
    site.sign_up("Ann+News@Bücher.example")

    mail: EmailMessage = site.relay.next_mail()

    assert (mail["To"], mail["From"]) == ("Ann+News@xn--bcher-kva.example", "news@recap.example")
    assert (mail["Auto-Submitted"], mail["Content-Language"]) == ("auto-generated", "en")
    assert [name for name in mail.keys() if name.startswith("List-")] == []  # noqa: SIM118  # headers, not a mapping
    assert "Precedence" not in mail
    html = mail.get_body(("html",))
    assert html is not None
    assert "%%" not in html.get_content()
    assert "Weekly &lt;News&gt;" in html.get_content()


def test_own_consent_is_shown_and_kept(site: SignUpSite) -> None:
    page = site.get("/subscribe?list=zh", accept_language="zh").text
    site.sign_up(list="zh")

    assert "我同意。" in page
    assert site.subscription().consent_text == "我同意。"


def test_form_offers_what_the_list_is_written_for(site: SignUpSite) -> None:
    assert re.findall(r'name="audience" value="([^"]+)"', site.get("/subscribe?list=zh").text) == [
        "founders",
        "engineers",
    ]
    page = site.get("/subscribe?list=weekly").text
    assert len(re.findall(r'name="audience"', page)) == len(site.bot.settings.audiences)
    assert "<option selected>Asia/Tokyo</option>" in page


def test_lists_that_are_open_are_shown(site: SignUpSite) -> None:
    page = site.get("/subscribe").text

    assert "Weekly &lt;News&gt;" in page
    assert re.findall(r'href="\?list=(\w+)', page) == ["weekly", "zh"]
    assert [site.get(f"/subscribe?list={name}").status for name in ("weekly", "team", "none")] == [200, 404, 404]


def test_every_page_links_the_form(site: SignUpSite) -> None:
    assert site.get("/").text.count('href="/subscribe"') == 2


# What is refused


@pytest.mark.parametrize(
    "address",
    [
        "", "ann", "ann@", "ann@localhost", "a,b@reader.example", "ann@reader.example\r\nBcc: x@y.example",
        "ann@reader.example, ben@reader.example", "<ann@reader.example>", "a" * 65 + "@reader.example",
        "ann@" + "r" * 250 + ".example", "ann@[127.0.0.1]", "ånn@reader.example", "ann@reader..example",
    ],
)  # fmt: skip
def test_bad_address_is_told_at_its_field(site: SignUpSite, address: str) -> None:
    reply = site.sign_up(address)

    tags = Page(reply.text).tags
    field = next(given for tag, given in tags if given.get("name") == "address")
    described = {given.get("id") for tag, given in tags if tag == "p"}
    assert reply.status == 422
    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] in described
    assert site.bot.store.load_due_notices(now=site.clock.at) == []


def test_what_was_typed_stays_typed_and_is_text(site: SignUpSite) -> None:
    reply = site.sign_up('"><script>alert(1)</script>', form="web", audience="founders", hour="23")

    assert "&lt;script&gt;" in reply.text
    assert "<script>" not in reply.text
    assert '<option value="23" selected>' in reply.text
    assert reply.text.count(" checked") == 1


@pytest.mark.parametrize(("fields", "field"), [({"form": "web"}, "audiences"), ({"timezone": "Mars/Base"}, "timezone")])
def test_choices_that_nobody_offers_are_told(site: SignUpSite, fields: dict[str, str], field: str) -> None:
    reply = site.sign_up(**fields)

    assert reply.status == 422
    assert f'href="#{field}"' in reply.text
    assert f'id="{field}"' in reply.text


@pytest.mark.parametrize("fields", [{"day": "9"}, {"hour": "-1"}, {"density": "x"}, {"language": "xx"}, {"day": "1e3"}])
def test_odd_values_count_as_the_usual_ones(site: SignUpSite, fields: dict[str, str]) -> None:
    assert site.sign_up(**fields).status == 303

    kept = site.subscription()
    assert (kept.day, kept.hour, kept.density, kept.language) == (1, 7, "full", "en")


def test_program_that_fills_every_field_signs_nobody_up(site: SignUpSite) -> None:
    reply = site.sign_up(website="https://spam.example")

    assert (reply.status, reply.headers["location"]) == (303, "/subscribe/done?lang=en")
    assert site.bot.store.load_subscriber_at(ANN) is None


def test_visitor_who_signs_up_too_often_waits(site: SignUpSite) -> None:
    statuses = [site.sign_up(f"reader{number}@reader.example").status for number in range(SIGN_UPS_AN_HOUR + 1)]

    assert statuses == [303] * SIGN_UPS_AN_HOUR + [429]
    assert int(site.sign_up().headers["retry-after"]) in range(3500, 3602)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "", "origin": "https://evil.example"}, 403),
        ({"sec_fetch_site": "", "origin": "null"}, 403),
        ({"sec_fetch_site": "", "origin": "http://[::1"}, 403),
        ({"sec_fetch_site": "", "origin": "OWN"}, 303),
        ({"sec_fetch_site": "same-origin", "origin": "null"}, 303),
        ({"sec_fetch_site": "cross-site", "origin": "https://blog.example"}, 303),
    ],
)
def test_form_of_another_site_is_refused(tmp_path: Path, headers: dict[str, str], status: int) -> None:
    with sites.running(tmp_path, recap=f"{RECAP}embed_on: [https://blog.example]\n") as site:
        own = {name: value.replace("OWN", site.visitor.url) for name, value in headers.items()}
        assert site.post("/subscribe", {"list": "weekly", "address": ANN}, **own).status == status


def test_body_without_end_is_refused(site: SignUpSite) -> None:
    assert site.post("/subscribe", {"address": "a" * 40_000}).status == 413
    assert site.post("/subscribe", {"audience": ["x"] * 400}).status == 413


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"a=%00&list=weekly%00&address=%ff", b"{}", b"=&=&&=", b"%" * 900])
def test_odd_bodies_never_break_the_server(site: SignUpSite, body: bytes) -> None:
    for target in ("/subscribe", "/preferences", "/preferences/x", "/confirm/x", "/unsubscribe/x"):
        for content_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "text/plain", ""):
            reply = site.visitor.ask("POST", target, body, content_type=content_type)
            assert reply.status in (404, 413, 422)


# Who is subscribed is nobody's business


@pytest.mark.parametrize("target", ["/subscribe", "/preferences"])
def test_answer_is_the_same_whoever_reads_there(site: SignUpSite, target: str) -> None:
    subscribed(site, "active@reader.example")
    site.sign_up("pending@reader.example")
    subscribed(site, "ended@reader.example")
    site.visitor.ask("POST", leaving(site, "ended@reader.example"))
    hashed = address_hash("bounced@reader.example")
    site.bot.store.save_suppression(
        Suppression(address_hash=hashed, list_id="*", reason="bounced", created_at=site.clock.at)
    )
    who = ("active", "pending", "ended", "bounced", "new")

    replies = [site.post(target, {"list": "weekly", "address": f"{name}@reader.example"}) for name in who]

    assert {reply.status for reply in replies} == {303}
    assert len({(reply.headers["location"], reply.body, tuple(reply.headers)) for reply in replies}) == 1


# Scanners


def test_scanner_that_opens_every_link_changes_nothing(site: SignUpSite) -> None:
    site.sign_up()
    confirm = site.link(site.relay.next_mail())
    before = site.subscription()
    own = f"/preferences/{preferences_token(site.bot.settings)(ANN, site.clock.at)}"

    for path in (confirm, own, f"{own}/data.json", f"{own}?action=erase&sure=yes", leaving(site), "/subscribe"):
        for method in ("GET", "HEAD"):
            reply = site.visitor.ask(method, path, purpose="prefetch", sec_purpose="prefetch;prerender")
            assert reply.status == 200

    assert site.subscription() == before
    assert not site.is_suppressed()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(site: SignUpSite, method: str) -> None:
    for path in ("/subscribe", "/confirm/x", "/preferences/x", "/unsubscribe/x"):
        assert site.visitor.ask(method, path).status == 405


def test_pages_with_a_token_are_kept_by_nobody(site: SignUpSite) -> None:
    own = subscribed(site)

    for path in (own, f"{own}/data.json", leaving(site), "/confirm/forged", "/preferences/forged"):
        headers = site.get(path).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize("path", ["/confirm/", "/preferences/"])
def test_forged_and_old_tokens_lead_nowhere(site: SignUpSite, path: str) -> None:
    site.sign_up()
    link = site.link(site.relay.next_mail()).split("?")[0]
    for token in ("x", link.rsplit("/", 1)[1][:-1], "%00", "a" * 5000):
        for reply in (site.get(path + token), site.post(path + token, {"action": "erase", "sure": "yes"})):
            assert reply.status == 404
    site.clock.at += timedelta(hours=73)

    assert site.post(link).status == 404
    assert site.state() is SubscriptionState.PENDING


# Preferences


def test_reader_changes_pauses_and_goes_on(site: SignUpSite) -> None:
    own = subscribed(site)
    choices = {
        "audience": "founders",
        "day": 6,
        "hour": 20,
        "timezone": "Europe/Berlin",
        "mutes": "crypto\r\n\r\n NFT s ",
    }

    saved = site.post(own, {"list": "weekly", "form": "preferences", "action": "save", **choices})
    kept = site.subscription()
    paused = site.post(own, {"list": "weekly", "action": "pause", "until": "2026-12-24"})

    assert (saved.status, saved.headers["location"]) == (303, f"{own}?done=save&lang=en")
    assert (kept.audiences, kept.day, kept.hour, kept.mutes) == (["founders"], 6, 20, ["crypto", "NFT s"])
    assert "Your choices are kept." in site.get(saved.headers["location"]).text
    assert site.state() is SubscriptionState.PAUSED
    assert "Paused until 24 Dec 2026, 00:00 CET." in re.sub(r"<[^>]+>", "", site.get(paused.headers["location"]).text)
    site.post(own, {"list": "weekly", "action": "resume"})
    assert site.state() is SubscriptionState.ACTIVE


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"action": "save", "form": "preferences"}, "audiences"),
        ({"action": "save", "mutes": "x" * 61}, "mutes"),
        ({"action": "save", "timezone": "Mars/Base"}, "timezone"),
        ({"action": "pause", "until": "soon"}, "until"),
        ({"action": "pause", "until": "2020-01-01"}, "until"),
    ],
)
def test_bad_preferences_are_told_at_their_field(site: SignUpSite, fields: dict[str, object], field: str) -> None:
    own = subscribed(site)
    before = site.subscription()

    reply = site.post(own, {"list": "weekly"} | fields)

    assert reply.status == 422
    assert f'id="l1-{field}-problem"' in reply.text
    assert f'aria-describedby="l1-{field}-problem' in reply.text
    assert site.subscription() == before


def test_reader_leaves_with_a_reason(site: SignUpSite) -> None:
    own = subscribed(site)

    site.post(own, {"list": "weekly", "action": "leave", "reason": "Too long"})

    assert (site.state(), site.subscription().left_reason) == (SubscriptionState.ENDED, "Too long")
    assert site.is_suppressed()
    assert "You have left this list." in site.get(own).text


def test_reader_takes_and_erases_their_data(site: SignUpSite) -> None:
    own = subscribed(site)
    held = site.get(f"{own}/data.json")
    unsure = site.post(own, {"action": "erase"})

    erased = site.post(own, {"action": "erase", "sure": "yes"})

    assert json.loads(held.text)["subscriber"]["address"] == ANN
    assert "attachment" in held.headers["content-disposition"]
    assert (unsure.status, erased.status) == (422, 303)
    assert site.bot.store.load_subscriber(subscriber_id(ANN)) is None
    assert site.get(own).status == 404


def test_link_asked_for_opens_the_preferences(site: SignUpSite) -> None:
    subscribed(site)
    site.clock.at += timedelta(hours=2)

    site.post("/preferences", {"address": ANN})

    assert ANN in site.get(site.link(site.relay.next_mail())).text


def test_preferences_that_another_site_sends_are_refused(site: SignUpSite) -> None:
    own = subscribed(site)

    for headers in ({"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "", "origin": "https://evil.example"}):
        assert site.post(own, {"list": "weekly", "action": "leave"}, **headers).status == 403

    assert site.state() is SubscriptionState.ACTIVE


# Leaving by one click


def test_one_click_ends_the_subscription_without_origin_or_redirect(site: SignUpSite) -> None:
    subscribed(site)

    body = b"List-Unsubscribe=One-Click"
    reply = site.visitor.ask("POST", leaving(site), body, content_type="application/x-www-form-urlencoded")
    told = site.post(leaving(site), {"reason": "Too often"}, sec_fetch_site="", origin="null")

    assert (reply.status, told.status) == (200, 200)
    assert (site.state(), site.subscription().left_reason) == (SubscriptionState.ENDED, "Too often")
    assert site.is_suppressed()
    assert "Thank you for telling us why." in told.text


# In a frame, and where it is not set up


def test_frame_is_for_the_sites_of_the_setting_only(tmp_path: Path) -> None:
    with sites.running(tmp_path, recap=f"{RECAP}embed_on: [https://blog.example]\n") as site:
        framed = site.get("/subscribe/embed?list=weekly")
        done = site.sign_up(form="embed", audience="founders")
        whole = site.get("/subscribe?list=weekly")

        assert "frame-ancestors 'self' https://blog.example" in framed.headers["content-security-policy"]
        assert done.headers["location"] == "/subscribe/embed/done?lang=en"
        assert site.subscription().consent_form == "embed"
        assert "frame-ancestors 'none'" in whole.headers["content-security-policy"]


@pytest.mark.parametrize(("name", "value"), [("RECAP_SECRET_KEY", ""), ("RECAP_BASE_URL", "")])
def test_sign_up_that_is_not_set_up_says_so(tmp_path: Path, name: str, value: str) -> None:
    relay = {"RECAP_SMTP_URL": ""} if name == "RECAP_SECRET_KEY" else {}
    with sites.running(tmp_path, **{name: value}, **relay) as site:
        page, sent = site.get("/subscribe"), site.sign_up()

        assert (page.status, sent.status) == (404, 404)
        assert "Sign-up is not set up here" in page.text
        assert 'href="/subscribe"' not in site.get("/").text
        assert site.bot.people.missing() == name


@pytest.mark.parametrize(
    "path",
    ["/subscribe", "/subscribe?list=weekly", "/subscribe/done", "/subscribe/embed?list=zh", "/preferences", "OWN"],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_field_has_its_label(site: SignUpSite, path: str, language: str) -> None:
    target = path.replace("OWN", subscribed(site)) if path == "OWN" else path
    html = site.get(target, accept_language=language).text

    tags = Page(html).tags
    ids = [given["id"] for _, given in tags if "id" in given]
    labels = {given["for"] for tag, given in tags if tag == "label" and "for" in given}
    fields = [given for tag, given in tags if tag in ("input", "select", "textarea") and given.get("type") != "hidden"]
    assert len(ids) == len(set(ids))
    assert [tag for tag, _ in tags].count("h1") == 1
    assert all(given.get("id") in labels or given.get("type") == "checkbox" or "tabindex" in given for given in fields)
    assert all(given["autocomplete"] == "email" for given in fields if given.get("type") == "email")
