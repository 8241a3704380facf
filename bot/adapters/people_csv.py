"""Files of people: CSV in and out, whatever wrote it."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from bot.model.errors import NotAllowed
from bot.model.roll import Row

MAX_LINE_BYTES = 200_000
MAX_CELL_CHARS = 100_000
"""No row about a person is as long; a quote that is never closed would otherwise swallow the file."""
_DELIMITERS = ",;\t"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula. Source: https://owasp.org/www-community/attacks/CSV_Injection"""
_TOO_LONG = f"is longer than {MAX_CELL_CHARS:,} characters; is a quote missing?"


def read(file: BinaryIO, *, encoding: str = "utf-8") -> Iterator[Row]:
    """
    Yield the rows of *file* below its header, one at a time; a row that cannot be read says why.

    Commas, semicolons or tabs, with or without a byte order mark. Raises: NotAllowed where there is
    no header, or no such *encoding*.
    """
    reader = _reader(file, encoding)
    header = next(reader, Row(1))
    names = [name.strip().lower() for name in header.cells.values()]
    if header.fault or not any(names):
        raise NotAllowed(f"The file has no header row: {header.fault or 'it is empty'}.")
    for row in reader:
        values = list(row.cells.values())
        if row.fault:
            yield row
        elif len(values) > len(names) and any(value.strip() for value in values[len(names) :]):
            yield Row(
                row.number, fault=f"has {len(values)} cells, but the header {len(names)}; quote what holds commas"
            )
        elif any(value.strip() for value in values):
            yield Row(row.number, {name: _told(value) for name, value in zip(names, values, strict=False) if name})


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the lines of a file with *rows*; no cell is one that a spreadsheet would run."""
    yield _line(columns)
    for cells in rows:
        yield _line([_harmless(cell) for cell in cells])


def _reader(file: BinaryIO, encoding: str) -> Iterator[Row]:
    """Yield every record as a row, its cells under their places."""
    try:
        codec = codecs.lookup(encoding).name
    except LookupError as exc:
        raise NotAllowed(f"'{encoding}' is no encoding; write utf-8, latin-1 or gb18030.") from exc
    lines = _lines(file, codec)
    first = next(lines, "")
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(MAX_CELL_CHARS)
    records = csv.reader(_again(first, lines), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(records)
        except StopIteration:
            return
        except csv.Error as exc:
            yield Row(number, fault=_TOO_LONG if "limit" in str(exc) else f"is no CSV ({exc})")
            continue
        fault = _fault_of(cells, codec)
        yield Row(number, fault=fault) if fault else Row(number, {str(at): cell for at, cell in enumerate(cells)})


def _lines(file: BinaryIO, codec: str) -> Iterator[str]:
    """Yield the lines, what is no text in them marked by surrogates; of an endless one, its beginning."""
    is_first = True
    while raw := file.readline(MAX_LINE_BYTES):
        is_cut = len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n")
        if is_first:
            raw = raw.removeprefix(codecs.BOM_UTF8)
            is_first = False
        yield raw.decode(codec, "surrogateescape")
        while is_cut and (rest := file.readline(MAX_LINE_BYTES)):
            is_cut = not rest.endswith(b"\n")


def _again(first: str, lines: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from lines


def _fault_of(cells: Sequence[str], codec: str) -> str:
    text = "".join(cells)
    if any("\udc80" <= char <= "\udcff" for char in text):
        return f"is not {codec}; save the file as UTF-8, or name its encoding by --encoding"
    if "\0" in text:
        return "holds a NUL character; take it out"
    return ""


def _told(cell: str) -> str:
    """Return what *cell* says, without the quote that keeps it from being a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
