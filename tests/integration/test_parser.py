"""The parser's real processes."""

from collections.abc import Iterator

import pytest

from bot.adapters.parser import ProcessParser
from bot.model.errors import SourceUnreadable
from bot.model.policy import CollectPolicy
from bot.model.source import FetchedDocument

FEED = b'<rss version="2.0"><channel><title>T</title><item><title>a</title></item></channel></rss>'
SLOW = b'<rss version="2.0"><channel>' + b"<item><title>a</title><description>b</description></item>" * 60_000


@pytest.fixture
def parser() -> Iterator[ProcessParser]:
    with ProcessParser(CollectPolicy(parse_timeout_s=1.0), workers=2) as opened:
        yield opened


def a_document(source: str, body: bytes = FEED) -> FetchedDocument:
    return FetchedDocument(source, f"https://{source}.example/feed", body=body)


def test_each_document_has_its_outcome_whatever_the_others_do(parser: ProcessParser) -> None:
    documents = [
        a_document("slow", SLOW),
        a_document("page", b"<html></html>"),
        *(a_document(f"s{n}") for n in range(20)),
    ]

    outcomes = {outcome.document.source: outcome for outcome in parser.parse_each(documents)}

    assert len(outcomes) == 22
    assert all(outcomes[f"s{n}"].feed for n in range(20))
    assert isinstance(outcomes["page"].error, SourceUnreadable)
    assert str(outcomes["slow"].error) == "The document is no feed that we can read. It took longer than 1 s to parse."


def test_documents_are_taken_as_workers_become_free(parser: ProcessParser) -> None:
    taken: list[int] = []

    def documents() -> Iterator[FetchedDocument]:
        for number in range(100):
            taken.append(number)
            yield a_document(f"s{number}")

    next(parser.parse_each(documents()))

    assert len(taken) < 20


def test_a_closed_parser_can_be_used_again(parser: ProcessParser) -> None:
    parser.close()

    assert [outcome.error for outcome in parser.parse_each([a_document("tidal")])] == [None]
