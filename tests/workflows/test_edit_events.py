"""An editor's merges and splits, the nightly re-check, and late vectors, over a real store."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from bot.adapters.analyst import ExtractiveAnalyst
from bot.adapters.embedder import LexicalEmbedder
from bot.adapters.storage.store import SqlStore
from bot.model.article import Article, Decision
from bot.model.errors import EmbeddingError, NotAllowed, NotFound
from bot.model.event import Clustering, JoinedBy, event_id, split_event_id
from bot.model.policy import CardPolicy, ClusterPolicy, Playbook, RankPolicy, RecapPolicy
from bot.model.source import SourceState
from bot.ports import Embedder, Vector
from bot.workflows import edit_events, recheck_events, understand_articles
from bot.workflows.pool import Desk
from bot.workflows.recheck_events import RecheckReport
from bot.workflows.understand_articles import UnderstandReport
from tests.builders import MONDAY, NOW, an_article
from tests.contract.builders import a_digest, a_recap
from tests.fakes.stores import url_of

HOUR = timedelta(hours=1)
TODAY = MONDAY + timedelta(days=2)
PLAYBOOK = Playbook()

LAUNCH = an_article("Orrery Labs launches the Tidewell 4 chip for 900 dollars")
FOLLOWED = an_article(
    "Tidewell 4 chip launched by Orrery Labs at 900 dollars", source="quay", published_at=MONDAY + HOUR
)
RECALL = an_article("Brassfield recalls 3,000 kettles", source="dune", published_at=MONDAY + 2 * HOUR)
ABROAD = an_article("新型芯片发布", source="yan", language="zh", published_at=MONDAY + 3 * HOUR)


class LateEmbedder:
    """Knows which titles mean the same; fails while it is down."""

    name = "late"

    def __init__(self) -> None:
        self.is_down = False
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        if self.is_down:
            raise EmbeddingError("http://127.0.0.1:1 does not answer.")
        self.texts += texts
        return [np.eye(3, dtype=np.float32)[2 if "recalls" in text else 0] for text in texts]


class Newsdesk:
    """A store, an embedder, and those who work with them."""

    def __init__(self, store: SqlStore, embedder: Embedder) -> None:
        self.store = store
        self.embedder = embedder
        self.desk = Desk(
            store=store,
            analyst=ExtractiveAnalyst(),
            embedder=embedder,
            full_text=None,  # type: ignore[arg-type]  # edits read no pages
            renderer=None,  # type: ignore[arg-type]  # and render nothing
            sources={},
            audiences=[],
            routes=[],
            playbook=PLAYBOOK,
            cluster=ClusterPolicy(),
            ranking=RankPolicy(),
            recap=RecapPolicy(),
            card=CardPolicy(),
            teaser_words=120,
        )

    def collect(self, *articles: Article) -> None:
        for article in articles:
            url = f"https://{article.source}.example/feed.xml"
            state = SourceState(slug=article.source, configured_url=url, url=url)
            self.store.save_collected(state, [Decision(article, "add", reason="first seen")])

    def understand(self, *articles: Article, max_vectors: int = 2000) -> UnderstandReport:
        self.collect(*articles)
        return understand_articles.understand(
            store=self.store,
            embedder=self.embedder,
            audiences=[],
            sources=[],
            playbook=PLAYBOOK,
            policy=ClusterPolicy(),
            now=TODAY,
            on_progress=lambda _: None,
            max_vectors=max_vectors,
        )

    def recheck(self) -> RecheckReport:
        return recheck_events.recheck(
            store=self.store,
            embedder=self.embedder,
            audiences=[],
            sources=[],
            playbook=PLAYBOOK,
            policy=ClusterPolicy(),
            now=TODAY,
        )

    def tear_apart(self, article: Article) -> None:
        """Let *article* be an event of its own, as if it had come in a worse moment."""
        [whole] = self.store.load_dossiers()
        own = event_id(article.id)
        event = whole.event.model_copy(update={"id": own, "founding_article_id": article.id})
        joins = [each for each in whole.memberships if each.article_id == article.id]
        moved = tuple(each.model_copy(update={"event_id": own}) for each in joins)
        self.store.save_clustering(Clustering((event,), moved))

    def titles(self) -> list[list[str]]:
        return [[article.title for article in dossier.articles] for dossier in self.store.load_dossiers()]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with closing(SqlStore(url_of(tmp_path / "recap.db"))) as store:
        yield store


@pytest.fixture
def newsdesk(store: SqlStore) -> Newsdesk:
    return Newsdesk(store, LexicalEmbedder())


def test_merged_events_address_leads_to_the_kept_one(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, RECALL)

    edited = edit_events.merge(event_id(RECALL.id), event_id(LAUNCH.id), desk=newsdesk.desk, now=NOW)

    [kept] = newsdesk.store.load_dossiers_by_id([event_id(RECALL.id)])
    assert (kept.event.id, edited.redirected) == (event_id(LAUNCH.id), event_id(RECALL.id))
    assert {membership.by for membership in kept.memberships} == {JoinedBy.EDITOR}
    assert newsdesk.titles() == [[LAUNCH.title, RECALL.title]]


def test_chain_of_merges_keeps_every_address(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, RECALL, ABROAD)
    ids = [event_id(article.id) for article in (LAUNCH, RECALL, ABROAD)]

    edit_events.merge(ids[1], ids[2], desk=newsdesk.desk, now=NOW)
    edit_events.merge(ids[2], ids[0], desk=newsdesk.desk, now=NOW)

    assert [newsdesk.store.load_dossiers_by_id([each])[0].event.id for each in ids] == [ids[0]] * 3


def test_split_takes_articles_by_the_beginning_of_their_id_or_by_address(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, FOLLOWED)

    edited = edit_events.split(event_id(LAUNCH.id), [FOLLOWED.id[:8]], desk=newsdesk.desk, now=NOW)
    edit_events.merge(event_id(LAUNCH.id), event_id(FOLLOWED.id), desk=newsdesk.desk, now=NOW)
    again = edit_events.split(event_id(LAUNCH.id), [FOLLOWED.url], desk=newsdesk.desk, now=NOW)

    for each in (edited, again):
        assert [dossier.event.id for dossier in each.events] == [event_id(LAUNCH.id), event_id(FOLLOWED.id)]
    assert len({dossier.event.thread_id for dossier in again.events}) == 1


def test_event_keeps_its_address_when_its_founding_article_is_split_off(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, FOLLOWED)

    rest, part = edit_events.split(event_id(LAUNCH.id), [LAUNCH.id], desk=newsdesk.desk, now=NOW).events

    assert (rest.event.id, rest.event.title) == (event_id(LAUNCH.id), FOLLOWED.title)
    assert (part.event.id, part.event.title) == (split_event_id(LAUNCH.id, nth=1), LAUNCH.title)


def test_split_names_what_it_does_not_find(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, FOLLOWED)

    with pytest.raises(NotFound, match="'kettle' is no article"):
        edit_events.split(event_id(LAUNCH.id), ["kettle"], desk=newsdesk.desk, now=NOW)
    with pytest.raises(NotAllowed):
        edit_events.split(event_id(LAUNCH.id), [LAUNCH.id, FOLLOWED.id], desk=newsdesk.desk, now=NOW)


def test_machine_leaves_an_editors_work_alone(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, FOLLOWED, RECALL)
    edit_events.split(event_id(LAUNCH.id), [FOLLOWED.id], desk=newsdesk.desk, now=NOW)
    edit_events.merge(event_id(LAUNCH.id), event_id(RECALL.id), desk=newsdesk.desk, now=NOW)

    report = newsdesk.recheck()

    assert report == RecheckReport()
    assert newsdesk.titles() == [[LAUNCH.title, RECALL.title], [FOLLOWED.title]]


def test_what_was_sent_keeps_its_frozen_card_when_an_editor_merges_it(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, RECALL)
    digest = a_digest(event_id(RECALL.id))
    newsdesk.store.save_edition(a_recap(), [digest], [])

    edit_events.merge(event_id(LAUNCH.id), event_id(RECALL.id), desk=newsdesk.desk, now=NOW)

    assert newsdesk.store.load_digest(digest.key) == digest
    assert newsdesk.store.load_dossiers_by_id([event_id(RECALL.id)])[0].event.id == event_id(LAUNCH.id)


def test_re_check_merges_what_came_in_a_bad_moment_and_a_second_finds_nothing(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, FOLLOWED)
    newsdesk.tear_apart(FOLLOWED)

    first, second = newsdesk.recheck(), newsdesk.recheck()

    assert (first.checked, first.merged, first.moved) == (2, 1, 1)
    assert (second.checked, second.merged, second.moved) == (1, 0, 0)
    assert newsdesk.titles() == [[LAUNCH.title, FOLLOWED.title]]
    assert newsdesk.store.load_dossiers_by_id([event_id(FOLLOWED.id)])[0].event.id == event_id(LAUNCH.id)


def test_re_check_leaves_what_a_digest_shows(newsdesk: Newsdesk) -> None:
    newsdesk.understand(LAUNCH, FOLLOWED)
    newsdesk.tear_apart(FOLLOWED)
    newsdesk.store.save_edition(a_recap(), [a_digest(event_id(FOLLOWED.id))], [])

    assert newsdesk.recheck().moved == 0
    assert len(newsdesk.titles()) == 2


def test_titles_left_over_get_their_vectors_in_a_later_run(store: SqlStore) -> None:
    embedder = LateEmbedder()
    newsdesk = Newsdesk(store, embedder)

    first = newsdesk.understand(LAUNCH, RECALL, ABROAD, max_vectors=1)
    second = newsdesk.understand(max_vectors=1)
    third = newsdesk.understand(max_vectors=5)

    assert embedder.texts == [ABROAD.title, RECALL.title, LAUNCH.title]
    assert (first.late, second.late, third.late) == (0, 1, 1)


def test_events_are_joined_again_when_their_vectors_arrive(store: SqlStore) -> None:
    embedder = LateEmbedder()
    newsdesk = Newsdesk(store, embedder)
    embedder.is_down = True
    report = newsdesk.understand(LAUNCH, ABROAD)
    before = newsdesk.titles()

    embedder.is_down = False
    assert newsdesk.recheck().embedded == 2

    assert before == [[LAUNCH.title], [ABROAD.title]]
    assert report.notes == (
        "The embedder gave no vectors. http://127.0.0.1:1 does not answer. "
        "2 titles are compared by words alone for now.",
    )
    assert newsdesk.titles() == [[LAUNCH.title, ABROAD.title]]
