import pytest

from bot.understand import places


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("AI in South Korea—a blueprint", "en", {"KR"}),
        ("U.S. sues Japan’s chip maker", "en", {"US", "JP"}),
        ("韩国的人工智能蓝图", "zh", {"KR"}),
        ("Island verbietet Walfang", "de", {"IS"}),
        ("Norway opens an archive", "und", {"NO"}),
    ],
)
def test_countries_are_known_by_the_names_of_the_titles_language(title: str, language: str, expected: set[str]) -> None:
    assert places.countries(title, language) == expected


@pytest.mark.parametrize("title", ["The island of dreams", "Jordan Weller leaves Halcyon", "Trust us, says Quill"])
def test_what_is_called_like_a_country_is_none(title: str) -> None:
    assert places.countries(title, "en") == frozenset()


def test_titles_differ_only_if_both_name_countries_and_none_in_common() -> None:
    japan, korea = frozenset({"JP"}), frozenset({"KR"})

    assert places.differ(japan, korea)
    assert not places.differ(japan, japan | korea)
    assert not places.differ(japan, frozenset())
