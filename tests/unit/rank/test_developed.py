from datetime import datetime, timedelta

from bot.model.article import Article
from bot.model.event import Dossier
from bot.rank import developed
from bot.rank.developed import Development
from tests.builders import MONDAY, a_dossier, an_article

BEGAN = MONDAY + timedelta(hours=12)
"""When the reader began to follow."""
LATER = BEGAN + timedelta(days=2)


def told(title: str, *, by: str, hours: float, text: str = "", late: float = 0) -> Article:
    at = MONDAY + timedelta(hours=hours)
    return an_article(title, source=by, text=text, published_at=at, collected_at=at + timedelta(hours=late))


def news(*thread: Dossier, until: datetime = LATER) -> Development | None:
    return developed.since(thread, BEGAN, until=until, owner_of=lambda article: article.publisher)


FIRST = told("Corvid ships its model", by="halden", hours=0)


def test_what_was_there_when_they_began_is_no_development() -> None:
    assert news(a_dossier(FIRST, told("Corvid ships", by="lark", hours=11))) is None


def test_publisher_that_told_none_before_is_a_development() -> None:
    second = told("Corvid is out", by="lark", hours=20)

    found = news(a_dossier(FIRST, second))

    assert found == Development((), (second,))


def test_same_publisher_that_writes_on_is_none() -> None:
    assert news(a_dossier(FIRST, told("Corvid, again", by="halden", hours=20))) is None


def test_copy_of_what_was_known_is_none() -> None:
    wire = told("Corvid ships", by="halden", hours=0, text="The model ships today, the company says. " * 5)
    copy = told("Corvid ships", by="lark", hours=20, text="The model ships today, the company says. " * 5)

    assert news(a_dossier(wire, copy)) is None


def test_new_event_of_the_thread_is_a_development_whoever_tells_it() -> None:
    sequel = a_dossier(told("Corvid withdraws its model", by="halden", hours=30))

    found = news(a_dossier(FIRST), sequel)

    assert found == Development((sequel,), sequel.articles)


def test_old_article_of_a_source_added_since_is_none() -> None:
    backlog = told("Corvid is out", by="lark", hours=-20, late=40)

    assert news(a_dossier(FIRST, backlog)) is None


def test_what_comes_after_the_moment_is_not_looked_at() -> None:
    second = told("Corvid is out", by="lark", hours=20)

    assert news(a_dossier(FIRST, second), until=MONDAY + timedelta(hours=19)) is None
