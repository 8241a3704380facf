"""The links of a mail, followed: preferences, feedback, the page of the digest; looking changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from bot.entrypoints.web.app import create_app
from bot.model.feedback import Vote
from tests.fakes import mail_office
from tests.fakes.invented_week import MEMBER
from tests.fakes.mail_office import SLOT, Office
from tests.fakes.web_server import Reply, Visitor, listening, serving

ADA = "ada@reader.example"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Reader:
    """Ada, her mail and the site."""

    office: Office
    visitor: Visitor

    def links(self, address: str = ADA) -> list[str]:
        html = self.office.parts(address)[1]
        return [unescape(link) for link in re.findall(r'href="([^"]+)"', html)]

    def feedback(self) -> str:
        return next(link for link in self.links() if "/feedback/" in link)

    def get(self, link: str) -> Reply:
        return self.visitor.get(local(link))

    def vote(self, link: str, **fields: str) -> Reply:
        sent = {"event": parse_qs(urlsplit(link).query)["event"][0]} | fields
        return self.visitor.ask("POST", urlsplit(link).path, urlencode(sent).encode(), content_type=FORM)


def local(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with mail_office.opened(tmp_path) as office, listening() as held:
        office.joins(ADA, density="compact")
        office.plan()
        office.bot.send(now=lambda: SLOT)
        with serving(create_app(office.bot), held) as visitor:
            yield Reader(office, visitor)


def test_mail_holds_nothing_that_was_left_open(reader: Reader) -> None:
    for address in (ADA, MEMBER):
        assert all("%%" not in part for part in reader.office.parts(address))


def test_subscriber_reads_since_when_and_member_that_they_are_one(reader: Reader) -> None:
    ada, member = (" ".join(reader.office.parts(address)[0].split()) for address in (ADA, MEMBER))

    assert "You get this because you subscribed to “Team” on 2026-11-02." in ada
    assert "You get this because you are on the list “Team”." in member
    assert "/preferences/" in ada
    assert "/preferences/" not in member


def test_every_link_to_us_leads_to_a_page(reader: Reader) -> None:
    ours = [link for link in reader.links() if link.startswith(reader.office.bot.settings.base_url)]

    answers = {local(link): reader.get(link).status for link in ours}

    assert len(answers) > 10
    assert {path: status for path, status in answers.items() if status != 200 and "/preferences/" not in path} == {}


def test_page_of_the_digest_shows_what_the_mail_shows(reader: Reader) -> None:
    link = next(link for link in reader.links() if "/d/" in link)

    page = reader.get(link)

    assert page.headers["x-robots-tag"] == "noindex"
    assert all(title in page.text for title in reader.office.titles(ADA))
    assert reader.visitor.get("/d/" + "0" * 32).status == 404


def test_looking_at_every_link_votes_for_nobody(reader: Reader) -> None:
    for link in reader.links():
        if link.startswith("http"):
            reader.get(link)
            reader.visitor.ask("HEAD", local(link))

    assert reader.office.bot.store.load_votes(since=mail_office.JOINED) == []


def test_vote_counts_once_and_the_last_one_stands(reader: Reader) -> None:
    link = reader.feedback()

    first, second = reader.vote(link, vote="useful"), reader.vote(link, vote="wrong", note="Old news.")

    assert (first.status, second.status) == (303, 303)
    (vote,) = reader.office.bot.store.load_votes(since=mail_office.JOINED)
    assert (vote.vote, vote.note) == (Vote.WRONG, "Old news.")
    assert reader.get(second.headers["location"]).status == 200


@pytest.mark.parametrize("sent", [{"vote": "great"}, {"event": "nonsense"}, {"event": "../etc", "vote": "useful"}, {}])
def test_vote_that_makes_no_sense_is_refused(reader: Reader, sent: dict[str, str]) -> None:
    assert reader.vote(reader.feedback(), **sent).status == 404


def test_forged_link_votes_for_nobody(reader: Reader) -> None:
    link = reader.feedback().replace("/feedback/", "/feedback/x")

    assert reader.vote(link, vote="useful").status == 404
    assert reader.office.bot.store.load_votes(since=mail_office.JOINED) == []


def test_another_site_cannot_vote_for_a_reader(reader: Reader) -> None:
    link = reader.feedback()
    body = urlencode({"event": parse_qs(urlsplit(link).query)["event"][0], "vote": "useful"}).encode()

    answer = reader.visitor.ask(
        "POST", urlsplit(link).path, body, content_type=FORM, origin="https://evil.example", sec_fetch_site="cross-site"
    )

    assert answer.status == 403
