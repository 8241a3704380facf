import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.collect.normalize import canonical_url


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example/AI/Post", "https://news.example/AI/Post"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://news.example", "https://news.example/"),
        ("https://news.example./a", "https://news.example/a"),
        ("https://news.example/a#comments", "https://news.example/a"),
        ("https://user:word@news.example/a", "https://news.example/a"),
        ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
        ("https://news.example/新闻", "https://news.example/%E6%96%B0%E9%97%BB"),
        ("https://news.example/%e6%96%b0", "https://news.example/%E6%96%B0"),
        ("https://news.example/%7Ealva", "https://news.example/~alva"),
        ("  https://news.example/a\n", "https://news.example/a"),
    ],
)
def test_one_page_has_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "query",
    [
        "utm_source=rss&utm_medium=feed",
        "UTM_Source=rss",
        "fbclid=abc",
        "gclid=1&msclkid=2",
        "mc_cid=1&mc_eid=2",
        "at_medium=RSS&at_campaign=KARANGA",
        "amp;utm_source=x",
        "",
        "&&",
    ],
)
def test_tracking_parameters_are_removed(query: str) -> None:
    assert canonical_url(f"https://news.example/a?{query}") == "https://news.example/a"


@pytest.mark.parametrize(
    "query", ["id=7&utm=1", "q=a+b", "p=1&p=2", "v=x%26y", "page=2", "b=1&a=2", "empty=", "bare", "ref=main"]
)
def test_real_parameters_stay_in_their_order(query: str) -> None:
    assert canonical_url(f"https://news.example/a?utm_source=rss&{query}") == f"https://news.example/a?{query}"


@pytest.mark.parametrize(
    "link",
    [
        "https://www.google.com/url?rct=j&sa=t&url=https://news.example/a%3Fid%3D7&ct=ga",
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fnews.example%2Fa%3Fid%3D7%26utm_source%3Dfb&h=1",
        "https://www.bing.com/news/apiclick.aspx?ref=FexRss&url=https%3a%2f%2fnews.example%2fa%3fid%3d7",
        "https://www.bing.com/ck/a?!&&u=a1aHR0cHM6Ly9uZXdzLmV4YW1wbGUvYT9pZD03&ntb=1",
        "https://link.zhihu.com/?target=https%3A//news.example/a%3Fid%3D7",
        "https://nam.safelinks.protection.outlook.com/?url=https%3A%2F%2Fnews.example%2Fa%3Fid%3D7&data=1",
        "https://go.theregister.com/feed/news.example/a?id=7",
        "https://news-example.cdn.ampproject.org/c/s/news.example/a?id=7",
        "https://rd.yahoo.com/news/rss/*https://news.example/a?id=7",
    ],
)
def test_a_redirector_is_replaced_by_its_target(link: str) -> None:
    assert canonical_url(link) == "https://news.example/a?id=7"


def test_redirectors_in_redirectors_are_followed() -> None:
    outer = "https://www.google.com/url?url=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fnews.example%252Fa"

    assert canonical_url(outer) == "https://news.example/a"


@pytest.mark.parametrize(
    "link",
    [
        "https://news.example/url?url=https://else.example/",
        "https://www.google.com/url?url=javascript:alert(1)",
        "https://notgoogle.example/url?q=https://else.example/",
    ],
)
def test_other_links_keep_the_addresses_in_their_parameters(link: str) -> None:
    assert "else.example" in canonical_url(link) or "javascript" in canonical_url(link)


@pytest.mark.parametrize(
    "text", ["", "tag:news.example,2026:1", "mailto:a@b.example", "http://[broken", "http://a:b:c/"]
)
def test_what_is_no_web_address_stays_as_it_is(text: str) -> None:
    assert canonical_url(text) == text


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_canonical_url_is_its_own_canonical_url(path: str, query: str) -> None:
    once = canonical_url(f"https://news.example/{path}?{query}")

    assert canonical_url(once) == once
