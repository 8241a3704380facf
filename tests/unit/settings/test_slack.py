"""Who may change a channel's own route, and where routes stand."""

from pathlib import Path

import pytest

from tests.unit.settings.given import a_config, faults_of, load

LISTS = "lists:\n  - {id: team, from: news@example.org, postal_address: 1 Street}\n"


def recap(slack: str) -> str:
    return f"{LISTS}slack: {slack}\n"


@pytest.mark.parametrize(
    ("slack", "admin", "listed", "anybody"),
    [
        ("{}", True, False, False),
        ("{admins: workspace-admins}", True, False, False),
        ("{admins: [U0ADA]}", False, True, False),
        ("{admins: [workspace-admins, U0ADA]}", True, True, False),
        ("{admins: []}", False, False, False),
    ],
)
def test_who_may_change_a_route(tmp_path: Path, slack: str, admin: bool, listed: bool, anybody: bool) -> None:  # noqa: FBT001  # a table
    policy = load(a_config(tmp_path, recap=recap(slack))).slack

    assert policy.may_change("U0BOB", is_admin=True) == admin
    assert policy.may_change("U0ADA", is_admin=False) == listed
    assert policy.may_change("U0EVE", is_admin=False) == anybody


def test_a_name_among_the_admins_is_refused_with_the_mend(tmp_path: Path) -> None:
    faults = faults_of(a_config(tmp_path, recap=recap("{admins: [ada]}")))

    assert faults == ["recap.yaml:3:18: 'ada' is nobody; write workspace-admins, or a Slack user id like U0123456789"]


def test_each_route_knows_its_line(tmp_path: Path) -> None:
    routes = "# ours\nroutes:\n  - id: general\n    name: All\n\n  - {id: zh, language: zh}\n"

    assert load(a_config(tmp_path, routes=routes)).route_lines == {"general": 3, "zh": 6}
