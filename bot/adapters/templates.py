"""Templates: Jinja2 for all words, MJML for mail, gettext catalogues for languages."""

import io
from collections.abc import Callable, Sequence
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import jinja2
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup
from mjml import mjml2html

from bot.compose import drawn, locales, mrkdwn, plaintext, quotes
from bot.compose.words import shorten
from bot.model.errors import TemplateBroken
from bot.model.values import Language
from bot.ports import Renderer
from bot.rank import explain

SOURCE_LANGUAGE = "en"
"""The templates' own; it needs no catalogue."""


class JinjaRenderer(Renderer):
    """Renders the templates of one folder, in the languages that have a catalogue there."""

    def __init__(self, directory: Path, *, languages: Sequence[Language]) -> None:
        """Read the catalogues `locale/<language>/LC_MESSAGES/recap.po` under *directory*."""
        self._environments: dict[tuple[str, Language], jinja2.Environment] = {}
        for language in dict.fromkeys([SOURCE_LANGUAGE, *languages]):
            words = _catalogue(directory, language)
            for kind, build in (("html", _html), ("mrkdwn", _mrkdwn), ("txt", _plain)):
                self._environments[kind, language] = build(directory, language, words)

    def render(self, template: str, *, language: Language, **values: object) -> str:
        """
        Return *template* with *values*; an unknown language is rendered in English.

        Raises: TemplateBroken where the template or a value is missing.
        """
        environment = self._environment(template, language)
        try:
            return environment.get_template(template).render(language=language, **values)
        except jinja2.TemplateError as exc:
            raise TemplateBroken(f"templates/{template}: {exc}") from exc

    def mjml(self, template: str, *, language: Language, **values: object) -> str:
        """
        Return *template* as the HTML of a mail.

        Raises: TemplateBroken where MJML cannot read it or leaves one of its tags behind.
        """
        source = self.render(template, language=language, **values)
        try:
            html = str(mjml2html(source, disable_comments=True))
        except (ValueError, OSError) as exc:
            raise TemplateBroken(f"templates/{template}: MJML says {exc}") from exc
        # MJML passes tags that it does not know through, without a word.
        if "<mj-" in html or not html:
            left = html[html.find("<mj-") :].split(">", 1)[0]
            raise TemplateBroken(f"templates/{template}: MJML does not know {left}>.")
        return html

    def _environment(self, template: str, language: Language) -> jinja2.Environment:
        kind = "mrkdwn" if template.endswith(".mrkdwn.j2") else "txt" if template.endswith(".txt.j2") else "html"
        return self._environments.get((kind, language)) or self._environments[kind, SOURCE_LANGUAGE]


def _catalogue(directory: Path, language: Language) -> NullTranslations:
    path = directory / "locale" / language / "LC_MESSAGES" / "recap.po"
    if language == SOURCE_LANGUAGE or not path.exists():
        return NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _html(directory: Path, language: Language, words: NullTranslations) -> jinja2.Environment:
    environment = _environment(directory, language, words, autoescape=True)
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # put there by jinja2.ext.i18n
        words.gettext, words.ngettext, newstyle=True
    )
    environment.globals["safe_url"] = mrkdwn.href
    # Links to ourselves carry no host: whoever looks through a tunnel or another name stays there.
    environment.filters["path"] = lambda url: quote(unquote(urlsplit(url).path), safe="/") or "/"
    environment.filters["own_name"] = locales.own_name
    environment.filters["mrkdwn_html"] = lambda text: Markup(drawn.mrkdwn_html(text))  # noqa: S704  # safe HTML
    environment.filters["view_html"] = lambda view: Markup(drawn.view_html(view))  # noqa: S704  # safe HTML
    environment.filters["slack_html"] = lambda message: Markup(drawn.slack_html(message))  # noqa: S704  # safe HTML
    return environment


def _mrkdwn(directory: Path, language: Language, words: NullTranslations) -> jinja2.Environment:
    environment = _environment(directory, language, words, finalize=lambda value: mrkdwn.escape(_given(value)))

    def gettext(message: str) -> mrkdwn.Markup:
        return mrkdwn.Markup(words.gettext(message))

    def ngettext(one: str, many: str, number: int) -> mrkdwn.Markup:
        return mrkdwn.Markup(words.ngettext(one, many, number))

    environment.install_gettext_callables(gettext, ngettext, newstyle=False)  # type: ignore[attr-defined]
    environment.globals["link"] = mrkdwn.link
    environment.filters["short"] = shorten
    return environment


def _plain(directory: Path, language: Language, words: NullTranslations) -> jinja2.Environment:
    environment = _environment(directory, language, words)
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=False
    )
    environment.globals["note"] = lambda url: plaintext.note(mrkdwn.href(url) or url)
    environment.globals["notes_here"] = plaintext.NOTES_HERE
    return environment


def _environment(
    directory: Path,
    language: Language,
    words: NullTranslations,
    *,
    autoescape: bool = False,
    finalize: Callable[[object], object] | None = None,
) -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(directory),
        undefined=jinja2.StrictUndefined,
        # Slack's and the text environment escape in their own way, or are no markup at all.
        autoescape=autoescape,  # noqa: S701
        finalize=finalize or _given,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(locales.filters(language, words))
    environment.filters["by_article"] = quotes.by_article
    environment.filters["changes"] = explain.changes
    environment.filters["carried"] = explain.carried
    return environment


def _given(value: object) -> object:
    if value is None:
        raise jinja2.TemplateRuntimeError("a value is None where words are wanted")
    return value
