import gzip
import json
from pathlib import Path

import pytest

from bot.adapters import labelled
from bot.model.errors import NotFound
from bot.model.labelled import LabelledSet, RatedSet


def read_one(path: Path, *, limit: int = 0) -> LabelledSet:
    (found,) = labelled.read(path, limit=limit)
    assert isinstance(found, LabelledSet)
    return found


def test_our_format_gives_articles_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "plants.tsv"
    path.write_text(
        "# invented\nevent\ttitle\tlanguage\tpublisher\tpublished\ttext\n"
        "plant\tVelloway opens a plant\ten\tHalden\t2026-11-17T08:00:00Z\tIt makes chips.\n"
        'plant\t沃洛威"新厂"投产\tzh\t\t\t\n',
        encoding="utf-8",
    )

    found = read_one(path)

    assert (found.name, found.labels) == ("plants", ("plant", "plant"))
    assert [article.title for article in found.articles] == ["Velloway opens a plant", '沃洛威"新厂"投产']
    assert [article.language for article in found.articles] == ["en", "zh"]
    assert found.articles[0].publisher == "Halden"
    assert found.articles[0].text == "It makes chips."
    assert str(found.articles[0].published_at) == "2026-11-17 08:00:00+00:00"


def test_json_lines_may_be_compressed_and_hold_sentences(tmp_path: Path) -> None:
    path = tmp_path / "told.jsonl.gz"
    row = {"story": "1_a", "title": "Velloway opens a plant", "sents": ["One.", "Two.", "Three.", "Four."]}
    path.write_bytes(gzip.compress(json.dumps(row).encode()))

    found = read_one(path)

    assert found.labels == ("1_a",)
    assert found.articles[0].text == "One. Two. Three."


def test_every_second_translated_title_loses_its_partner(tmp_path: Path) -> None:
    path = tmp_path / "titles.tsv"
    rows = [f"Title {place}\t标题{place}" for place in range(4)]
    path.write_text("title_en\ttitle_zh_machine_translated\n" + "\n".join(rows), encoding="utf-8")

    found = read_one(path)

    assert [article.title for article in found.articles] == ["Title 0", "标题0", "Title 1", "Title 2", "标题2", "标题3"]
    assert found.labels == ("title 0", "title 0", "title 1", "title 2", "title 2", "title 3")


def test_titles_and_summaries_are_two_articles_of_one_event(tmp_path: Path) -> None:
    path = tmp_path / "topics.jsonl"
    row = {"id": "t1", "title": "标题", "summary": "更长的摘要。", "created": "2026-05-01T15:30:22Z"}
    path.write_text(json.dumps(row), encoding="utf-8")

    found = read_one(path)

    assert found.labels == ("t1", "t1")
    assert [article.title for article in found.articles] == ["标题", "更长的摘要。"]
    assert found.articles[0].publisher != found.articles[1].publisher


def test_ratings_run_from_different_to_same(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text(
        "lang1\tlang2\toverall_1same_4different\tslug_headline1\tslug_headline2\nen\tde\t4.0\tone\tother\n",
        encoding="utf-8",
    )

    (found,) = labelled.read(path, limit=0)

    assert isinstance(found, RatedSet)
    assert [article.language for article in found.articles] == ["en", "de"]
    assert found.pairs[0].alike == 0


def test_no_more_rows_are_read_than_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "many.tsv"
    path.write_text("event\ttitle\na\tOne\nb\tTwo\nc\tThree\n", encoding="utf-8")

    assert read_one(path, limit=2).labels == ("a", "b")


def test_labels_that_mean_one_event_can_be_merged(tmp_path: Path) -> None:
    path = tmp_path / "many.tsv"
    path.write_text("event\ttitle\na\tOne\nb\tTwo\n", encoding="utf-8")

    assert read_one(path).merged({"b": "a"}).labels == ("a", "a")


def test_a_folder_without_labels_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "plain.tsv").write_text("name\tage\nx\t1\n", encoding="utf-8")

    with pytest.raises(NotFound, match="holds no labelled file"):
        labelled.read(tmp_path, limit=0)


def test_a_line_that_is_no_json_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text("{", encoding="utf-8")

    with pytest.raises(NotFound, match=r"broken\.jsonl"):
        labelled.read(path, limit=0)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.tsv"):
        labelled.read(tmp_path / "gone.tsv", limit=0)
