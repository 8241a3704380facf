import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from bot.model.errors import NotAllowed
from bot.model.subscriber import Bounce, BounceKind, subscriber_id
from bot.wiring.office import Office as Lists
from bot.wiring.sign_in import SignIn
from tests.builders import NOW
from tests.contract.builders import a_subscriber, a_subscription
from tests.fakes.office import Office, open_office
from tests.fakes.web_server import Reply

ANN = "ann@reader.example"


class Operator:
    """Somebody with a browser, and the links that the server prints."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.cookie = ""

    def link(self) -> str:
        bot = self.office.bot
        return urlsplit(SignIn(bot.store, bot.settings).link(now=self.office.clock.now())).path

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None, **headers: str) -> Reply:
        own = {"cookie": self.cookie} if self.cookie else {}
        own |= {"content_type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        body = urlencode(fields or {}).encode() if method == "POST" else None
        return self.office.visitor.ask(method, path, body, **(own | headers))

    def sign_in(self) -> Reply:
        reply = self.ask("POST", self.link())
        self.cookie = reply.headers.get("set-cookie", "").split(";")[0]
        return reply

    def act(self, **fields: str) -> Reply:
        return self.ask("POST", "/admin", {"address": ANN} | fields)


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    with open_office(tmp_path) as office:
        person = a_subscriber(ANN, id=subscriber_id(ANN))
        office.bot.store.save_subscriber(person, a_subscription(person, consented_at=NOW, consent_form="web"))
        yield Operator(office)


def test_link_signs_in_once_and_looking_at_it_uses_nothing_up(operator: Operator) -> None:
    link = operator.link()
    looks = [operator.ask(method, link).status for method in ("GET", "HEAD", "GET")]

    first, second = operator.ask("POST", link), operator.ask("POST", link)

    assert looks == [200, 200, 200]
    assert (first.status, first.headers["location"], second.status) == (303, "/admin", 404)
    assert re.search(r"recap-admin=\S+; HttpOnly; Max-Age=28800; Path=/; SameSite=strict$", first.headers["set-cookie"])
    assert "set-cookie" not in second.headers


def test_cookie_is_bound_to_its_host_over_https(tmp_path: Path) -> None:
    with open_office(tmp_path, RECAP_BASE_URL="https://recap.example") as office:
        reply = Operator(office).sign_in()

    assert reply.headers["set-cookie"].startswith("__Host-recap-admin=")
    assert reply.headers["set-cookie"].endswith("; Secure")


def test_nobody_gets_in_without_a_cookie_of_ours(operator: Operator) -> None:
    token = operator.link().rpartition("/")[2]
    operator.sign_in()
    real = operator.cookie

    for forged in ("", "recap-admin=x", f"recap-admin={token}", real[:-2]):
        operator.cookie = forged
        replies = [operator.ask("GET", "/admin"), operator.act(action="suppress")]
        assert [reply.status for reply in replies] == [403, 403]
        assert ANN not in replies[1].text

    assert operator.office.bot.store.load_suppressions() == []


@pytest.mark.parametrize("change", ["older", "forged", "of another purpose"])
def test_link_that_is_none_leads_nowhere(operator: Operator, change: str) -> None:
    link = operator.link()
    if change == "older":
        operator.office.clock.since = timedelta(minutes=16)
    elif change == "forged":
        link = link[:-3] + "abc"
    else:
        link = "/admin/sign-in/" + operator.sign_in().headers["set-cookie"].split(";")[0].partition("=")[2]

    assert [operator.ask(method, link).status for method in ("GET", "POST")] == [404, 404]


def test_session_ends_with_the_working_day(operator: Operator) -> None:
    operator.sign_in()

    operator.office.clock.since = timedelta(hours=7)
    assert operator.ask("GET", "/admin").status == 200
    operator.office.clock.since = timedelta(hours=9)
    assert operator.ask("GET", "/admin").status == 403


def test_who_signs_out_is_out_also_with_a_copy_of_the_cookie(operator: Operator) -> None:
    operator.sign_in()
    signed_out = operator.cookie
    operator.sign_in()
    other = operator.cookie

    operator.cookie = signed_out
    reply = operator.ask("POST", "/admin/sign-out")

    assert (reply.status, reply.headers["location"]) == (303, "/")
    assert operator.ask("GET", "/admin").status == 403
    operator.cookie = other
    assert operator.ask("GET", "/admin").status == 200


def test_signing_out_without_a_session_does_nothing(operator: Operator) -> None:
    operator.cookie = "recap-admin=forged"

    assert operator.ask("POST", "/admin/sign-out").status == 303


def test_page_shows_how_the_lists_stand_and_may_not_be_kept(operator: Operator) -> None:
    operator.sign_in()

    reply = operator.ask("GET", "/admin")

    assert '<th scope="row">weekly</th><td>1</td><td>0</td><td>0</td><td>0</td>' in reply.text
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-robots-tag"] == "noindex"
    assert ANN not in reply.text


def test_person_is_looked_up_by_address_and_suppressed(operator: Operator) -> None:
    operator.sign_in()

    assert "· web" in operator.act().text
    assert operator.act(action="suppress").status == 200
    assert operator.office.bot.store.is_suppressed(ANN, list_id="daily")
    assert operator.act(action="unsuppress").status == 200
    assert operator.office.bot.store.load_suppressions() == []


def test_readers_own_word_stands_here_too(operator: Operator) -> None:
    operator.sign_in()
    Lists(operator.office.bot).suppress(ANN, list_id=None, reason="complaint", now=NOW)

    reply = operator.act(action="unsuppress")

    assert reply.status == 422
    assert "only they can come back" in reply.text
    assert operator.office.bot.store.is_suppressed(ANN, list_id="weekly")


def test_person_is_erased_only_for_sure(operator: Operator) -> None:
    operator.sign_in()

    assert operator.act(action="erase").status == 422
    assert operator.office.bot.store.load_subscriber_at(ANN) is not None
    assert "Forgotten." in operator.act(action="erase", sure="yes").text
    assert operator.office.bot.store.load_subscriber_at(ANN) is None


@pytest.mark.parametrize("address", ["nobody@reader.example", "<script>alert(1)</script>", "x" * 5000])
def test_unknown_address_is_said_and_shown_as_text(operator: Operator, address: str) -> None:
    operator.sign_in()

    reply = operator.act(address=address)

    assert reply.status == 422
    assert "Nothing is known of that address." in reply.text
    assert "<script>alert" not in reply.text


@pytest.mark.parametrize("headers", [{"origin": "https://evil.example"}, {"sec_fetch_site": "cross-site"}])
def test_other_sites_cannot_act(operator: Operator, headers: dict[str, str]) -> None:
    operator.sign_in()

    assert operator.ask("POST", "/admin", {"address": ANN, "action": "suppress"}, **headers).status == 403
    assert operator.office.bot.store.load_suppressions() == []


def test_page_speaks_chinese(operator: Operator) -> None:
    operator.sign_in()

    assert "列表与读者" in operator.ask("GET", "/admin?lang=zh").text


def test_link_needs_a_key_that_both_processes_have(tmp_path: Path) -> None:
    with open_office(tmp_path, RECAP_SECRET_KEY="") as office, pytest.raises(NotAllowed, match="RECAP_SECRET_KEY"):
        Operator(office).link()


def test_complaints_are_marked_where_providers_lose_patience(operator: Operator) -> None:
    store = operator.office.bot.store
    for number in range(500):
        operator.office.sent(f"d{number}", recipient=f"r{number}@reader.example", state="sent", settled_at=NOW)
    operator.sign_in()
    assert "far too many" not in operator.ask("GET", "/admin").text

    for name in ("a", "b"):
        bounce = Bounce(id=name, address_hash=name, list_id="weekly", kind=BounceKind.COMPLAINT, bounced_at=NOW)
        store.save_bounce(bounce)

    assert "2 (0.40 %) ⚠️ far too many" in operator.ask("GET", "/admin").text
