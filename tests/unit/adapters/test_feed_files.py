"""Feed files in folders become articles, each once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.adapters import feed_files
from bot.model.errors import NotFound

FEED = "<rss version='2.0'><channel><title>H</title><item><guid>1</guid><title>{}</title></item></channel></rss>"


def test_article_of_several_fetches_comes_once_as_last_published(tmp_path: Path) -> None:
    folder = tmp_path / "halden"
    folder.mkdir()
    (folder / "2025-03-03T083737Z.xml").write_text(FEED.format("Ostra opens plant"))
    (folder / "2025-03-04T083716Z.xml").write_text(FEED.format("Ostra opens second plant"))

    (article,) = feed_files.read(tmp_path)

    assert (article.publisher, article.title) == ("halden", "Ostra opens second plant")
    assert article.collected_at == datetime(2025, 3, 4, 8, 37, 16, tzinfo=UTC)


def test_folder_without_feeds_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.xml").write_text("<html></html>")

    with pytest.raises(NotFound, match="holds no feed file with articles"):
        feed_files.read(tmp_path)
