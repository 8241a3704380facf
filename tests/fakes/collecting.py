"""Fakes of what collecting needs from outside."""

from collections.abc import Iterable, Iterator, Sequence

from bot.collect import parse
from bot.model.article import Article, Decision
from bot.model.errors import SourceError, SourceUnavailable
from bot.model.source import FetchedDocument, FetchOutcome, FetchRequest, SourceState
from bot.ports import ParseOutcome


class FakeReader:
    """Answers from a table: source → document or error."""

    def __init__(self, answers: dict[str, FetchedDocument | SourceError]) -> None:
        self.answers = answers
        self.requests: list[FetchRequest] = []

    def fetch_each(self, requests: Sequence[FetchRequest]) -> Iterator[FetchOutcome]:
        for request in requests:
            self.requests.append(request)
            answer = self.answers.get(request.source, SourceUnavailable(request.source, "It answered 404 (Not Found)."))
            if isinstance(answer, SourceError):
                yield FetchOutcome(request, error=answer)
            else:
                yield FetchOutcome(request, document=answer)


class InProcessParser:
    """Parses here and now."""

    def parse_each(self, documents: Iterable[FetchedDocument]) -> Iterator[ParseOutcome]:
        for document in documents:
            try:
                yield ParseOutcome(document, feed=parse.document(document))
            except SourceError as exc:
                yield ParseOutcome(document, error=exc)


class FakeArticleStore:
    """Keeps states and articles in dictionaries; `polls` tells what was stored at once."""

    def __init__(self) -> None:
        self.states: dict[str, SourceState] = {}
        self.articles: dict[str, Article] = {}
        self.polls: list[tuple[str, list[str]]] = []

    def load_source_states(self) -> dict[str, SourceState]:
        return {slug: state.model_copy() for slug, state in self.states.items()}

    def load_known_articles(self, ids: Sequence[str]) -> dict[str, Article]:
        return {article_id: self.articles[article_id].model_copy() for article_id in ids if article_id in self.articles}

    def save_collected(self, state: SourceState, decisions: Sequence[Decision]) -> None:
        self.states[state.slug] = state
        for decision in decisions:
            self.articles[decision.article.id] = decision.article
        self.polls.append((state.slug, [decision.act for decision in decisions]))
