"""People, modals and answers of the stand-in workspace: what Slack would refuse of them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Condition

from pydantic import JsonValue

from tests.fakes import slack_blocks

Json = dict[str, JsonValue]

MOST_ANSWERS = 5
"""By one response_url. Source: CONVENTIONS S44."""
_ANSWER_FIELDS = {
    "text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "unfurl_links",
    "unfurl_media", "metadata", "thread_ts", "mrkdwn",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """An answer by a response_url."""

    place: str
    """Which response_url: the last part of its path; empty where it came without one."""
    message: Json

    @property
    def text(self) -> str:
        """All that a reader sees of it."""
        return "\n".join(slack_blocks.texts(self.message.get("blocks"))) or str(self.message.get("text"))


@dataclass(frozen=True, slots=True)
class Shown:
    """A view as somebody sees it now."""

    id: str
    trigger: str
    user: str
    view: Json


@dataclass
class Desk:
    """What readers of the workspace see of the app besides channels."""

    users: dict[str, Json] = field(default_factory=dict)
    """Id → tz, locale, is_admin."""
    said: list[Said] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    """Every view that was opened, pushed, published or updated, oldest first."""
    published: list[tuple[str, str]] = field(default_factory=list)
    """Whose Home was published, with the hash of the one whose place it was to take."""
    closes_at_once: bool = False
    """Whether what is opened is closed before it can be updated."""
    changed: Condition = field(default_factory=Condition)

    def respond(self, place: str, message: Json) -> tuple[int, str]:
        """Take an answer as hooks.slack.com would; return status and body."""
        fault = self._answer_fault(place, message)
        if fault:
            return (404 if fault == "used_url" else 400), fault
        with self.changed:
            self.said.append(Said(place, message))
            self.changed.notify_all()
        return 200, "ok"

    def await_answers(self, count: int, *, timeout_s: float = 20) -> list[Said]:
        """Return all answers as soon as there are *count*."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.said) >= count, timeout_s), f"{len(self.said)} answers"
            return list(self.said)

    def await_answer(self, place: str, *, timeout_s: float = 20) -> Said:
        """Return the first answer by the response_url of *place* as soon as it is there."""
        with self.changed:
            assert self.changed.wait_for(lambda: any(each.place == place for each in self.said), timeout_s), place
            return next(each for each in self.said if each.place == place)

    def await_views(self, count: int, *, timeout_s: float = 20) -> list[Shown]:
        """Return all views as soon as there are *count*."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.shown) >= count, timeout_s), f"{len(self.shown)} views"
            return list(self.shown)

    def show_ephemeral(self, given: Json) -> None:
        """Take what only one person sees in a channel, posted without a response_url."""
        with self.changed:
            self.said.append(Said("", given))
            self.changed.notify_all()

    def users_info(self, given: Mapping[str, JsonValue]) -> Json:
        user = self.users.get(str(given.get("user")))
        if user is None:
            return {"ok": False, "error": "user_not_found"}
        locale = {} if str(given.get("include_locale")).lower() in ("1", "true") else {"locale": None}
        return {"ok": True, "user": {"id": given.get("user"), **user, **locale}}

    def open_view(self, given: Mapping[str, JsonValue]) -> Json:
        trigger = str(given.get("trigger_id") or "")
        if not trigger:
            return {"ok": False, "error": "invalid_trigger_id"}
        if any(each.trigger == trigger for each in self.shown):
            return {"ok": False, "error": "exchanged_trigger_id"}
        return self._show(given, kind="modal", view_id=f"V{len(self.shown):04}", trigger=trigger)

    def publish_view(self, given: Mapping[str, JsonValue]) -> Json:
        user = str(given.get("user_id") or "")
        if not user:
            return {"ok": False, "error": "invalid_arguments"}
        known = [str(number) for number, each in enumerate(self.shown, 1) if each.user == user]
        wanted = str(given.get("hash") or "")
        if wanted and wanted not in known[-1:]:
            return {"ok": False, "error": "hash_conflict"}
        self.published.append((user, wanted))
        return self._show(given, kind="home", view_id=f"VHOME{user}", user=user)

    def update_view(self, given: Mapping[str, JsonValue]) -> Json:
        known = {each.id for each in self.shown}
        wanted = str(given.get("view_id") or "")
        if wanted not in known or self.closes_at_once:
            return {"ok": False, "error": "not_found"}
        return self._show(given, kind="modal", view_id=wanted)

    def _show(
        self, given: Mapping[str, JsonValue], *, kind: str, view_id: str, trigger: str = "", user: str = ""
    ) -> Json:
        view = given.get("view")
        faults = slack_blocks.view_faults(view, kind=kind)
        if faults or not isinstance(view, dict):
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": [*faults]}}
        with self.changed:
            self.shown.append(Shown(view_id, trigger, user, view))
            self.changed.notify_all()
        return {"ok": True, "view": {"id": view_id, "hash": f"{len(self.shown)}", **view}}

    def _answer_fault(self, place: str, message: Json) -> str:
        if Counter(each.place for each in self.said)[place] >= MOST_ANSWERS:
            return "used_url"
        if message.keys() - _ANSWER_FIELDS:
            return "invalid_payload"
        if message.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
            return "invalid_response_type"
        if not message.get("text"):
            return "no_text"
        faults = slack_blocks.faults(message["blocks"]) if message.get("blocks") else []
        return f"invalid_blocks: {faults}" if faults else ""
