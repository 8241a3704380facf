"""What is needed from outside, as Protocols."""

from bot.ports.ledger import Ledger
from bot.ports.outside import (
    Analysis,
    Analyst,
    Assignment,
    Chunk,
    Clock,
    Embedder,
    FeedReader,
    FullText,
    JobQueue,
    ParseOutcome,
    Parser,
    Queue,
    Renderer,
    Sender,
    SenderCheck,
)
from bot.ports.people import SubscriberStore
from bot.ports.storage import (
    ArticleStore,
    EventStore,
    InsightStore,
    RecapStore,
    ScheduleStore,
    SearchHit,
    Store,
    UsageStore,
    VectorStore,
)
from bot.ports.vectors import Vector

__all__ = [
    "Analysis",
    "Analyst",
    "ArticleStore",
    "Assignment",
    "Chunk",
    "Clock",
    "Embedder",
    "EventStore",
    "FeedReader",
    "FullText",
    "InsightStore",
    "JobQueue",
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
    "UsageStore",
    "Vector",
    "VectorStore",
]
