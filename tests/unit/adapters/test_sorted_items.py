import gzip
import json
from pathlib import Path

import pytest

from bot.adapters import sorted_items
from bot.model.errors import NotFound
from bot.model.labelled import SortedItem


def test_tsv_row_becomes_an_item_of_its_audiences(tmp_path: Path) -> None:
    file = tmp_path / "sorted.tsv"
    file.write_text("title\ttext\taudiences\nTidal leaks keys\tMuch is open.\tsecurity, data\n")

    assert sorted_items.read(file).items == (
        SortedItem("Tidal leaks keys", "Much is open.", frozenset({"security", "data"})),
    )


def test_bad_rows_are_named_and_the_others_kept(tmp_path: Path) -> None:
    file = tmp_path / "sorted.jsonl"
    file.write_text('{"title": "Tidal", "audience": "data"}\nbroken\n{"title": "No audience"}\n')

    found = sorted_items.read(file)

    assert [item.title for item in found.items] == ["Tidal"]
    assert [line.partition(", ")[2] for line in found.refused] == [
        "row 2: not one value for each column, or no JSON object; skipped.",
        "row 3: no audience (column 'audiences'; write 'general' for nobody); skipped.",
    ]


def test_advertisements_are_left_out_and_capitals_folded(tmp_path: Path) -> None:
    rows = [
        {"title": "BUY THIS NOW", "edition": "data", "sponsor": True},
        {"title": "TIDAL CUTS PRICES", "edition": "data", "sponsor": False, "date": "2025-02-03"},
    ]
    file = tmp_path / "sorted.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))

    assert sorted_items.read(file).items == (
        SortedItem("Tidal cuts prices", "", frozenset({"data"}), sorted_on="2025-02-03"),
    )


def test_file_without_an_item_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sorted.tsv").write_text("title\ttext\n")

    with pytest.raises(NotFound, match="holds no sorted items"):
        sorted_items.read(tmp_path / "sorted.tsv")
