"""Config files come to model values, with the defaults that the starter files promise."""

from dataclasses import fields
from pathlib import Path

import pytest

from bot import __version__, settings
from bot.model.policy import ClusterPolicy, CollectPolicy, DeliverPolicy, FreshnessPolicy, MailingList
from bot.model.route import Destination, Medium
from bot.model.source import FullTextChoice, SourceKind
from tests.unit.settings.given import a_config, faults_of, load


def test_source_takes_what_it_leaves_out_from_its_slug_and_name(tmp_path: Path) -> None:
    directory = a_config(tmp_path, sources="sources:\n  - {slug: halden, url: https://halden.example/feed}\n")

    source = load(directory).sources[0]

    assert (source.name, source.publisher, source.kind, source.language) == ("halden", "halden", SourceKind.FEED, None)
    assert (source.weight, source.topics, source.full_text) == (1.0, [], FullTextChoice.AUTO)


def test_sources_may_share_a_publisher_in_its_own_script(tmp_path: Path) -> None:
    text = "sources:\n  - {slug: yun, url: https://yun.example, publisher: 云氪, language: zh, weight: 2}\n"
    directory = a_config(tmp_path, sources=text)

    source = load(directory).sources[0]

    assert (source.name, source.publisher, source.language, source.weight) == ("yun", "云氪", "zh", 2.0)


def test_path_of_a_directory_source_counts_from_the_config_directory(tmp_path: Path) -> None:
    text = "sources:\n  - {slug: week, kind: directory, url: feeds/week}\n"
    directory = a_config(tmp_path, sources=text)

    assert load(directory).sources[0].url == str((tmp_path / "feeds" / "week").resolve())


def test_route_takes_language_and_zone_from_the_recap(tmp_path: Path) -> None:
    directory = a_config(
        tmp_path, recap="timezone: Asia/Shanghai\nlanguages: [zh, en]\n", routes="routes:\n  - id: general\n"
    )

    route = load(directory).routes[0]

    assert (route.language, route.timezone, route.day, route.time) == ("zh", "Asia/Shanghai", 0, "09:00")
    assert (route.audiences, route.languages, route.topics) == (["*"], [], [])
    assert (route.max_events, route.min_events, route.min_score) == (10, 3, 0.0)


def test_route_has_rules_of_its_own(tmp_path: Path) -> None:
    text = """routes:
  - id: general
    mute: {words: [coupon], publishers: [Deal Daily]}
    boost: {words: [open source]}
    sections: audience
    thin_week: short
    review: required
    on_timeout: skip
    max_per_publisher: 2
"""

    route = load(a_config(tmp_path, routes=text)).routes[0]

    assert (route.mute.words, route.mute.publishers, route.boost.words) == (["coupon"], ["Deal Daily"], ["open source"])
    assert (route.sections, route.thin_week, route.on_timeout, route.max_per_publisher) == (
        "audience",
        "short",
        "skip",
        2,
    )


def test_recap_names_the_editors_channel_and_whom_to_remind(tmp_path: Path) -> None:
    text = 'review: {channel: "#editors", reviewers: [U0ADA, S0TEAM, U0ADA], nudge_hours: 2}\n'

    recap = load(a_config(tmp_path, recap=f"lists: [{{id: team}}]\n{text}")).recap

    assert (recap.review_channel, recap.reviewers, recap.nudge_hours) == ("#editors", ("U0ADA", "S0TEAM"), 2.0)


@pytest.mark.parametrize("audiences", ['"*"', '["*"]', '[founders, "*"]'])
def test_star_means_everyone(tmp_path: Path, audiences: str) -> None:
    directory = a_config(tmp_path, routes=f"routes:\n  - id: general\n    audiences: {audiences}\n")

    assert load(directory).routes[0].audiences == ["*"]


