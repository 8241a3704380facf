"""The real week with the pages of its articles beside the feeds: what stands behind a card, and what is on it."""

import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from zlib import crc32

import pytest

from bot.adapters.storage.store import SqlStore
from bot.model.digest import Card
from tests.e2e.test_real_week import RECAP, ROUTES, SERIES, moment, polls, present
from tests.fakes import feed_server, page_server
from tests.fakes.command import Operator, an_operator
from tests.fakes.feed_server import FeedServer

LANGUAGES = {"techcrunch": "en", "tweakers": "nl", "wired": "en"}


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server.serving(["127.0.0.2", "127.0.0.3", "127.0.0.4"]) as serving:
        yield serving


def a_reader(home: Path, server: FeedServer) -> Operator:
    sources = "sources:\n" + "".join(
        f"  - {{slug: {slug}, name: {slug}, language: {language}, url: '{server.url(f'/{slug}.xml', nth=nth)}'}}\n"
        for nth, (slug, language) in enumerate(LANGUAGES.items())
    )
    return an_operator(home, recap=RECAP, sources=sources, routes=ROUTES, RECAP_ALLOW_HOSTS=server.allow_hosts)


def read_the_week(operator: Operator, server: FeedServer) -> None:
    for poll in polls():
        for nth, (slug, language) in enumerate(LANGUAGES.items()):
            feed = (SERIES / slug / f"{poll}.xml").read_bytes()
            feed = page_server.with_pages(feed, server, nth=nth, language=language)
            server.documents[f"/{slug}.xml"] = (feed, "application/rss+xml")
        operator.recap("collect", "--now", moment(poll))
    for path in [path for path in server.documents if crc32(path.encode()) % 4 == 0 and not path.endswith(".xml")]:
        del server.documents[path]  # one page of four is gone
    answer = operator.recap("run", "--now", "2025-03-10T09:00Z")
    assert answer.status == 0, answer.err


def shown(home: Path) -> list[tuple[Card, list[str]]]:
    """Return the cards of the digest, each with the texts of its event's articles."""
    store = SqlStore(f"sqlite:///{home / 'recap.db'}")
    cards = [card for digest in store.load_digests("2025-W10") for card in digest.cards]
    told = {dossier.event.id: dossier for dossier in store.load_dossiers_by_id([card.event_id for card in cards])}
    store.close()
    return [(card, [article.text for article in told[card.event_id].articles]) for card in cards]


def lines_of(card: Card) -> list[str]:
    single = (card.hook, card.what_changed, card.why_it_matters)
    return [line.text for line in (*single, *card.takeaways, *card.implications, *card.timeline) if line]


def words(texts: list[str]) -> int:
    return sum(len(re.findall(r"\w+", text)) for text in texts)


def test_cards_of_the_real_week_stand_on_full_texts_and_show_no_boilerplate(server: FeedServer, tmp_path: Path) -> None:
    if not present(SERIES):
        return
    operator = a_reader(tmp_path, server)
    read_the_week(operator, server)

    cards = shown(tmp_path)

    assert len(cards) >= 5
    assert median(words(texts) for _, texts in cards) >= 300
    lines = [line for card, _ in cards for line in lines_of(card)]
    assert [line for line in lines if any(noise in line for noise in page_server.BOILERPLATE)] == []
    assert len(lines) >= 5 * len(cards)
    for card, texts in cards:
        assert len(lines_of(card)) == len(set(lines_of(card)))
        sentences = sum(len(re.findall(r"[.!?](?:\s|$)", text)) for text in texts)
        assert len(lines_of(card)) <= sentences, card.title
