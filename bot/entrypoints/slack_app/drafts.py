"""Drafts in the editors' channel: menus, buttons and forms that change, approve or reject them."""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, App

from bot.compose import actions, revise, slack_review, slack_review_forms
from bot.compose.actions import Touch
from bot.compose.revise import CardPart
from bot.compose.slack_review import Draft
from bot.compose.slack_review_forms import Typed
from bot.compose.voice import Voice
from bot.entrypoints.slack_app.forms import answer_of
from bot.entrypoints.slack_app.people import Person
from bot.entrypoints.slack_app.reception import Body, Reception, channel_of, team_of, user_of
from bot.entrypoints.slack_app.route_form import TRUSTED_S
from bot.model.digest import Digest, SlackMessage
from bot.model.errors import RecapError
from bot.model.values import Json
from bot.workflows import review_in_slack, review_recap
from bot.workflows.pool import Desk
from bot.workflows.review_recap import MAX_LINE_CHARS, Editor

FIELDS = ("review_reason", "review_text", "review_event", "review_line", "review_words")


def register(app: App, reception: Reception) -> None:
    """Listen for what editors press and send."""

    def pressed(ack: Ack, body: Body) -> None:
        ack()
        reception.act(body, lambda person: _press(person, body, reception))

    def sent(ack: Ack, body: Body) -> None:
        # Acknowledged when it is done: what cannot be done must not cost what was typed.
        ack(**_send(body, reception))

    app.action(actions.ON_DRAFT)(pressed)
    app.view(actions.REVIEW_FORM)(sent)


def _press(person: Person, body: Body, reception: Reception) -> None:
    touch, desk = Touch.parse(_value(body["actions"][0])), reception.bot.desk
    if touch is None or touch.act not in _ACTS:
        return
    voice = reception.voice(person, channel=channel_of(body))
    draft = review_in_slack.load(touch.draft, desk=desk)
    if draft is None or not review_in_slack.is_posted(touch.draft, channel_of(body), desk=desk):
        reception.say(body, slack_review.answer("gone", draft, voice=voice))
        return
    if not _may(body, reception):
        reception.say(body, slack_review.answer("denied", draft, voice=voice))
        return
    refusal = _out_of_date(touch, draft, desk=desk, voice=voice)
    if refusal is None and touch.act in slack_review_forms.ASKING:
        form = slack_review_forms.form(touch, draft, voice=voice, max_line_chars=MAX_LINE_CHARS)
        reception.client.views_open(trigger_id=body["trigger_id"], view=form)
        return
    if refusal := refusal or _done(touch, draft, person, reception, voice=voice):
        reception.say(body, refusal)
    _refresh(touch.draft, body, reception)


def _send(body: Body, reception: Reception) -> dict[str, Any]:
    """Do what a form asks; return how Slack is answered: by closing it, or by what stands in its place."""
    person, desk = reception.people.person(team_of(body), user_of(body)), reception.bot.desk
    voice, touch = reception.voice(person), Touch.parse(str(body["view"].get("private_metadata") or ""))
    draft = review_in_slack.load(touch.draft, desk=desk) if touch else None
    typed = {name: answer_of(body, name) for name in FIELDS}
    if touch is None or draft is None:
        return _instead(slack_review_forms.closing(_words("gone", draft, voice), voice=voice))
    if not _may(body, reception):
        return _instead(slack_review_forms.closing(_words("denied", draft, voice), voice=voice))
    if draft.is_open and draft.seen != touch.seen:
        again = slack_review_forms.form(touch, draft, voice=voice, max_line_chars=MAX_LINE_CHARS, typed=typed)
        return _instead(again)
    refusal = _out_of_date(touch, draft, desk=desk, voice=voice, typed=_text(typed))
    if refusal := refusal or _done(touch, draft, person, reception, voice=voice, typed=typed):
        return _instead(slack_review_forms.closing(refusal.text, voice=voice))
    reception.act(body, lambda _: _refresh(touch.draft, body, reception))
    return {}


def _may(body: Body, reception: Reception) -> bool:
    """Return whether who sent *body* may review: everybody whom the channel lets in, or administrators only."""
    settings = reception.bot.settings
    if not settings.recap.only_admins_review:
        return True
    person = reception.people.person(team_of(body), user_of(body), at_most_s=TRUSTED_S)
    return settings.slack.may_change(person.id, is_admin=person.is_admin)


def _out_of_date(touch: Touch, draft: Draft, *, desk: Desk, voice: Voice, typed: str = "") -> SlackMessage | None:
    """Return what is now, where the draft is not as the editor saw it; null where it is."""
    if not draft.is_open:
        return slack_review.answer("ended", draft, voice=voice, typed=typed)
    if draft.seen == touch.seen:
        return None
    act = draft.acts[-1] if draft.acts else None
    title = review_in_slack.title_of(act, draft.digest, desk=desk) if act else ""
    return slack_review.answer("changed", draft, voice=voice, act=act, title=title, typed=typed)


