from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters import people_csv
from bot.model.errors import NotAllowed
from bot.model.roll import Row


def rows_of(content: bytes, *, encoding: str = "utf-8") -> list[Row]:
    return list(people_csv.read(BytesIO(content), encoding=encoding))


@pytest.mark.parametrize(
    "content",
    [
        b"Address,Language\nann@reader.example,en\n",
        b"\xef\xbb\xbfaddress;language\r\nann@reader.example;en\r\n",
        b'"address"\t"language"\n"ann@reader.example"\t en \n',
        b"address,language,\n\nann@reader.example,en,\n,,\n",
    ],
    ids=["plain", "excel", "tabs", "empty lines"],
)
def test_file_is_read_whatever_wrote_it(content: bytes) -> None:
    assert [row.cells for row in rows_of(content)] == [{"address": "ann@reader.example", "language": "en"}]


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    found = rows_of(b'address,consent\na@reader.example,"two\nlines"\n\nb@reader.example,yes\n')

    assert [(row.number, row.cells["consent"]) for row in found] == [(2, "two\nlines"), (4, "yes")]


def test_one_bad_row_costs_one_row() -> None:
    content = (
        b"address,name\n"
        b"a@reader.example,J\xfcrgen\n"
        b"b@reader.example,\0\n"
        b"c@reader.example," + b"x" * 1_000_000 + b"\n"
        b"d@reader.example,one,two\n"
        b"e@reader.example,Eve\n"
    )

    found = rows_of(content)

    assert [(row.number, row.fault) for row in found] == [
        (2, "is not utf-8; save the file as UTF-8, or name its encoding by --encoding"),
        (3, "holds a NUL character; take it out"),
        (4, "is longer than 100,000 characters; is a quote missing?"),
        (5, "has 3 cells, but the header 2; quote what holds commas"),
        (6, ""),
    ]
    assert found[-1].cells == {"address": "e@reader.example", "name": "Eve"}


def test_other_encodings_are_named() -> None:
    assert (
        rows_of("address,name\na@b.example,Jürgen\n".encode("latin-1"), encoding="latin-1")[0].cells["name"] == "Jürgen"
    )
    assert rows_of("address,name\na@b.example,王伟\n".encode("gb18030"), encoding="gb18030")[0].cells["name"] == "王伟"
    with pytest.raises(NotAllowed, match="'klingon' is no encoding"):
        rows_of(b"address\n", encoding="klingon")


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\n", b"\0\n"])
def test_file_without_a_header_is_refused(content: bytes) -> None:
    with pytest.raises(NotAllowed, match="has no header row"):
        rows_of(content)


def test_what_a_spreadsheet_would_run_is_quoted_and_read_back() -> None:
    cells = ["=1+1", "+tag@reader.example", "-2", "@SUM(A1)", "\tx", "plain", 'a,b\n"c"']

    lines = "".join(people_csv.write(["a", "b", "c", "d", "e", "f", "g"], [cells]))

    assert lines.splitlines()[1].startswith("'=1+1,'+tag@reader.example,'-2,'@SUM(A1),'\tx,plain,")
    assert list(rows_of(lines.encode())[0].cells.values()) == cells


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for row in rows_of(b"address,x\n" + content):
        assert row.fault or row.cells
