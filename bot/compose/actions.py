"""What clicks are called: names that messages already posted carry, so they never change."""

import re
from dataclasses import dataclass

from bot.model.values import EventId

USEFUL = "event_useful"
NOT_FOR_ME = "event_not_for_me"
WRONG = "event_wrong"
FOLLOW = "event_follow"
SHARE = "event_share"
INSIGHT = "event_insight"
"""Of buttons whose value is an event's id."""
MENU = "event_menu"
"""Of an overflow menu whose options' values are `ACTION:ID`, such as `event_useful:e0123456789`."""
ON_EVENT = (USEFUL, NOT_FOR_ME, WRONG, FOLLOW)
"""What a reader may do to any event that is shown."""
TURN = re.compile(r"answer_(?:previous|next)")
PREVIOUS = "answer_previous"
NEXT = "answer_next"
SHARE_ANSWER = "answer_share"
"""Of buttons below an answer, whose value is a `Query`."""
HOME_SUBSCRIBE = "home_subscribe"
HOME_UNSUBSCRIBE = "home_unsubscribe"
HOME_MUTES = "home_mutes"
HOME_UNFOLLOW = "home_unfollow"
"""Of buttons on the app's Home; the last one's value is an event's id."""
ROUTE_REMOVE = "route_remove"
"""Of the button in the form of a channel's own route."""
WRONG_FORM = "event_wrong_form"
FEEDBACK_FORM = "feedback_form"
SUBSCRIBE_FORM = "subscribe_form"
MUTES_FORM = "mutes_form"
ROUTE_FORM = "route_form"
"""Callbacks of modals."""
ON_DRAFT = re.compile(r"review_(?:menu|add|approve|reject|note|rewrite)")
"""What an editor may press below a draft; each carries a `Touch`."""
REVIEW_MENU = "review_menu"
REVIEW_ADD = "review_add"
REVIEW_APPROVE = "review_approve"
REVIEW_REJECT = "review_reject"
REVIEW_NOTE = "review_note"
REVIEW_REWRITE = "review_rewrite"
REVIEW_FORM = re.compile(r"review_(?:reject|note|rewrite)_form")
"""Of an action that asks for words: its name with `_form` behind it."""
FROM_HOME = "home"
"""What the metadata of a form says that was opened on Home, so that Home shows what it changed."""

MAX_WORDS_CHARS = 300


@dataclass(frozen=True, slots=True)
class Query:
    """A question that can be asked again: for another page, or for everybody in the channel."""

    verb: str
    words: str = ""
    page: int = 1

    def value(self, *, page: int | None = None) -> str:
        """Return the question as a button's value, for another *page* where one is named."""
        return f"{page or self.page} {self.verb} {self.words[:MAX_WORDS_CHARS]}".rstrip()

    @classmethod
    def parse(cls, value: str) -> "Query | None":
        """Return the question in a button's value; null where there is none."""
        found = re.fullmatch(r"(\d{1,4}) ([a-z]+)(?: (.*))?", value, re.DOTALL)
        return cls(found[2], found[3] or "", int(found[1])) if found else None


@dataclass(frozen=True, slots=True)
class Touch:
    """What an editor does to a draft, and in which state they saw it."""

    act: str
    draft: str
    """The digest's key."""
    seen: int
    """How many acts had changed the draft by then."""
    event_id: EventId = ""

    def value(self) -> str:
        """Return it as a button's, an option's or a form's value."""
        return f"{self.act} {self.seen} {self.draft} {self.event_id}".rstrip()

    @classmethod
    def parse(cls, value: str) -> "Touch | None":
        """Return what a value says; null where it is none of ours."""
        found = re.fullmatch(r"([a-z]{1,20}) (\d{1,6}) ([0-9a-f]{1,64})(?: (\w{1,40}))?", value, re.ASCII)
        return cls(found[1], found[3], int(found[2]), found[4] or "") if found else None