def test_destinations_are_channels_by_name_or_id_and_lists(tmp_path: Path) -> None:
    text = 'routes:\n  - id: a\n    destinations: [{slack: "#ai-新闻"}, {slack: C0AB12CD3}, {email: team}]\n'
    directory = a_config(tmp_path, routes=text)

    assert load(directory).routes[0].destinations == [
        Destination(medium=Medium.SLACK, id="#ai-新闻"),
        Destination(medium=Medium.SLACK, id="C0AB12CD3"),
        Destination(medium=Medium.EMAIL, id="team"),
    ]


def test_recap_sets_week_build_time_freshness_and_lists(tmp_path: Path) -> None:
    text = (
        "title: Weekly\n  Security  Recap\nweek_starts: sun\nbuild_at: {day: tue, time: 05:30}\n"
        "freshness: {fresh_hours: 12, recent_hours: 48}\nshortlist_factor: 3\nrelated_weeks: 2\n"
        "lists:\n  - id: team\n    from: News <news@example.org>\n"
        "    postal_address: |\n      Example\n      1 Street\n"
        "    members: [a@example.org, a@example.org]\n"
    )

    recap = load(a_config(tmp_path, recap=text)).recap

    assert (recap.title, recap.week_starts, recap.build_day, recap.build_time) == (
        "Weekly Security Recap",
        6,
        1,
        "05:30",
    )
    assert (recap.freshness, recap.shortlist_factor, recap.related_weeks) == (FreshnessPolicy(12.0, 48.0), 3.0, 2)
    assert recap.lists == (
        MailingList("team", "team", "News <news@example.org>", "Example, 1 Street", ("a@example.org",)),
    )


def test_list_without_sender_takes_the_environments(tmp_path: Path) -> None:
    directory = a_config(tmp_path, recap="lists:\n  - id: team\n")

    assert load(directory, {"RECAP_EMAIL_FROM": "us@example.org"}).recap.lists[0].sender == "us@example.org"
    assert load(directory).recap.lists[0].sender == "recap@recap.invalid"


def test_card_policy_knows_title_freshness_address_and_audience_names(tmp_path: Path) -> None:
    directory = a_config(
        tmp_path, audiences="audiences:\n  - {id: founders, name: Founders & Co, names: {zh: 创始人}}\n"
    )

    card = load(directory, {"RECAP_BASE_URL": "https://recap.example/"}).card

    assert (card.base_url, card.title, card.freshness) == ("https://recap.example", "Recap", FreshnessPolicy())
    assert card.audience_names == {"founders": "Founders & Co"}
    assert card.audience_names_in == {"en": {}, "zh": {"founders": "创始人"}}


@pytest.mark.parametrize(
    ("section", "kind"), [("collect", CollectPolicy), ("deliver", DeliverPolicy), ("cluster", ClusterPolicy)]
)
def test_every_number_of_a_policy_can_be_set_by_its_name(
    tmp_path: Path, section: str, kind: type[CollectPolicy | DeliverPolicy | ClusterPolicy]
) -> None:
    numbers = [field.name for field in fields(kind) if type(field.default) in (int, float)]
    lines = "".join(f"  {name}: 1\n" for name in numbers)

    policy = getattr(load(a_config(tmp_path, recap=f"{section}:\n{lines}")), section)

    assert {name: getattr(policy, name) for name in numbers} == dict.fromkeys(numbers, 1)
    assert numbers


def test_number_left_out_keeps_the_policys_default(tmp_path: Path) -> None:
    collect = load(a_config(tmp_path, recap="collect: {max_entries: 7}\n")).collect

    assert (collect.max_entries, collect.max_redirects) == (7, 5)


def test_signal_left_out_of_the_weights_does_not_count(tmp_path: Path) -> None:
    ranking = load(a_config(tmp_path, ranking="weights: {coverage: 2, recency: 0.5}\nmax_per_publisher: 1\n")).ranking

    assert ranking.weights == {"coverage": 2.0, "recency": 0.5}
    assert (ranking.max_per_publisher, ranking.recency_half_life_hours) == (1, 72.0)


def test_ranking_without_weights_keeps_the_default_ones(tmp_path: Path) -> None:
    assert load(a_config(tmp_path, ranking="coverage_full: 3\n")).ranking.weights["coverage"] == 0.35


