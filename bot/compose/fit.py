"""Cards cut to a size: values are shortened and rendered again, rendered text is never cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.compose.words import shorten, shorten_to_columns
from bot.model.digest import Card, CardAudience, CardLine, CardLink, CardSource

MAX_NAME_COLUMNS = 60
"""Two lines on a telephone, in Chinese as in English."""
MAX_ALSO_CHARS = 110
"""Of a title in "Also this week": one line of a mail, two on a telephone."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a card is shown: code points of a text, lengths of lists."""

    line: int
    title: int
    quote: int
    lines: int
    sources: int
    links: int


SIZES = (
    Size(line=1200, title=300, quote=600, lines=30, sources=30, links=20),
    Size(line=500, title=300, quote=280, lines=12, sources=16, links=8),
    Size(line=300, title=200, quote=180, lines=6, sources=10, links=5),
    Size(line=220, title=140, quote=120, lines=4, sources=6, links=3),
    Size(line=140, title=90, quote=80, lines=2, sources=3, links=2),
    Size(line=90, title=60, quote=60, lines=1, sources=1, links=1),
)
"""From generous to tight: the first is above what real weeks hold, the last fits any limit."""


def ever_smaller(card: Card) -> Iterator[Card]:
    """Yield *card* in each of `SIZES`, each cut from the one before."""
    for size in SIZES:
        card = to_size(card, size)
        yield card


def to_size(card: Card, size: Size) -> Card:
    """Return *card* with its texts and lists no longer than *size* allows."""
    one_line = {
        part: _line(line, size)
        for part in ("whats_new", "hook", "what_changed", "why_it_matters", "what_to_do_next")
        if (line := getattr(card, part))
    }
    lines = {
        part: [_line(line, size) for line in getattr(card, part)[: size.lines]]
        for part in ("takeaways", "implications", "timeline")
    }
    return card.model_copy(
        update={
            **one_line,
            **lines,
            "title": shorten(card.title, size.title),
            "publisher": name(card.publisher),
            "corrections": [
                each.model_copy(update={"text": shorten(each.text, size.line)})
                for each in card.corrections[-size.lines :]
            ],
            "audiences": [_audience(audience, size) for audience in card.audiences[: size.links + 5]],
            "sources": [_source(source, size) for source in card.sources[: size.sources]],
            "related": [_link(link, size) for link in card.related[: size.links]],
            "originals": [_link(link, size) for link in card.originals[: size.links]],
            "coverage": card.coverage.model_copy(
                update={"publishers": [name(each) for each in card.coverage.publishers]}
            ),
        }
    )


def also(links: Sequence[CardLink], size: Size) -> list[CardLink]:
    """Return the lines of "Also this week" that *size* has room for."""
    return [
        _link(link, size).model_copy(update={"title": shorten(link.title, min(size.title, MAX_ALSO_CHARS))})
        for link in links[: size.links]
    ]


def name(text: str) -> str:
    """Return the name of a publisher or an audience, in at most 60 columns."""
    return shorten_to_columns(text, MAX_NAME_COLUMNS)


def _line(line: CardLine, size: Size) -> CardLine:
    rationale = shorten(line.rationale, size.line) if line.rationale else None
    return line.model_copy(update={"text": shorten(line.text, size.line), "rationale": rationale})


def _audience(audience: CardAudience, size: Size) -> CardAudience:
    changes = {"name": name(audience.name), "reason": shorten(audience.reason, size.quote)}
    return audience.model_copy(update=changes)


def _source(source: CardSource, size: Size) -> CardSource:
    changes = {"quote": shorten(source.quote, size.quote), "publisher": name(source.publisher)}
    return source.model_copy(update={**changes, "title": shorten(source.title, size.title)})


def _link(link: CardLink, size: Size) -> CardLink:
    changes = {"title": shorten(link.title, size.title), "publisher": name(link.publisher)}
    return link.model_copy(update=changes)
