"""Prompts: instructions from templates, articles fenced as data under short ids."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from babel import Locale

from bot.analyze import located, orders
from bot.analyze.written import LIMITS
from bot.model.article import Article
from bot.model.insight import ClaimPart
from bot.model.policy import LlmPolicy
from bot.model.values import Language, digest_of
from bot.ports import Assignment

ANSWER_VERSION = "1"
"""Changes when the shape of the answer does, or what is made of it."""
MAX_ARTICLES = 8
MAX_EARLIER = 2
"""Articles of earlier events of the thread: background."""
_PARTS = {"takeaways": ClaimPart.TAKEAWAY, "implications": ClaimPart.IMPLICATION, "timeline": ClaimPart.TIMELINE}
_FENCES = str.maketrans("<>", "‹›")
_TURNS = re.compile(r"\[(/?INST)\]", re.IGNORECASE)
_UNSEEN = {"Cf", "Co", "Cs", "Cn"}
"""Format, private and unassigned characters: what a reader does not see."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a model is told about one event."""

    instructions: str
    prompt: str
    articles: Mapping[str, Article]
    """By short id: `a1`, `a2`, …; `b1`, … for earlier events."""

    def quoted(self, short_id: str, quote: str) -> str:
        """Return *quote* as it stands in the article, whose angle brackets the model never saw."""
        article = self.articles[short_id]
        if not any(mark in f"{article.title}{article.text}" for mark in "‹›"):
            return quote.translate(str.maketrans("‹›", "<>"))
        return quote


class Prompts:
    """The templates of one folder, `analyst/*.j2`."""

    def __init__(self, directory: Path) -> None:
        """Read them; *directory* is the folder of all templates."""
        paths = sorted((directory / "analyst").glob("*.j2"))
        texts = {path.name: path.read_text(encoding="utf-8") for path in paths}
        # What they make is plain text for a model, not markup.
        self._environment = jinja2.Environment(
            loader=jinja2.DictLoader(texts),
            undefined=jinja2.StrictUndefined,
            autoescape=False,  # noqa: S701
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.version = digest_of("prompt", ANSWER_VERSION, *(part for pair in texts.items() for part in pair), chars=12)

    def brief(self, assignment: Assignment, *, readers: Sequence[str], policy: LlmPolicy) -> Brief:
        """Return what to tell a model; *readers* are the names of the audiences that the event concerns."""
        articles = dict(_chosen(assignment))
        language = _language_name(assignment.language)
        shown = _shares(articles, max_chars=policy.max_input_chars)
        values = {"language": language, "audiences": list(readers), "min_words": located.MIN_WORDS}
        limits = {name: LIMITS[part] for name, part in _PARTS.items()}
        return Brief(
            instructions=self._render("instructions.txt.j2", **values, limits=limits),
            prompt=self._render("articles.txt.j2", language=language, articles=list(_fenced(articles, shown))),
            articles=articles,
        )

    def complaint(self, faults: Sequence[str], *, language: Language) -> str:
        """Return what to tell a model about its answer."""
        return self._render("complaint.txt.j2", faults=list(faults), language=_language_name(language))

    def _render(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(**values).strip()


def _chosen(assignment: Assignment) -> Iterator[tuple[str, Article]]:
    own = [article for article in assignment.dossier.articles if article.text.strip() or article.title.strip()]
    # One of each publisher first: copies of one agency's text say nothing new.
    firsts = {article.publisher: article for article in reversed(own)}
    ranked = sorted(own, key=lambda article: firsts[article.publisher] is not article)
    for number, article in enumerate(ranked[:MAX_ARTICLES], start=1):
        yield f"a{number}", article
    before = [article for dossier in reversed(assignment.earlier) for article in dossier.articles[:1]]
    for number, article in enumerate(before[:MAX_EARLIER], start=1):
        yield f"b{number}", article


def _shares(articles: Mapping[str, Article], *, max_chars: int) -> dict[str, int]:
    """Return how many characters of each article are shown: short ones whole, the others alike."""
    left, shares = max_chars, {}
    by_length = sorted(articles, key=lambda short_id: len(articles[short_id].text))
    for position, short_id in enumerate(by_length):
        shares[short_id] = min(len(articles[short_id].text), left // (len(by_length) - position))
        left -= shares[short_id]
    return shares


def _fenced(articles: Mapping[str, Article], shares: Mapping[str, int]) -> Iterator[dict[str, object]]:
    for short_id, article in articles.items():
        title = "" if orders.is_order(article.title) else _harmless(article.title)
        text = _harmless(orders.without(article))
        yield {
            "id": short_id,
            "publisher": _harmless(article.publisher).replace('"', "'"),
            "language": article.language,
            "day": article.dated_at.date().isoformat(),
            "title": " ".join(title.split()),
            "text": _cut(text, shares[short_id]),
            "is_earlier": short_id.startswith("b"),
        }


def _harmless(text: str) -> str:
    """Return *text* without what could end the fence, start a turn, or hide from a reader's eye."""
    seen = "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in _UNSEEN)
    return _TURNS.sub(r"(\1)", seen.translate(_FENCES))


def _cut(text: str, max_chars: int) -> str:
    if len(text) <= max_chars:
        return text
    cut = text[:max_chars]
    ends = [cut.rfind(mark) + 1 for mark in (". ", "。", "\n", "！", "? ", "! ")]
    return cut[: max(ends)] if max(ends) > max_chars // 2 else cut


def _language_name(language: Language) -> str:
    try:
        return Locale.parse(language).get_display_name("en") or language
    except (ValueError, LookupError):
        return language
