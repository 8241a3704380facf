"""A correction reaches the readers of every segment: on the web, in mails that have not gone, and in the next one."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from bot.workflows import correct_recap, show_pages
from bot.workflows.correct_recap import Corrected, Correction
from bot.workflows.pool import Desk
from bot.workflows.review_recap import Editor
from tests.fakes import mail_office
from tests.fakes.invented_week import EVENTS, MEMBER
from tests.fakes.mail_office import SLOT, Office
from tests.fakes.paper import Paper, in_week, opened

ADA, BO = "ada@reader.example", "bo@reader.example"
TITLE = EVENTS[1][2]
HOUR = timedelta(hours=1)
NOTE = "It is 60 million, not <80>."
SAID = "It is 60 million, not &lt;80&gt;."


def correct(desk: Desk, days: int = 0) -> Corrected:
    (event,) = [each.event.id for each in desk.store.load_dossiers() if each.event.title == TITLE]
    editor = Editor("mira", SLOT + timedelta(days=days))
    [done] = correct_recap.correct(event, Correction(NOTE), editor, desk=desk)
    return done


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with mail_office.opened(tmp_path) as opened:
        yield opened


def test_mails_that_have_not_gone_carry_the_correction_whatever_their_segment(office: Office) -> None:
    office.joins(ADA, density="compact")
    office.joins(BO, audiences=["investors"])
    office.plan()

    done = correct(office.bot.desk)
    office.bot.send(now=lambda: SLOT)

    assert (done.segments, done.unsent, done.mails) == (2, 3, 0)
    for reader in (ADA, BO, MEMBER):
        plain, rich = office.parts(reader)
        assert NOTE in plain
        assert SAID in rich


def test_page_of_a_segments_digest_says_so(office: Office) -> None:
    office.joins(ADA, audiences=["investors"])
    office.plan()
    correct(office.bot.desk)

    digest = office.bot.store.load_digest(office.mails()[ADA].subject)

    assert digest is not None
    [card] = show_pages.of_digest(digest).cards
    assert [each.text for each in card.corrections] == [NOTE]


def test_segment_that_comes_later_is_told_what_was_corrected_before(office: Office) -> None:
    office.joins(ADA, audiences=["investors"])
    office.plan()
    correct(office.bot.desk)
    office.joins(BO, audiences=["investors"], density="compact", language="zh")
    office.plan()

    office.bot.send(now=lambda: SLOT)

    assert SAID in office.parts(BO)[1]


def test_same_correction_again_changes_no_segment(office: Office) -> None:
    office.joins(ADA, density="compact")
    office.plan()
    correct(office.bot.desk)

    again = correct(office.bot.desk, days=1)

    assert (again.is_new, again.segments) == (False, 1)
    acts = office.bot.store.load_review_acts(office.mails()[ADA].subject)
    assert [act.act for act in acts] == ["correct"]


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[Paper]:
    routed = "routes:\n  - {id: all, audiences: [policy], destinations: [{email: team}], min_events: 1}\n"
    with ExitStack() as stack:
        yield opened(stack, tmp_path, routed=routed)


def corrections(desk: Paper, address: str, week: int) -> list[tuple[str, str]]:
    digest = desk.digest_for(address, week)
    return [(link.title, link.note) for link in digest.corrections] if digest else []


def test_next_digest_tells_those_whose_mail_had_gone_once(paper: Paper) -> None:
    paper.joins(ADA, audiences=["investors"])
    paper.joins(BO, audiences=["data"])
    paper.edition(47)
    paper.digest_for(ADA, 47)
    paper.bot.send(now=lambda: SLOT + timedelta(days=1))
    correct(paper.bot.desk, days=2)
    for week in (48, 49):
        paper.publish("Startup Avorno raises a seed round", "Investors paid.", at=in_week(week))
        paper.publish("Data centre of Halden doubles its database", "Rows.", at=in_week(week) + HOUR)
        paper.edition(week)

    assert corrections(paper, ADA, 48) == [(TITLE, NOTE)]
    assert corrections(paper, ADA, 49) == []
    assert corrections(paper, BO, 48) == []
    [own] = paper.bot.store.load_digests("2026-W48")
    assert own.corrections == []


def test_correction_of_what_had_not_gone_is_no_news_next_week(paper: Paper) -> None:
    paper.joins(ADA, audiences=["investors"])
    paper.edition(47)
    correct(paper.bot.desk)
    paper.publish("Startup Avorno raises a seed round", "Investors paid.", at=in_week(48))
    paper.edition(48)

    assert corrections(paper, ADA, 48) == []


def test_digest_made_long_after_its_recap_tells_what_was_corrected_meanwhile(paper: Paper) -> None:
    paper.joins(ADA, audiences=["investors"])
    paper.edition(47)
    paper.digest_for(ADA, 47)
    paper.bot.send(now=lambda: SLOT + timedelta(days=1))
    paper.joins(ADA, audiences=["investors"], state="paused")
    paper.publish("Startup Avorno raises a seed round", "Investors paid.", at=in_week(48))
    paper.edition(48)
    correct(paper.bot.desk, days=7)
    paper.joins(ADA, audiences=["investors"])

    assert corrections(paper, ADA, 48) == [(TITLE, NOTE)]
