"""Citations, numbered: each distinct quote has one number, in order of appearance."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.model.article import Article
from bot.model.digest import Card, CardLine, CardSource
from bot.model.event import Dossier
from bot.model.insight import Citation, Claim
from bot.model.values import ArticleId, Language


@dataclass(frozen=True, slots=True)
class CitedArticle:
    """An article with the numbers of its quotes; *quotes* are those that no line of the card shows already."""

    publisher: str
    url: str
    language: Language
    numbers: list[int]
    quotes: list[CardSource]


def by_article(card: Card) -> list[CitedArticle]:
    """
    Return the sources of *card* by article, in order of appearance.

    An extracted line is its own quote: small places do not show it twice.
    """
    shown = {card.title, *(line.text for line in _lines(card))}
    cited: dict[ArticleId, CitedArticle] = {}
    for source in card.sources:
        article = cited.setdefault(
            source.article_id, CitedArticle(source.publisher, source.url, source.language, [], [])
        )
        article.numbers.append(source.number)
        if source.quote not in shown:
            article.quotes.append(source)
    return list(cited.values())


def _lines(card: Card) -> list[CardLine]:
    short = (card.whats_new, card.hook, card.what_changed, card.why_it_matters)
    return [*(line for line in short if line), *card.takeaways, *card.implications, *card.timeline]


class Numbering:
    """Gives quotes their numbers; knows the articles of *dossiers* only."""

    def __init__(self, dossiers: Iterable[Dossier]) -> None:
        """Remember whose articles may be quoted; the first dossier of an article counts."""
        self._articles: dict[ArticleId, Article] = {}
        self._numbers: dict[tuple[ArticleId, str], int] = {}
        self.sources: list[CardSource] = []
        for dossier in dossiers:
            for article in dossier.articles:
                self._articles.setdefault(article.id, article)

    def numbers_of(self, claim: Claim) -> list[int]:
        """Return the numbers of the claim's quotes, ascending; a quote from an article unknown here has none."""
        numbers = {self._number(citation) for citation in claim.citations if citation.article_id in self._articles}
        return sorted(numbers)

    def _number(self, citation: Citation) -> int:
        key = (citation.article_id, citation.quote)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            self.sources.append(_source(self._numbers[key], self._articles[citation.article_id], citation))
        return self._numbers[key]


def _source(number: int, article: Article, citation: Citation) -> CardSource:
    return CardSource(
        number=number,
        article_id=article.id,
        publisher=article.publisher,
        title=article.title,
        url=article.canonical_url or article.url,
        language=article.language,
        quote=citation.quote,
    )
