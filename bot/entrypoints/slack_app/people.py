"""Who asks: a person of the workspace, with their language and time zone."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.model.values import Language

log = structlog.get_logger(__name__)

KEPT_S = 3600
"""How long we believe what Slack said of somebody."""
FAILED_S = 60
"""How long we do without, where Slack did not say."""
MOST_KEPT = 20_000
MAX_NAME_CHARS = 80
"""Slack's own limit of a display name."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the workspace."""

    workspace: str
    id: str
    language: Language = ""
    """That we speak; empty where theirs is another, or unknown."""
    timezone: str = "UTC"
    is_admin: bool = False
    """An administrator or owner of the workspace."""
    is_known: bool = True
    """Slack told of them just now, or lately."""
    name: str = ""
    """As others see it; empty where unknown."""


class People:
    """What Slack says of people, remembered for an hour."""

    def __init__(self, client: WebClient, *, languages: Sequence[Language]) -> None:
        """Ask *client*; *languages* are those that we speak."""
        self._client = client
        self._languages = languages
        self._known: dict[tuple[str, str], tuple[float, float, Person]] = {}
        self._guard = Lock()

    def person(self, workspace: str, user: str, *, at_most_s: float = KEPT_S) -> Person:
        """
        Return *user* of *workspace*; in UTC, no language of their own and no admin where Slack does not say.

        What Slack said *at_most_s* ago is good enough.
        """
        asked_at, kept_s, known = self._known.get((workspace, user), (0.0, 0.0, None))
        if known is not None and time.monotonic() < asked_at + min(kept_s, at_most_s):
            return known
        person, kept_s = self._fetch(workspace, user)
        with self._guard:
            while len(self._known) >= MOST_KEPT:
                del self._known[next(iter(self._known))]
            self._known[workspace, user] = (time.monotonic(), kept_s, person)
        return person

    def _fetch(self, workspace: str, user: str) -> tuple[Person, float]:
        try:
            said = self._client.users_info(user=user, include_locale=True).get("user") or {}
        except (SlackClientError, OSError) as exc:
            log.warning("slack.person_unknown", reason=type(exc).__name__)
            return Person(workspace, user, is_known=False), FAILED_S
        language = str(said.get("locale") or "").split("-")[0].lower()
        return Person(
            workspace,
            user,
            language if language in self._languages else "",
            _zone(str(said.get("tz") or "")),
            bool(said.get("is_admin") or said.get("is_owner")),
            name=_name(said),
        ), KEPT_S


def _name(said: Mapping[str, Any]) -> str:
    profile = said.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), said.get("real_name"), said.get("name"))
    return next((" ".join(str(name).split()) for name in names if name), "")[:MAX_NAME_CHARS]


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"
