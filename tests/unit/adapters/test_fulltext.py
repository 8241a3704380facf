"""Article pages are read as robots.txt allows, and only their text is kept."""

from bot.adapters.fulltext import MAX_PAGE_BYTES, PageReader
from bot.model.errors import SourceError, SourceGone, SourceUnavailable

PAGE = b"""<html><head><title>Ostra opens plant</title></head><body>
<nav><a href="/">Home</a> <a href="/about">About us</a></nav>
<article><h1>Ostra opens plant</h1>
<p>Ostra Systems on Monday opened a second battery plant in the north of Sweden that can make cells for 90,000 cars.</p>
<p>The plant in Kiruna employs 640 people and will recycle its own waste water, which no other plant there does.</p>
</article><footer>All rights reserved</footer></body></html>"""
URL = "https://tarn.example/plant"
ROBOTS = "https://tarn.example/robots.txt"


class FakeWeb:
    """Answers from a dictionary and remembers what was asked."""

    def __init__(self, answers: dict[str, bytes | SourceError]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        answer = self.answers.get(url, SourceUnavailable("tarn", "it answered 404.", status=404))
        if isinstance(answer, SourceError):
            raise answer
        return answer


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


def a_reader(web: FakeWeb, time: FakeTime | None = None, *, budget_s: float = 60.0) -> PageReader:
    clock = time or FakeTime()
    return PageReader(
        web.fetch, user_agent="Recap/0.1", budget_s=budget_s, sleep=clock.sleep, monotonic=clock.monotonic
    )


def test_text_of_a_page_comes_in_paragraphs_without_its_frame() -> None:
    texts = a_reader(FakeWeb({URL: PAGE})).fetch_texts({"a1": URL})

    assert "north of Sweden that can make cells for 90,000 cars.\n\nThe plant in Kiruna employs" in texts["a1"]
    assert "About us" not in texts["a1"]


def test_forbidden_page_is_not_fetched() -> None:
    web = FakeWeb({URL: PAGE, ROBOTS: b"User-agent: *\nDisallow: /plant"})

    assert a_reader(web).fetch_texts({"a1": URL}) == {}
    assert web.asked == [ROBOTS]


def test_rule_for_our_name_goes_before_the_rule_for_all() -> None:
    web = FakeWeb({URL: PAGE, ROBOTS: b"User-agent: Recap\nAllow: /\n\nUser-agent: *\nDisallow: /"})

    assert set(a_reader(web).fetch_texts({"a1": URL})) == {"a1"}


def test_missing_robots_txt_forbids_nothing_and_a_gone_one_neither() -> None:
    for absent in (SourceUnavailable("tarn", status=404), SourceGone("tarn")):
        assert set(a_reader(FakeWeb({URL: PAGE, ROBOTS: absent})).fetch_texts({"a1": URL})) == {"a1"}


def test_unreachable_robots_txt_forbids_everything() -> None:
    for trouble in (SourceUnavailable("tarn", status=503), SourceUnavailable("tarn", "timed out")):
        assert a_reader(FakeWeb({URL: PAGE, ROBOTS: trouble})).fetch_texts({"a1": URL}) == {}


def test_robots_txt_is_read_once_per_host_and_a_page_once() -> None:
    other = "https://tarn.example/other"
    web = FakeWeb({URL: PAGE, other: PAGE})
    reader = a_reader(web)

    reader.fetch_texts({"a1": URL, "a2": other})
    reader.fetch_texts({"a1": URL})

    assert web.asked == [ROBOTS, URL, other]


def test_page_that_fails_costs_only_itself() -> None:
    web = FakeWeb({"https://tarn.example/b": PAGE, URL: SourceUnavailable("tarn", status=500)})

    assert set(a_reader(web).fetch_texts({"a1": URL, "a2": "https://tarn.example/b"})) == {"a2"}


def test_crawl_delay_is_kept() -> None:
    time = FakeTime()
    web = FakeWeb({URL: PAGE, URL + "2": PAGE, ROBOTS: b"User-agent: *\nCrawl-delay: 4"})

    texts = a_reader(web, time).fetch_texts({"a1": URL, "a2": URL + "2"})

    assert (set(texts), time.slept) == ({"a1", "a2"}, [4.0])


def test_host_that_asks_for_too_much_patience_is_left_alone() -> None:
    web = FakeWeb({URL: PAGE, ROBOTS: b"User-agent: *\nCrawl-delay: 600"})

    assert a_reader(web).fetch_texts({"a1": URL}) == {}


def test_nothing_is_fetched_after_the_budget() -> None:
    web = FakeWeb({URL: PAGE})

    assert a_reader(web, budget_s=0.0).fetch_texts({"a1": URL}) == {}
    assert web.asked == []


def test_huge_page_and_page_without_text_are_missing() -> None:
    huge = PAGE + b" " * MAX_PAGE_BYTES
    web = FakeWeb({URL: huge, URL + "2": b"", URL + "3": b"\x00\xff\xfe"})

    assert a_reader(web).fetch_texts({"a1": URL, "a2": URL + "2", "a3": URL + "3"}) == {}


def test_address_that_is_no_web_page_is_left_out() -> None:
    web = FakeWeb({})

    assert a_reader(web).fetch_texts({"a1": "", "a2": "file:///etc/passwd", "a3": "https://[bad"}) == {}
    assert web.asked == []
