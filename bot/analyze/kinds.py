"""Which kind of event it is, told by the playbook's words."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.analyze import words
from bot.model.article import Article
from bot.model.event import Dossier
from bot.model.keywords import Lookup, fold
from bot.model.policy import EventKind, Playbook
from bot.model.values import EventId, Language
from bot.model.words import LETTERS

OTHER = "other"
TITLE, LEAD, BODY = 3.0, 1.0, 0.4
"""Weight of a word in the title, in the lead and further down."""
LEAD_CHARS, BODY_CHARS = 400, 3_000
ENOUGH = 1.4
"""A word in the title decides, or two in the text, one of them in the lead; a single "fired" there does not."""


def of(dossier: Dossier, playbook: Playbook) -> tuple[str, str]:
    """
    Return the id of the event's kind and the words that decided, such as "mentions raises, Series B".

    The kind whose words weigh most wins, at a tie the one that stands first in *playbook*; `other` where none decides.
    """
    return of_each([dossier], playbook)[dossier.event.id]


def of_each(dossiers: Sequence[Dossier], playbook: Playbook) -> dict[EventId, tuple[str, str]]:
    """Return kind and reason of each event, as `of` does: many at once take less time."""
    teller = _Teller(playbook)
    return {dossier.event.id: teller.kind_of(dossier) for dossier in dossiers}


class _Teller:
    """A playbook's words, ready to be found."""

    def __init__(self, playbook: Playbook) -> None:
        self._kinds = playbook.kinds
        self._vocabularies: dict[Language, _Vocabulary] = {}

    def kind_of(self, dossier: Dossier) -> tuple[str, str]:
        """Return the id of the event's kind and the words that decided."""
        best, decided = OTHER, Counter[str]()
        score = 0.0
        hits = self._hits(dossier)
        for kind in self._kinds:
            found = hits[kind.id]
            weight = sum(found.values()) / max(len(dossier.articles), 1)
            if weight >= ENOUGH and weight > score:
                best, decided, score = kind.id, found, weight
        if best == OTHER:
            return OTHER, "no kind's words in the title or the lead"
        return best, "mentions " + ", ".join(word for word, _ in decided.most_common(3))

    def _hits(self, dossier: Dossier) -> dict[str, Counter[str]]:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for article in dossier.articles:
            for kind, weights in self._vocabulary(article.language).hits(article).items():
                found[kind].update(weights)
        return found

    def _vocabulary(self, language: Language) -> "_Vocabulary":
        if language not in self._vocabularies:
            self._vocabularies[language] = _Vocabulary(self._kinds, language)
        return self._vocabularies[language]


class _Vocabulary:
    """The words of all kinds in one language."""

    def __init__(self, kinds: Sequence[EventKind], language: Language) -> None:
        self._keywords = {kind.id: in_language(kind.keywords, language) for kind in kinds}
        self._kinds_of: dict[str, list[str]] = defaultdict(list)
        for kind, keywords in self._keywords.items():
            for word in dict.fromkeys(keywords):
                self._kinds_of[word].append(kind)
        latin = [word for word in self._kinds_of if not words.is_cjk(word)]
        self._lookup = Lookup(latin, [word for word in self._kinds_of if words.is_cjk(word)])

    def hits(self, article: Article) -> dict[str, dict[str, float]]:
        """Return for each kind its words in *article*, with their weights."""
        weights: dict[str, dict[str, float]] = defaultdict(dict)
        text = article.text[:BODY_CHARS]
        for part, weight in ((text[LEAD_CHARS:], BODY), (text[:LEAD_CHARS], LEAD), (article.title, TITLE)):
            for kind, possible in self._possible(part).items():
                # Words that are not there take no part: a pattern of the one alone finds the same.
                keywords = self._keywords[kind] if len(possible) > 1 else tuple(possible)
                # A word counts once, at its best place.
                weights[kind] |= dict.fromkeys(found(keywords, part), weight)
        return weights

    def _possible(self, text: str) -> dict[str, list[str]]:
        possible: dict[str, list[str]] = defaultdict(list)
        for word in self._lookup.possible_in(text):
            for kind in self._kinds_of[word]:
                possible[kind].append(word)
        return possible


def found(keywords: tuple[str, ...], text: str) -> list[str]:
    """Return those of *keywords* that stand in *text*, in its order, as they are spelled in the playbook."""
    if not keywords:
        return []
    pattern, spelled = _pattern(keywords)
    return [spelled[fold(match)] for match in pattern.findall(text)]


def in_language(words_of: Mapping[Language, tuple[str, ...]], language: Language) -> tuple[str, ...]:
    """Return a kind's words for texts in *language*: all of them where it has none of its own."""
    if language not in words_of:
        return tuple(word for listed in words_of.values() for word in listed)
    # Chinese and Japanese texts use Latin words too ("Series B"); in German the same letters may mean something else.
    own = words_of[language]
    return own + words_of.get("en", ()) if language in {"zh", "ja", "ko"} else own


@lru_cache(maxsize=4096)
def _pattern(keywords: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds *keywords*, the longest first, and how each is spelled."""
    longest_first = sorted(dict.fromkeys(keywords), key=len, reverse=True)
    pattern = re.compile("|".join(_bounded(word) for word in longest_first), re.IGNORECASE)
    return pattern, {fold(word): word for word in keywords}


def _bounded(word: str) -> str:
    escaped = re.escape(word)
    if words.is_cjk(word):
        return escaped
    # CJK letters are word characters too, but "融资Series B轮" holds the word.
    return rf"(?<![{LETTERS}]){escaped}(?![{LETTERS}])"
