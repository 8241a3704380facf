"""Citations, numbered: each distinct quote has one number, in order of appearance."""

from collections.abc import Iterable

from bot.model.article import Article
from bot.model.digest import CardSource
from bot.model.event import Dossier
from bot.model.insight import Citation, Claim
from bot.model.values import ArticleId


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
        url=article.url or article.canonical_url,
        language=article.language,
        quote=citation.quote,
    )
