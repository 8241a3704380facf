"""Entities: the rare names that an event is about, as its articles write them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bot.model.article import Article
from bot.model.words import LETTERS
from bot.understand.features import LEAD_CHARS
from bot.understand.weighing import Weighed

MAX_ENTITIES = 8
_NO_NAMES = frozenset(
    [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "utc",
    ]
)
_WORD = re.compile(f"[{LETTERS}]+")
_WITNESSES = 20
"""Articles, the earliest, whose spelling counts."""
_RARE = 0.5
"""Least rarity of a name: known from fewer articles than the square root of all."""


def of_articles(rare: Weighed, rows: Sequence[int], articles: Sequence[Article]) -> list[str]:
    """
    Return the rare names that at least two of *articles* (at *rows* of *rare*) hold, those of most articles first.

    Of a lone article those that stand in its title. Numbers are no names.
    """
    counts: Counter[int] = Counter()
    rarity: dict[int, float] = {}
    for row in rows:
        part = slice(rare.matrix.indptr[row], rare.matrix.indptr[row + 1])
        columns = rare.matrix.indices[part].tolist()
        counts.update(columns)
        rarity.update(zip(columns, (rare.matrix.data[part] ** 2).tolist(), strict=True))
    least = min(2, len(rows))
    names = {column: rare.terms[column] for column, count in counts.items() if count >= least}
    telling = [column for column, name in names.items() if rarity[column] >= _RARE and _is_name(name)]
    telling.sort(key=lambda column: (-counts[column], -round(rarity[column], 4), names[column]))
    told = [article.title for article in articles[:_WITNESSES]]
    told += [article.text[:LEAD_CHARS] for article in articles[:_WITNESSES]]
    return _as_written([names[column] for column in telling], told, is_alone=len(rows) == 1)[:MAX_ENTITIES]


def _is_name(term: str) -> bool:
    return not term.startswith("#") and not term.endswith("%") and term not in _NO_NAMES


def _as_written(names: Sequence[str], texts: Sequence[str], *, is_alone: bool) -> list[str]:
    """Return *names* as *texts* write them, with a capital, neighbours together: `Halcyon Labs`."""
    if not names:
        return []
    known = frozenset(names)
    written = [list(_runs(text, known)) for text in texts]
    if is_alone:  # a word of the title may be capital for its place alone; a name comes back in the text
        written = [written[0] if any(written[1:]) else []]
    counts = Counter(form for forms in written for form in forms)
    words_of = {form: frozenset(_WORD.findall(form.lower())) for form in counts}
    found: list[str] = []
    for name in names:
        forms = [form for form in counts if name in words_of[form]]
        best = max(forms, key=lambda form: (counts[form], len(form)), default="")
        if best and not any(best in longer for longer in found):
            found.append(best)
    return found


def _runs(text: str, names: frozenset[str]) -> Iterator[str]:
    """Yield the *names* of *text* that are written with a capital; those that only a space or hyphen parts, as one."""
    start = end = -1
    for word in _WORD.finditer(text):
        if word[0].lower() not in names:
            continue
        if start >= 0 and text[end : word.start()] in (" ", "-"):
            end = word.end()
            continue
        if start >= 0 and not text[start:end].islower():
            yield text[start:end]
        start, end = word.span()
    if start >= 0 and not text[start:end].islower():
        yield text[start:end]
