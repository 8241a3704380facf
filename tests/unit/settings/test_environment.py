"""Secrets and places come from the environment, and never show."""

from pathlib import Path

import pytest

from tests.unit.settings.given import a_config, faults_of, load


def test_nothing_set_is_the_embedded_default(tmp_path: Path) -> None:
    loaded = load(a_config(tmp_path))

    assert (loaded.database_url, loaded.outbox, loaded.base_url) == (
        "sqlite:///recap.db",
        Path("outbox"),
        "http://127.0.0.1:8000",
    )
    assert (loaded.secret_keys, loaded.smtp_url, loaded.slack_token, loaded.llm) == ((), None, None, None)
    assert loaded.slack_api_url == "https://slack.com/api/"


def test_every_variable_reaches_its_setting(tmp_path: Path) -> None:
    (tmp_path / "dkim.pem").write_text("key")
    loaded = load(
        a_config(tmp_path),
        {
            "RECAP_OUTBOX": "/var/outbox",
            "RECAP_SECRET_KEY": "key",
            "RECAP_SMTP_URL": "smtps://u:p%40ss@mail.example:465",
            "RECAP_EMAIL_FROM": "Recap <recap@example.org>",
            "RECAP_DKIM_KEY_FILE": str(tmp_path / "dkim.pem"),
            "SLACK_BOT_TOKEN": "xoxb-1",
            "SLACK_SIGNING_SECRET": "sign",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_CLIENT_ID": "id",
            "SLACK_CLIENT_SECRET": "secret",
            "RECAP_SLACK_API_URL": "http://127.0.0.1:9000/api",
        },
    )

    assert loaded.outbox == Path("/var/outbox")
    assert (loaded.smtp_url, loaded.email_from) == ("smtps://u:p%40ss@mail.example:465", "Recap <recap@example.org>")
    assert loaded.dkim_key_file == tmp_path / "dkim.pem"
    assert (loaded.slack_token, loaded.slack_signing_secret, loaded.slack_app_token) == ("xoxb-1", "sign", "xapp-1")
    assert (loaded.slack_client_id, loaded.slack_client_secret) == ("id", "secret")
    assert loaded.slack_api_url == "http://127.0.0.1:9000/api/"


def test_secret_keys_are_a_list_newest_first(tmp_path: Path) -> None:
    assert load(a_config(tmp_path), {"RECAP_SECRET_KEY": "new, old"}).secret_keys == ("new", "old")


def test_secret_may_come_as_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-from-file\n")

    loaded = load(a_config(tmp_path), {"SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")})

    assert loaded.slack_token == "xoxb-from-file"


@pytest.mark.parametrize(
    "name",
    [
        "RECAP_DATABASE_URL",
        "RECAP_SECRET_KEY",
        "RECAP_SMTP_URL",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_APP_TOKEN",
        "SLACK_CLIENT_SECRET",
    ],
)
def test_every_secret_may_come_as_a_file_that_can_be_read(tmp_path: Path, name: str) -> None:
    missing = tmp_path / "missing"

    assert faults_of(a_config(tmp_path), {f"{name}_FILE": str(missing)}) == [
        f"environment: {name}_FILE: the file '{missing}' cannot be read (no such file or directory)"
    ]