@pytest.mark.parametrize(
    ("contact", "agent"),
    [
        ("", "+https://recap.example"),
        ("contact: https://team.example/bot\n", "+https://team.example/bot"),
        ("contact: bot@team.example\n", "+mailto:bot@team.example"),
    ],
)
def test_user_agent_says_whom_to_write_to(tmp_path: Path, contact: str, agent: str) -> None:
    directory = a_config(tmp_path, recap=f"title: Recap\n{contact}")

    collect = load(directory, {"RECAP_BASE_URL": "https://recap.example"}).collect

    assert collect.user_agent == f"Recap/{__version__} ({agent})"


def test_missing_audiences_ranking_and_playbook_are_lent_by_the_defaults(tmp_path: Path) -> None:
    directory = a_config(tmp_path, routes="routes:\n  - {id: a, audiences: [designers]}\n")
    for name in ("audiences.yaml", "ranking.yaml", "playbook.yaml"):
        (directory / name).unlink()

    loaded = settings.load(directory, environment={}, defaults=settings.shipped_directory())

    assert "designers" in loaded.card.audience_names
    assert len(loaded.playbook.entries) >= 40


def test_lent_playbook_leaves_out_advice_for_audiences_that_are_not_ours(tmp_path: Path) -> None:
    directory = a_config(tmp_path)
    (directory / "playbook.yaml").unlink()

    loaded = settings.load(directory, environment={}, defaults=settings.shipped_directory())

    assert {entry.audience for entry in loaded.playbook.entries} == {"*", "founders", "engineers"}


def test_playbook_keeps_kinds_in_order_and_advice_in_every_language(tmp_path: Path) -> None:
    text = (
        "kinds:\n  - {id: outage, name: Outage, keywords: {en: [down], zh: [宕机]}}\n  - {id: release}\n"
        "advice:\n  - {kind: other, text: {en: 'Read {publisher}.', zh: '读{publisher}。'}}\n"
    )

    playbook = load(a_config(tmp_path, playbook=text)).playbook

    assert [(kind.id, kind.name) for kind in playbook.kinds] == [("outage", "Outage"), ("release", "release")]
    assert playbook.kinds[0].keywords == {"en": ("down",), "zh": ("宕机",)}
    assert (playbook.entries[0].kind, playbook.entries[0].audience) == ("other", "*")
    assert playbook.entries[0].text == {"en": "Read {publisher}.", "zh": "读{publisher}。"}


def test_byte_order_mark_of_an_editor_is_no_fault(tmp_path: Path) -> None:
    directory = a_config(tmp_path, sources="\ufeffsources: []\n")

    assert faults_of(directory) == []


def test_list_is_open_and_takes_its_own_consent(tmp_path: Path) -> None:
    first = "  - {id: a, from: n@a.example, consent: {en: I agree., zh: 我同意。}}\n"
    rows = f"{first}  - {{id: b, from: n@a.example, sign_up: false}}\n"
    directory = a_config(tmp_path, recap=f"lists:\n{rows}embed_on: [https://Blog.example/, https://blog.example]\n")

    recap = load(directory).recap

    assert [(each.is_open, dict(each.consent)) for each in recap.lists] == [
        (True, {"en": "I agree.", "zh": "我同意。"}),
        (False, {}),
    ]
    assert recap.embed_on == ("https://blog.example",)


@pytest.mark.parametrize(
    ("origin", "reason"),
    [
        ("https://blog.example/page", "is not a site's origin; write scheme and host alone"),
        ("https://ü.example", "is not a site's origin; write scheme and host alone"),
        ("https://a.example; script-src *", "is not a URL"),
    ],
)
def test_site_that_is_no_origin_is_a_fault(tmp_path: Path, origin: str, reason: str) -> None:
    (fault,) = faults_of(a_config(tmp_path, recap=f"embed_on: ['{origin}']\n"))

    assert fault.startswith(f"recap.yaml:1:12: '{origin}' {reason}")
