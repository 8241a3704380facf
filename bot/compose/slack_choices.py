"""The form in which a person chooses their own weekly message."""

from collections.abc import Sequence

from bot.compose import actions, locales, slack_forms
from bot.compose.blocks import MAX_TEXT_CHARS, block, plain
from bot.compose.voice import Voice
from bot.model.audience import Audience
from bot.model.subscriber import Subscription
from bot.model.values import Json, Language

HOURS = 24


def subscribe(
    audiences: Sequence[Audience],
    *,
    languages: Sequence[Language],
    chosen: Subscription,
    voice: Voice,
    metadata: str = "",
) -> Json:
    """
    Return the form that asks for audiences, day, hour and language, filled with what is *chosen*.

    No audience means all; one language alone is not asked for.
    """
    names = voice.policy.audience_names | voice.policy.audience_names_in.get(voice.language, {})
    offered = [(each.id, names.get(each.id, each.name)) for each in audiences][: slack_forms.MAX_OPTIONS]
    days = list(enumerate(day_names(voice.language)))
    hours = [(hour, f"{hour:02d}:00") for hour in range(HOURS)]
    tongues = [(language, locales.own_name(language)) for language in languages]
    zone = voice.words("command/subscribe.mrkdwn.j2")
    everything, picked = voice.label("choose_audiences"), chosen.audiences
    fields = [
        *block("section", zone),
        *(
            [several("subscribe_audiences", offered, chosen=picked, voice=voice, placeholder=everything)]
            if offered
            else []
        ),
        one("subscribe_day", [(str(day), name) for day, name in days], chosen=str(chosen.day), voice=voice),
        one("subscribe_hour", [(str(hour), name) for hour, name in hours], chosen=str(chosen.hour), voice=voice),
        *([one("subscribe_language", tongues, chosen=chosen.language, voice=voice)] if len(tongues) > 1 else []),
    ]
    return slack_forms.view(
        fields,
        title="subscribe_title",
        voice=voice,
        metadata=metadata,
        callback=actions.SUBSCRIBE_FORM,
        submit="subscribe_save",
    )


def mutes(muted: Sequence[str], *, voice: Voice) -> Json:
    """Return the form in which a person changes all their muted words, one in a line."""
    field = slack_forms.text_field("mutes", voice=voice, max_chars=MAX_TEXT_CHARS, optional=True)
    element = field["element"]
    if muted and isinstance(element, dict):
        field["element"] = {**element, "initial_value": "\n".join(muted)}
    return slack_forms.view(
        [field],
        title="mutes_title",
        voice=voice,
        metadata=actions.FROM_HOME,
        callback=actions.MUTES_FORM,
        submit="subscribe_save",
    )


def day_names(language: Language) -> list[str]:
    """Return the names of the days of the week in *language*, Monday first."""
    names = locales.locale_of(language).days["stand-alone"]["wide"]
    return [str(names[day]) for day in range(7)]


def several(
    name: str, options: Sequence[tuple[str, str]], *, chosen: Sequence[str], voice: Voice, placeholder: str = ""
) -> Json:
    """Return a form's field to choose none or more of *options* (value, words), with those of *chosen* chosen."""
    shown = {value: _option(value, words) for value, words in options}
    element: Json = {"type": "multi_static_select", "action_id": "value", "options": [*shown.values()]}
    if placeholder:
        element["placeholder"] = plain(placeholder)
    if initial := [shown[value] for value in chosen if value in shown]:
        element["initial_options"] = [*initial]
    return {
        "type": "input",
        "block_id": name,
        "label": plain(voice.label(name)),
        "element": element,
        "optional": True,
    }


def one(name: str, options: Sequence[tuple[str, str]], *, chosen: str, voice: Voice) -> Json:
    """Return a form's field to choose one of *options* (value, words); *chosen* must be among them."""
    field = slack_forms.choice_field(name, options, voice=voice)
    element = field["element"]
    initial = [_option(value, words) for value, words in options if value == chosen]
    if initial and isinstance(element, dict):
        field["element"] = {**element, "initial_option": initial[0]}
    return field


def _option(value: str, words: str) -> Json:
    return {"text": plain(words), "value": value}
