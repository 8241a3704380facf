"""What is new about an event since a recap told of it: a sentence that readers of that recap do not know."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from bot.analyze import candidates, central, cues, ground, words
from bot.analyze.candidates import Candidate
from bot.model.article import Article
from bot.model.insight import Claim, ClaimPart
from bot.model.values import Language

MIN_NEW = 0.2
"""Part of a sentence's telling words that must be unknown, beside a number or a name that is."""
MOSTLY_NEW = 0.7
"""Part from which a sentence is new without such a number or name …"""
MIN_NEW_WORDS = 6
"""… if so many of its words are."""
_NAME = re.compile(rf"(?<=[^.!?:\s“\"„»] )[A-ZÄÖÜ][^\W_{words.CJK}]+|(?<=[{words.CJK}] )[A-Z][\w-]+")
_NO_NAMES = frozenset(
    word
    for line in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "january february march april may june july august september october november december",
    )
    for word in line.split()
)


def find(new: Sequence[Article], known: Iterable[Article], *, language: Language, otherwise: Language) -> Claim | None:
    """
    Return the sentence of *new* articles that says most of what the *known* ones did not, as a claim with its quote.

    It holds a number or a name that no known article has, or hardly a word of theirs; copies, retellings and
    boilerplate have none such. Best in *language*, else in *otherwise*, else in any. Of an article without usable
    sentences its title counts. Null where nothing new is said.
    """
    told = _Told(list(known))
    sentences = [line for article in new for line in candidates.gather([article])]
    silent = {article.id for article in new} - {line.article.id for line in sentences}
    titles = candidates.titles(new)
    lines = [*sentences, *(title for title in titles if title.article.id in silent)]
    fresh = [line for line in lines if told.is_news(line)]
    if not fresh:
        return None
    pool = candidates.pool(fresh, language, otherwise=otherwise)
    ranking = central.rank(pool, [title for title in titles if title.language == pool[0].language])
    weighed = [(_weight(line, told) * (0.2 + ranking.scores[place]), -place) for place, line in enumerate(pool)]
    claim = candidates.claim(pool[-max(weighed)[1]], ClaimPart.WHATS_NEW)
    return claim if ground.check(claim, {article.id: article for article in new}) is None else None


def _weight(line: Candidate, told: "_Told") -> float:
    """Return how well *line* can stand for the news: leads best; talk, fragments and what is to come less."""
    factor = 1.0 + 0.4 * told.share_unknown(line)
    if line.position == 0:
        factor *= 1.4
    if told.unknown_figures(line):
        factor *= 1.2
    if cues.is_speech(line.text) or line.leans:
        factor *= 0.4
    return factor * (0.7 if cues.looks_ahead(line.text) else 1.0)


class _Told:
    """What readers of the earlier recaps may know."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._lines: dict[Language, list[str]] = defaultdict(list)
        for article in articles:
            # One by one: `gather` bounds what it takes of many, and a known sentence must not be passed over.
            spoken = [*candidates.gather([article]), *candidates.titles([article])]
            self._lines[candidates.language_of(article)] += [line.text for line in spoken]

    def is_news(self, line: Candidate) -> bool:
        """Return whether *line* says something that the known articles did not."""
        names_or_numbers = bool(self.unknown_figures(line) or self._unknown_names(line))
        if line.language not in self._lines:
            return names_or_numbers
        unknown = self.share_unknown(line)
        is_other = unknown >= MOSTLY_NEW and unknown * len(words.tokens(line.text)) >= MIN_NEW_WORDS
        if not (is_other or (names_or_numbers and unknown >= MIN_NEW)):
            return False
        return not any(words.is_repetition(line.text, known) for known in self._lines[line.language])

    def share_unknown(self, line: Candidate) -> float:
        """Return which part (0..1) of the telling words of *line* no known article in its language has."""
        mine = words.tokens(line.text)
        known = self._vocabularies.get(line.language, frozenset())
        return sum(1 for token in mine if token not in known) / max(len(mine), 1)

    def unknown_figures(self, line: Candidate) -> frozenset[float]:
        """Return the numbers of *line* that measure something and that no known article has."""
        return words.figures(line.text) - self._numbers

    def _unknown_names(self, line: Candidate) -> set[str]:
        if line.language == "de":  # every noun has a capital
            return set()
        names = {name.casefold() for name in _NAME.findall(line.text)}
        return names - self._pieces - _NO_NAMES

    @cached_property
    def _vocabularies(self) -> dict[Language, frozenset[str]]:
        spoken: dict[Language, set[str]] = defaultdict(set)
        for article in self._articles:
            spoken[candidates.language_of(article)].update(words.tokens(article.title), words.tokens(article.text))
        return {language: frozenset(known) for language, known in spoken.items()}

    @cached_property
    def _numbers(self) -> frozenset[float]:
        texts = [f"{article.title}\n{article.text}" for article in self._articles]
        written = {value for text in texts for number in words.numbers(text) for value in (number.value, number.scaled)}
        return frozenset(written.union(*(words.numerals(text) for text in texts)))

    @cached_property
    def _pieces(self) -> frozenset[str]:
        return frozenset(
            piece
            for article in self._articles
            for piece in re.findall(r"\w+", f"{article.title}\n{article.text}".casefold())
        )
