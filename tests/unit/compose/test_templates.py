from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from bot.adapters.templates import JinjaRenderer
from bot.model.errors import TemplateBroken
from tests.builders_cards import TEMPLATES, a_renderer

ASKED_BY_NAME = {
    "Latest", "Subscribe", "Fresh", "Recent", "Stale", "New", "Developing", "Resolved",
    "Coverage", "Source", "Recency", "Engagement", "Novelty", "Momentum", "Offer", "Topic", "Feedback", "Pin",
    "Read this week's curated digest of top %(topic)s events →",
    "Read this week's curated digest of top events →",
}  # fmt: skip
"""What code looks up in the catalogue, rather than a template."""


def a_folder(tmp_path: Path, **templates: str) -> JinjaRenderer:
    for name, text in templates.items():
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")
    return JinjaRenderer(tmp_path, languages=("en",))


def messages_of_templates() -> set[str]:
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "extensions": "jinja2.ext.do"}
    found: set[str] = set()
    for path in TEMPLATES.rglob("*.j2"):
        with path.open("rb") as file:
            for _, _, message, _ in babel_extract(file, ("_", "gettext", "ngettext"), (), options):
                found.add(str(message[0] if isinstance(message, tuple) else message))
    return found


def test_every_message_has_its_chinese_words_and_the_catalogue_no_others() -> None:
    with (TEMPLATES / "locale/zh/LC_MESSAGES/recap.po").open("rb") as file:
        catalogue = read_po(file, locale="zh")

    translated = {message.id[0] if message.pluralizable else message.id for message in catalogue if message.string}
    translated.discard("")  # the catalogue's head

    assert translated ^ (messages_of_templates() | ASKED_BY_NAME) == set()


def test_chinese_words_keep_the_slots_of_the_english() -> None:
    with (TEMPLATES / "locale/zh/LC_MESSAGES/recap.po").open("rb") as file:
        faults = list(read_po(file, locale="zh").check())

    assert faults == []


@pytest.mark.parametrize(
    ("template", "rendered"),
    [
        ("a.html.j2", "R&amp;D &lt;b&gt; *x*"),
        ("a.mjml.j2", "R&amp;D &lt;b&gt; *x*"),
        ("a.mrkdwn.j2", "R&amp;D &lt;b&gt; ∗x∗"),
        ("a.txt.j2", "R&D <b> *x*"),
    ],
)
def test_escaping_follows_the_templates_name(tmp_path: Path, template: str, rendered: str) -> None:
    renderer = a_folder(tmp_path, **{template: "{{ value }}"})

    assert renderer.render(template, language="en", value="R&D <b> *x*") == rendered


def test_words_inside_a_translated_sentence_are_escaped_once(tmp_path: Path) -> None:
    text = "{% trans name=value, page=link('https://a.example', value) %}*{{ name }}* {{ page }}{% endtrans %}"
    renderer = a_folder(tmp_path, **{"a.mrkdwn.j2": text})

    assert renderer.render("a.mrkdwn.j2", language="en", value="R&D") == "*R&amp;D* <https://a.example|R&amp;D>"


@pytest.mark.parametrize("text", ["{{ missing }}", "{{ value.nothing }}", "{{ value }}", "{% if %}"])
def test_a_template_without_its_values_is_an_error(tmp_path: Path, text: str) -> None:
    renderer = a_folder(tmp_path, **{"a.html.j2": text})

    with pytest.raises(TemplateBroken, match=r"templates/a\.html\.j2"):
        renderer.render("a.html.j2", language="en", value=None)


def test_a_template_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TemplateBroken):
        a_folder(tmp_path).render("none.html.j2", language="en")


def test_a_tag_that_mjml_does_not_know_is_an_error(tmp_path: Path) -> None:
    renderer = a_folder(tmp_path, **{"a.mjml.j2": "<mjml><mj-body><mj-sections></mj-sections></mj-body></mjml>"})

    with pytest.raises(TemplateBroken, match="MJML does not know <mj-sections>"):
        renderer.mjml("a.mjml.j2", language="en")


def test_mjml_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    renderer = a_folder(tmp_path, **{"a.mjml.j2": "<mjml><mj-body></mjml>"})

    with pytest.raises(TemplateBroken, match="MJML says"):
        renderer.mjml("a.mjml.j2", language="en")


@pytest.mark.parametrize(
    ("language", "template", "shown"),
    [
        ("en", "{{ '2026-11-16'|days('2026-11-22') }}", "16–22 Nov 2026"),
        ("en", "{{ '2026-10-26'|days('2026-11-01') }}", "26 Oct – 1 Nov 2026"),
        ("zh", "{{ '2026-11-16'|days('2026-11-22') }}", "2026年11月16日至22日"),
        ("en", "{{ '2023'|timeline_date }} {{ '2023-05'|timeline_date }}", "2023 May 2023"),
        ("en", "{{ 'about 2023'|timeline_date }}", "about 2023"),
        ("en", "{{ 'zh'|language_name }} {{ 'xx'|language_name }}", "Chinese xx"),
        ("zh", "{{ 'en'|language_name }}", "英语"),
        ("xx", "{{ 1412|number }}", "1,412"),
        ("en", "{{ 'ar'|direction }} {{ 'zh'|direction }}", "rtl ltr"),
    ],
)
def test_dates_numbers_and_languages_follow_the_locale(
    tmp_path: Path, language: str, template: str, shown: str
) -> None:
    (tmp_path / "a.txt.j2").write_text(template, encoding="utf-8")

    assert JinjaRenderer(tmp_path, languages=("en", "zh")).render("a.txt.j2", language=language) == shown


def test_a_language_without_a_catalogue_reads_english() -> None:
    html = a_renderer().render("slack/event/attribution.mrkdwn.j2", language="fr", card={"analyst": "extractive"})

    assert html.startswith("Automatically curated news aggregator.")