def test_secrets_stay_out_of_the_repr(tmp_path: Path) -> None:
    shown = repr(
        load(
            a_config(tmp_path),
            {
                "RECAP_DATABASE_URL": "postgresql://u:hidden@127.0.0.1/recap",
                "RECAP_SECRET_KEY": "hidden",
                "RECAP_SMTP_URL": "smtp://u:hidden@127.0.0.1",
                "SLACK_BOT_TOKEN": "hidden",
                "SLACK_SIGNING_SECRET": "hidden",
                "SLACK_APP_TOKEN": "hidden",
                "SLACK_CLIENT_SECRET": "hidden",
            },
        )
    )

    assert "hidden" not in shown
    assert "sources=" in shown


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("RECAP_BASE_URL", "recap.example", "'recap.example' is not a URL; write it whole, with https://"),
        ("RECAP_DATABASE_URL", "mysql://x", "must start with sqlite:/// or postgresql+psycopg://"),
        (
            "RECAP_EMAIL_FROM",
            "a@example.org, b@example.org",
            "'a@example.org, b@example.org' is not a mail address; write it like news@example.org"
            " or 'News <news@example.org>'",
        ),
        (
            "RECAP_ALLOW_HOSTS",
            "ok.example, http://no.example",
            "'http://no.example' is not host or host:port; write it like feeds.internal:8080",
        ),
        (
            "RECAP_ALLOW_HOSTS",
            "127.0.0.1:70000",
            "'127.0.0.1:70000' is not host or host:port; write it like feeds.internal:8080",
        ),
        ("RECAP_LLM", "gpt", "'gpt' is not a model; write provider:model, such as openai:gpt-5 or ollama:qwen3"),
        ("SLACK_BOT_TOKEN", "xapp-1", "holds an app-level token (xapp-); the bot token starts with xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "holds a bot token (xoxb-); the app-level token starts with xapp-"),
        ("RECAP_DKIM_KEY_FILE", "/dev/null/no", "the file '/dev/null/no' cannot be read (not a directory)"),
    ],
)
def test_faulty_variable_is_named_with_the_mend(tmp_path: Path, name: str, value: str, fault: str) -> None:
    assert faults_of(a_config(tmp_path), {name: value}) == [f"environment: {name}: {fault}"]


@pytest.mark.parametrize("url", ["smtp://u:p@ss/w@mail.example:25", "mail.example:25", "smtp://mail.example:no"])
def test_fault_of_the_mail_server_never_repeats_the_password(tmp_path: Path, url: str) -> None:
    assert faults_of(a_config(tmp_path), {"RECAP_SMTP_URL": url}) == [
        "environment: RECAP_SMTP_URL: is not smtp://user:password@host:587 or smtps://user:password@host:465;"
        " write signs such as @ : / # in the password as %40 %3A %2F %23"
    ]


def test_mail_server_without_a_key_to_sign_with_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(a_config(tmp_path), {"RECAP_SMTP_URL": "smtp://127.0.0.1", "RECAP_EMAIL_FROM": "r@a.example"})

    assert fault.startswith("environment: RECAP_SECRET_KEY: is not set, and mails need it")


def test_variable_and_its_file_exclude_each_other(tmp_path: Path) -> None:
    environment = {"RECAP_SECRET_KEY": "a", "RECAP_SECRET_KEY_FILE": "b"}

    assert faults_of(a_config(tmp_path), environment) == [
        "environment: RECAP_SECRET_KEY: is set, and so is RECAP_SECRET_KEY_FILE; keep one of them"
    ]


def test_short_names_of_postgresql_get_our_driver(tmp_path: Path) -> None:
    loaded = load(a_config(tmp_path), {"RECAP_DATABASE_URL": "postgres://u@127.0.0.1/recap"})

    assert loaded.database_url == "postgresql+psycopg://u@127.0.0.1/recap"


def test_allowed_hosts_reach_the_fetch_guard(tmp_path: Path) -> None:
    loaded = load(a_config(tmp_path), {"RECAP_ALLOW_HOSTS": "127.0.0.1:8080, Feeds.Internal,[::1]:80"})

    assert loaded.collect.allow_hosts == frozenset({"127.0.0.1:8080", "feeds.internal", "[::1]:80"})


@pytest.mark.parametrize(
    ("environment", "llm"),
    [
        ({}, "ollama:qwen3"),
        ({"RECAP_LLM": "openai:gpt-5"}, "openai:gpt-5"),
        ({"RECAP_LLM": ""}, None),
        ({"RECAP_LLM": "extractive"}, None),
    ],
)
def test_environment_decides_on_the_model_before_config(
    tmp_path: Path, environment: dict[str, str], llm: str | None
) -> None:
    assert load(a_config(tmp_path, recap="analyst: ollama:qwen3\n"), environment).llm == llm
