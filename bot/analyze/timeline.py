"""The dated steps of an affair, from its articles and from earlier events of its thread."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from bot.analyze import candidates, cues, dates, phrases, words
from bot.analyze.candidates import Candidate
from bot.model.article import Article, DateKind
from bot.model.event import Dossier
from bot.model.insight import Claim, ClaimPart
from bot.model.values import Language

MAX_ENTRIES = 7
MAX_STATEMENTS = 4
MIN_ENTRIES = 2
MAX_WORDS = 45
MAX_DATES = 2
"""A sentence of more dates is a list of them, and tells no one step."""
FAR_AHEAD = timedelta(days=240)
"""So far ahead is a day without its year only where the sentence says that it is to come."""
_RANGE = re.compile(r"\s*(?:[-–—]|(?:through|to|until|bis|and)\b|[至到])\s*[A-Z\d]")

_RANGE_BEFORE = re.compile(r"(?:\d年?|\w)\s?(?:[–—~]|[到至])\s?$")
_DAY_OF_WEEK = re.compile(r"\bon (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!,?\s*$)")


def entries(
    articles: Sequence[Article],
    *,
    earlier: Sequence[Dossier],
    language: Language,
    pool: Sequence[Candidate] | None = None,
) -> list[Claim]:
    """
    Return the timeline, oldest first: dated statements, the first coverage, and *earlier* events.

    Statements come from *pool* (default: all usable sentences of *articles*). A single entry is no timeline:
    then the list is empty.
    """
    sentences = candidates.gather(articles) if pool is None else pool
    past = [line for dossier in earlier if (line := _of_earlier(dossier))]
    stated = _statements(sentences, limit=MAX_STATEMENTS)
    first = _first_coverage(articles, language)
    lines = [*past[-(MAX_ENTRIES - MAX_STATEMENTS - 1) :], *stated, *first]
    return sorted(lines, key=lambda line: line.date or "") if len(lines) >= MIN_ENTRIES else []


def mention(sentence: str, article: Article) -> dates.Mention | None:
    """Return the date that *sentence* of *article* states, or null; the first of several, as the writer's main one."""
    is_ahead = cues.dates_ahead(sentence)
    found = dates.find(sentence, article.published_at, is_ahead=is_ahead)
    if found and is_ahead and not cues.looks_ahead(sentence) and _is_far_ahead(found[0].value, article):
        # "380,000 downloads by November 14", told on the 18th, is no word on the next year.
        found = dates.find(sentence, article.published_at)
    return found[0] if found and len(found) <= MAX_DATES else None


def _is_far_ahead(day: str, article: Article) -> bool:
    limit = (article.dated_at + FAR_AHEAD).date().isoformat()
    return day > limit[: len(day)]


def is_long_before(day: str, article: Article) -> bool:
    """Return whether *day* (`2023`, `2023-05`, `2023-05-17`) lies over a month before *article*: background, no "
    "news.
    """
    limit = (article.dated_at - timedelta(days=31)).date().isoformat()
    return day < limit[: len(day)]


def _statements(sentences: Sequence[Candidate], *, limit: int) -> list[Claim]:
    found: list[tuple[Candidate, str]] = []
    for candidate in sentences:
        stated = mention(candidate.text, candidate.article)
        if stated and _is_step(candidate, stated) and not _is_told(candidate, stated, found):
            found.append((candidate, stated.value))
    found.sort(key=lambda pair: (-candidates.worth(pair[0]) * len(pair[1]), pair[0].position))
    return [_claim(candidate, value) for candidate, value in found[:limit]]


def _is_step(candidate: Candidate, stated: dates.Mention) -> bool:
    text = candidate.text
    if candidate.leans or cues.is_talk(text) or cues.quoted_share(text) > 0.35 or words.count(text) > MAX_WORDS:
        return False
    # Ranges and comparisons ("from 2019 to 2024", "than in May") tell no step.
    before = text[max(0, stated.start - 12) : stated.start + 6].casefold()
    if _RANGE.match(text, stated.end) or _RANGE_BEFORE.search(text[: stated.start]):
        return False
    if _DAY_OF_WEEK.search(text[: stated.start]):  # "held on Tuesday a round that began in June" tells of Tuesday
        return False
    return not any(
        word in before
        for word in (
            "than ",
            "until ",
            "between ",
            "since ",
            "compared",
            "as of",
            "seit ",
            "截至",
            "自20",
            "比20",
            "比 20",
        )
    )


def _is_told(candidate: Candidate, stated: dates.Mention, found: Sequence[tuple[Candidate, str]]) -> bool:
    for other, value in found:
        if value == stated.value and len(value) == len("2023"):
            return True
        overlap = words.overlap(candidate.text, other.text)
        same_day = value.startswith(stated.value) or stated.value.startswith(value)
        if overlap >= 0.6 or (same_day and overlap >= 0.3):
            return True
    return False


def _claim(candidate: Candidate, value: str) -> Claim:
    return candidates.claim(candidate, ClaimPart.TIMELINE).model_copy(update={"date": value})


def _first_coverage(articles: Sequence[Article], language: Language) -> list[Claim]:
    dated = [article for article in articles if article.published_at and article.date_kind != DateKind.MISSING]
    if not dated:
        return []
    first = min(dated, key=lambda article: (article.dated_at, article.id))
    title = candidates.titles([first])
    return [
        Claim(
            part=ClaimPart.TIMELINE,
            text=phrases.first_reported(first.publisher, language=language),
            language=phrases.language_of(language),
            citations=[candidates.citation(line) for line in title],
            is_computed=True,
            date=_day(first),
        )
    ]


def _of_earlier(dossier: Dossier) -> Claim | None:
    named = [line for line in candidates.titles(dossier.articles) if line.article.title == dossier.event.title]
    line = next(iter(named or candidates.titles(dossier.articles)), None)
    if line is None:
        return None
    day = dossier.event.first_published_at.date().isoformat()
    claim = candidates.claim(line, ClaimPart.TIMELINE)
    return claim.model_copy(update={"date": day, "background_on": _day(line.article)})


def _day(article: Article) -> str:
    day: date = article.dated_at.date()
    return day.isoformat()
