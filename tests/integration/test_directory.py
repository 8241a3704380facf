"""Sources on the local disk."""

import os
from pathlib import Path

from bot.adapters.directory import DirectoryReader
from bot.collect import parse
from bot.model.errors import SourceRefused, SourceUnavailable
from bot.model.policy import CollectPolicy
from bot.model.source import FetchOutcome, FetchRequest

FEED = '<rss version="2.0"><channel><item><title>{}</title></item></channel></rss>'


def read(url: str, *, etag: str | None = None, base: Path = Path(), max_body_bytes: int = 1000) -> FetchOutcome:
    reader = DirectoryReader(CollectPolicy(max_body_bytes=max_body_bytes), base=base)
    [outcome] = reader.fetch_each([FetchRequest("local", url, etag=etag)])
    return outcome


def write(path: Path, title: str, *, at: int = 0) -> None:
    path.write_text(FEED.format(title))
    os.utime(path, (at, at))


def test_all_feed_files_are_one_document_newest_first(tmp_path: Path) -> None:
    write(tmp_path / "old.xml", "old", at=100)
    write(tmp_path / "new.rss", "new", at=200)
    (tmp_path / "notes.txt").write_text("no feed")

    outcome = read(tmp_path.as_uri())

    assert outcome.document is not None
    assert [entry.title for entry in parse.document(outcome.document).entries] == ["new", "old"]


def test_an_unchanged_directory_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path / "a.xml", "a", at=100)
    first = read(str(tmp_path)).document
    assert first is not None

    again = read(str(tmp_path), etag=first.etag).document
    write(tmp_path / "b.xml", "b", at=200)
    changed = read(str(tmp_path), etag=first.etag).document

    assert again is not None
    assert again.not_modified
    assert changed is not None
    assert len(changed.parts) == 2


def test_a_relative_path_starts_at_the_base(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    write(tmp_path / "feeds" / "a.xml", "a")

    assert read("feeds", base=tmp_path).document is not None


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    write(tmp_path / "a.xml", "a")

    assert read(str(tmp_path / "a.xml")).document is not None


def test_what_is_missing_empty_or_too_large_is_one_clear_line(tmp_path: Path) -> None:
    missing, empty = read(str(tmp_path / "none")).error, read(str(tmp_path)).error
    write(tmp_path / "a.xml", "a" * 2000)
    large = read(str(tmp_path)).error

    assert isinstance(missing, SourceUnavailable)
    assert "cannot be read (No such file or directory)" in str(missing)
    assert "holds no feed file" in str(empty)
    assert isinstance(large, SourceRefused)
    assert "'a.xml' is larger than 0.001 MB" in str(large)
