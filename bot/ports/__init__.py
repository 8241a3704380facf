"""What is needed from outside, as Protocols."""

from bot.ports.outside import (
    Analyst,
    Clock,
    Embedder,
    FeedReader,
    FullText,
    ParseOutcome,
    Parser,
    Queue,
    Renderer,
    Sender,
    SenderCheck,
)
from bot.ports.storage import (
    ArticleStore,
    EventStore,
    InsightStore,
    Ledger,
    RecapStore,
    ScheduleStore,
    SearchHit,
    Store,
    SubscriberStore,
    VectorStore,
)
from bot.ports.vectors import Vector

__all__ = [
    "Analyst",
    "ArticleStore",
    "Clock",
    "Embedder",
    "EventStore",
    "FeedReader",
    "FullText",
    "InsightStore",
    "Ledger",
    "ParseOutcome",
    "Parser",
    "Queue",
    "RecapStore",
    "Renderer",
    "ScheduleStore",
    "SearchHit",
    "Sender",
    "SenderCheck",
    "Store",
    "SubscriberStore",
    "Vector",
    "VectorStore",
]
