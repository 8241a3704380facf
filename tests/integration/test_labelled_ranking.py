from pathlib import Path

import pytest

from bot.adapters import labelled_ranking
from bot.model.errors import NotFound

HEAD = "time\tsource\ttitle\turl\ttags\trelevance\n"


def test_row_is_an_event_with_what_a_collector_knows(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(HEAD + "2026-11-17T08:00Z\tLark\tCorvid-7\thttps://lark.example/c?utm_source=x\trust, ml\t3\n")

    (ranked,) = labelled_ranking.read(path)

    (event,) = ranked.events
    article = event.dossier.articles[0]
    assert (event.relevance, event.votes, article.engagement) == (3.0, 3, {})
    assert (article.publisher, article.canonical_url) == ("Lark", "https://lark.example/c")
    assert article.categories == ["rust", "ml"]


def test_week_stands_for_a_time(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("week\ttitle\trelevance\n2026-W47\tCorvid-7\t1\n")

    (ranked,) = labelled_ranking.read(path)

    assert ranked.events[0].dossier.event.first_published_at.isoformat() == "2026-11-16T12:00:00+00:00"


def test_rows_of_one_event_are_its_articles(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(
        '{"time": "2026-11-17", "title": "A", "source": "a", "event": "x", "relevance": 1}\n'
        '{"time": "2026-11-18", "title": "B", "source": "b", "event": "x", "relevance": 2}\n'
    )

    (event,) = labelled_ranking.read(path)[0].events

    assert event.dossier.publishers == ("a", "b")
    assert event.relevance == 2


def test_picks_label_the_events_of_the_other_files(tmp_path: Path) -> None:
    (tmp_path / "pool.tsv").write_text(
        HEAD
        + "2026-11-17T08:00Z\ta\tOne\thttps://a.example/1/\trust\t5\n"
        + "2026-11-17T08:00Z\tb\tTwo\thttps://b.example/2\tgo\t9\n"
    )
    (tmp_path / "weekly-rust.jsonl").write_text(
        '{"date": "2026-11-20", "section": "News", "title": "One", "url": "http://www.a.example/1"}\n'
    )

    sets = {ranked.name: [event.relevance for event in ranked.events] for ranked in labelled_ranking.read(tmp_path)}

    assert sets["weekly-rust, rust stories, taught by votes"] == [1.0]
    assert sets["weekly-rust, all, taught by earlier picks"] == [1.0, 0.0]


def test_unreadable_time_names_its_row_and_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(HEAD + "yesterday\ta\tOne\thttps://a.example/1\t\t5\n")

    with pytest.raises(
        NotFound, match="mine, row 1: 'yesterday' is no time; write it like 2026-11-23T09:00Z or 2026-W47"
    ):
        labelled_ranking.read(path)


def test_file_without_labels_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.tsv").write_text("a\tb\n1\t2\n")

    with pytest.raises(NotFound, match="no labelled weeks"):
        labelled_ranking.read(tmp_path)
