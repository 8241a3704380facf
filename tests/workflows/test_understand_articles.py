"""Understanding, cut off after any of its writes: what is stored is whole."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.embedder import LexicalEmbedder
from bot.adapters.storage.store import SqlStore
from bot.model.article import Article, Decision
from bot.model.audience import Audience
from bot.model.event import Clustering
from bot.model.policy import ClusterPolicy, Playbook
from bot.model.source import SourceState
from bot.workflows import understand_articles
from bot.workflows.understand_articles import UnderstandReport
from tests.builders import MONDAY, NOW, a_source, an_article
from tests.fakes.crashing import Crash
from tests.fakes.stores import url_of

POLICY = Audience(id="policy", name="Policy & Legal", keywords={"en": ["regulator"]})
FEED = "https://halden.example/feed.xml"
FINE = "Halden regulator fines Tidal over its weather model"


class DyingStore(SqlStore):
    """The real store, in a process that dies once the clustering is stored."""

    def save_clustering(self, clustering: Clustering) -> None:
        super().save_clustering(clustering)
        raise Crash


def collected(store: SqlStore, *articles: Article) -> None:
    state = SourceState(slug="halden", configured_url=FEED, url=FEED)
    store.save_collected(state, [Decision(article, "add", reason="first seen") for article in articles])


def understand(store: SqlStore) -> UnderstandReport:
    return understand_articles.understand(
        store=store,
        embedder=LexicalEmbedder(),
        audiences=[POLICY],
        sources=[a_source()],
        playbook=Playbook(),
        policy=ClusterPolicy(),
        now=NOW,
        on_progress=lambda _: None,
    )


def audiences_of(store: SqlStore) -> list[list[str]]:
    return [[match.id for match in dossier.event.audiences] for dossier in store.load_dossiers()]


def test_event_is_never_stored_without_its_audiences(tmp_path: Path) -> None:
    url = url_of(tmp_path / "recap.db")
    with closing(DyingStore(url)) as dying:
        collected(dying, an_article(FINE))
        with pytest.raises(Crash):
            understand(dying)

    with closing(SqlStore(url)) as store:
        assert understand(store) == UnderstandReport()
        assert audiences_of(store) == [["policy"]]


def test_audiences_of_a_known_event_come_from_its_old_and_new_articles(tmp_path: Path) -> None:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        collected(store, an_article(FINE))
        understand(store)
        collected(
            store, an_article("Halden fines Tidal over its weather model", published_at=MONDAY + timedelta(hours=1))
        )

        report = understand(store)

        assert report.joined == 1
        assert audiences_of(store) == [["policy"]]