def _done(
    touch: Touch, draft: Draft, person: Person, reception: Reception, *, voice: Voice, typed: Typed | None = None
) -> SlackMessage | None:
    """Do it; return why not, where it cannot be done, or somebody was faster."""
    desk = reception.bot.desk
    editor = Editor(f"{person.name} ({person.id})" if person.name else person.id, voice.now)
    try:
        with reception.making:
            _ACTS[touch.act](touch, draft, editor, desk, typed or {})
    except RecapError as exc:
        now = review_in_slack.load(touch.draft, desk=desk)
        changed = _out_of_date(touch, now, desk=desk, voice=voice, typed=_text(typed or {})) if now else None
        return changed or slack_review.answer(
            "refused", draft, voice=voice, reason=exc.detail, typed=_text(typed or {})
        )
    return None


def _refresh(key: str, body: Body, reception: Reception) -> None:
    """Show the editors' channel what is now, by the ledger; while others send, in place of what was pressed."""
    bot = reception.bot
    with reception.telling:
        posts = review_in_slack.plan(key, desk=bot.desk, senders=bot.senders, now=bot.clock.now())
        if posts and bot.sending.send_posts(posts, now=bot.clock.now):
            return
    if draft := review_in_slack.load(key, desk=bot.desk):
        shown = review_in_slack.message(draft, desk=bot.desk, now=bot.clock.now())
        reception.say(body, shown, in_channel=True, replace=True)


def _value(action: Mapping[str, Any]) -> str:
    """Return the value of a button, or of what was chosen from a menu or a list."""
    return str((action.get("selected_option") or action).get("value") or "")


def _place(touch: Touch, draft: Draft) -> int:
    return [card.event_id for card in revise.in_order(draft.digest)].index(touch.event_id) + 1


def _moved(touch: Touch, draft: Draft, editor: Editor, desk: Desk, *, by: int) -> Digest:
    return review_recap.move(draft.digest, touch.event_id, _place(touch, draft) + by, editor, desk=desk)


def _to_top(touch: Touch, draft: Draft, editor: Editor, desk: Desk) -> Digest:
    if touch.event_id in draft.pins:
        return review_recap.pin(draft.digest, touch.event_id, editor, desk=desk)
    return review_recap.move(draft.digest, touch.event_id, 1, editor, desk=desk)


def _rewritten(draft: Draft, editor: Editor, desk: Desk, typed: Typed) -> Digest:
    event, part, text = typed["review_event"], CardPart(typed["review_line"]), typed["review_words"]
    return review_recap.rewrite(draft.digest, event, part, text=text, editor=editor, desk=desk)


_ACTS: Mapping[str, Callable[[Touch, Draft, Editor, Desk, Typed], Digest]] = {
    "up": lambda touch, draft, editor, desk, _: _moved(touch, draft, editor, desk, by=-1),
    "down": lambda touch, draft, editor, desk, _: _moved(touch, draft, editor, desk, by=1),
    "unpin": lambda touch, draft, editor, desk, _: _moved(touch, draft, editor, desk, by=0),
    "top": lambda touch, draft, editor, desk, _: _to_top(touch, draft, editor, desk),
    "pin": lambda touch, draft, editor, desk, _: review_recap.pin(draft.digest, touch.event_id, editor, desk=desk),
    "drop": lambda touch, draft, editor, desk, _: review_recap.drop(draft.digest, touch.event_id, editor, desk=desk),
    "add": lambda touch, draft, editor, desk, _: review_recap.add(draft.digest, touch.event_id, editor, desk=desk),
    "approve": lambda _, draft, editor, desk, __: review_recap.approve(draft.digest, editor, desk=desk),
    "reject": lambda _, draft, editor, desk, typed: review_recap.reject(
        draft.digest, typed["review_reason"], editor, desk=desk
    ),
    "note": lambda _, draft, editor, desk, typed: review_recap.note(
        draft.digest, typed["review_text"], editor, desk=desk
    ),
    "rewrite": lambda _, draft, editor, desk, typed: _rewritten(draft, editor, desk, typed),
}
"""What each act does to the draft as its editor saw it."""


def _text(typed: Typed) -> str:
    return next((typed[name] for name in ("review_text", "review_words", "review_reason") if typed.get(name)), "")


def _words(kind: str, draft: Draft | None, voice: Voice) -> str:
    return slack_review.answer(kind, draft, voice=voice).text


def _instead(view: Json) -> dict[str, Any]:
    return {"response_action": "update", "view": view}
