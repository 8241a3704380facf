import pytest

from bot.collect import markup


def test_blocks_become_paragraphs_and_breaks_become_lines() -> None:
    text = markup.to_text(
        "<h2>Rain</h2><p>One <b>model</b>,\n two runs.</p><ul><li>a</li><li>b</li></ul>c<br>d<br><br>e"
    )

    assert text == "Rain\n\nOne model, two runs.\n\na\n\nb\n\nc\nd\n\ne"


def test_scripts_and_styles_leave_no_words() -> None:
    assert markup.to_text("<style>p{}</style><p>Kept</p><script>alert('x')</script>") == "Kept"


def test_entities_are_decoded_once() -> None:
    assert markup.to_text("<p>Q&amp;A &#8211; 3 &lt; 4&nbsp;km &amp;amp;</p>") == "Q&A – 3 < 4 km &amp;"


def test_plain_text_keeps_its_paragraphs() -> None:
    assert markup.to_text("First line\nstill first.\n\nSecond.") == "First line still first.\n\nSecond."


def test_angle_brackets_in_attributes_are_no_text() -> None:
    assert markup.to_text('<p><a href="https://a.example/" title="x > y">Link</a></p>') == "Link"


def test_only_web_links_survive() -> None:
    safe = markup.to_safe('<a href="javascript:alert(1)">a</a><a href="https://b.example/" onclick="x()">b</a>')

    assert safe == (
        '<a rel="noopener noreferrer nofollow">a</a>'
        '<a href="https://b.example/" rel="noopener noreferrer nofollow">b</a>'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<iframe src='https://evil.example/'></iframe>",
        "<form action='https://evil.example/'><input></form>",
        "<p style='background:url(javascript:alert(1))'>a</p>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
    ],
)
def test_nothing_that_runs_survives(source: str) -> None:
    safe = markup.to_safe(source).lower()

    assert not any(word in safe for word in ("script", "onerror", "iframe", "<form", "style", "data:"))


def test_control_characters_and_lone_surrogates_are_stripped() -> None:
    assert markup.clean("a\x00b\x08c\x1bd\x7fe\ud800f\ufefftab\there\n") == "abcdeftab\there\n"


def test_text_that_was_decoded_wrongly_is_mended() -> None:
    assert markup.clean("The modelâ€™s cafÃ©") == "The model’s café"


@pytest.mark.parametrize(
    "text", ["36氪获悉，今日", "Ð is a letter, Ã too", "naïve café", "„Zitat“ – größer", "Привет, мир"]
)
def test_right_text_is_left_alone(text: str) -> None:
    assert markup.clean(text) == text


@pytest.mark.parametrize(
    "ending",
    [
        "The post Halcyon opens its model appeared first on Tidal Wire.",
        "The post <Halcyon> first appeared on Tidal Wire.",
        "Read more",
        "Read more »",
        "Continue reading",
        "Continue reading “Halcyon opens its model” →",
        "Continue reading Halcyon opens its model on Tidal Wire…",
        "Read the full story at The Verge.",
        "[…]",
        "[...]",
        "[+1234 chars]",
        "(more…)",
        "阅读全文",
        "[…] Read more\n\nThe post A appeared first on B.",
    ],
)
def test_endings_of_publishing_systems_are_no_text(ending: str) -> None:
    assert markup.without_noise(f"Halcyon opened its weather model.\n\n{ending}") == "Halcyon opened its weather model."


@pytest.mark.parametrize(
    "text", ["We want to know more", "He wrote: read more books.", "Learn more words.", "There is more"]
)
def test_sentences_that_look_like_endings_stay(text: str) -> None:
    assert markup.without_noise(text) == text
