"""Entities: the rare names that an event is about, as its articles write them."""

import re
from collections import Counter
from collections.abc import Sequence

from bot.model.article import Article
from bot.understand.features import LEAD_CHARS, Weighed

MAX_ENTITIES = 8
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
    titles = "\n".join(article.title for article in articles)
    texts = titles if len(rows) == 1 else titles + "\n" + "\n".join(article.text[:LEAD_CHARS] for article in articles)
    found = (_as_written(names[column], texts) for column in telling)
    return list(dict.fromkeys(name for name in found if name))[:MAX_ENTITIES]


def _is_name(term: str) -> bool:
    return not term.startswith("#") and not term.endswith("%")


def _as_written(name: str, texts: str) -> str:
    """Return *name* as *texts* first write it; empty where they do not."""
    found = re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", texts, re.IGNORECASE)
    return found[0] if found else ""
