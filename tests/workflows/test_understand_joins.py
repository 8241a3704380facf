from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.adapters.embedder import LexicalEmbedder
from bot.adapters.storage.store import SqlStore
from bot.model.article import Article, Decision
from bot.model.audience import Audience
from bot.model.policy import ClusterPolicy, EventKind, Playbook
from bot.model.source import SourceState
from bot.ports import Embedder, Vector
from bot.workflows.understand_articles import UnderstandReport, understand
from tests.builders import MONDAY, NOW, an_article
from tests.fakes.stores import url_of

WIRE = an_article(
    "Halcyon Labs releases Corvid-7 with open weights", text="Corvid-7 of Halcyon Labs has 412 billion weights."
)
SECOND = an_article(
    "Halcyon Labs opens Corvid-7",
    source="northgate",
    text="Halcyon Labs opens Corvid-7 and its 412 billion weights.",
    published_at=MONDAY + timedelta(hours=3),
    collected_at=MONDAY + timedelta(hours=4),
)
ENGINEERS = Audience(id="engineers", name="Engineers", keywords={"en": ["open weights"]})
PLAYBOOK = Playbook(kinds=(EventKind("release", "Release", {"en": ("releases",)}),))


class CountingEmbedder:
    """Gives every text a vector of its own and remembers the texts."""

    name = "counting"

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        self.texts += texts
        return [np.eye(8, dtype=np.float32)[len(text) % 8] for text in texts]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        yield store


def collected(store: SqlStore, *articles: Article) -> None:
    for article in articles:
        url = f"https://{article.source}.example/feed.xml"
        state = SourceState(slug=article.source, configured_url=url, url=url)
        store.save_collected(state, [Decision(article, "add", reason="first seen")])


def understood(store: SqlStore, *, embedder: Embedder | None = None, max_vectors: int = 2000) -> UnderstandReport:
    return understand(
        store=store,
        embedder=embedder or LexicalEmbedder(),
        audiences=[ENGINEERS],
        sources=[],
        playbook=PLAYBOOK,
        policy=ClusterPolicy(),
        now=NOW,
        on_progress=lambda _: None,
        max_vectors=max_vectors,
    )


def test_new_articles_become_events_with_kind_and_audiences(store: SqlStore) -> None:
    collected(store, WIRE)

    report = understood(store)

    event = store.load_dossiers()[0].event
    assert (report.joined, report.started, report.events_changed) == (0, 1, 1)
    assert (event.kind, [match.id for match in event.audiences]) == ("release", ["engineers"])


def test_later_article_joins_the_stored_event(store: SqlStore) -> None:
    collected(store, WIRE)
    understood(store)
    collected(store, SECOND)

    report = understood(store)

    assert (report.joined, report.started, report.events_changed) == (1, 0, 1)
    assert [[article.id for article in dossier.articles] for dossier in store.load_dossiers()] == [[WIRE.id, SECOND.id]]


def test_nothing_new_leaves_everything_as_it_is(store: SqlStore) -> None:
    collected(store, WIRE)
    understood(store)

    assert understood(store) == UnderstandReport()


def test_newest_titles_are_embedded_up_to_the_limit_and_the_rest_noted(store: SqlStore) -> None:
    collected(store, WIRE, SECOND)
    embedder = CountingEmbedder()

    report = understood(store, embedder=embedder, max_vectors=1)

    assert embedder.texts == [SECOND.title]
    assert report.notes == ("1 older titles are compared by words alone for now.",)


def test_event_that_continues_an_affair_takes_its_thread(store: SqlStore) -> None:
    talks = an_article(
        "Fennick in talks to buy streaming database maker Osprell",
        text="Fennick wants Osprell of Tallinn, founded by Liis Tammsalu, for $1.7 billion. Osprell has 310 people.",
    )
    deal = an_article(
        "Fennick agrees to buy streaming database maker Osprell",
        text="Fennick of Boston pays $1.9 billion for Osprell of Tallinn. Liis Tammsalu stays with her 310 people.",
        published_at=MONDAY + timedelta(days=9),
        collected_at=MONDAY + timedelta(days=9),
    )
    collected(store, talks)
    understood(store)
    collected(store, deal)

    understood(store)

    first, second = (dossier.event for dossier in store.load_dossiers())
    assert first.id != second.id
    assert first.thread_id == second.thread_id
