from collections.abc import Sequence

import pytest

from bot.deliver import records
from bot.model.errors import LookupFailed
from tests.unit.deliver.test_dkim import a_key

DOMAIN = "news.mailer.dev"
GOOD = {
    DOMAIN: ["v=spf1 include:relay.dev -all", "unrelated=1"],
    f"_dmarc.{DOMAIN}": ["v=DMARC1; p=quarantine"],
    f"recap._domainkey.{DOMAIN}": [a_key().record],
}


def found(zone: dict[str, list[str]], domain: str = DOMAIN) -> list[str]:
    def look_up(name: str) -> Sequence[str]:
        return zone.get(name, [])

    return [f"{each.level}: {each.text}" for each in records.judge(domain, look_up=look_up, dkim=a_key())]


def test_domain_with_all_three_records_is_in_order() -> None:
    assert [line[:9] for line in found(GOOD)] == ["ok: SPF: ", "ok: DMARC", "ok: DKIM:"]


@pytest.mark.parametrize(
    ("name", "texts", "said"),
    [
        (DOMAIN, [], "fault: SPF: news.mailer.dev has none; add a TXT record"),
        (DOMAIN, ["v=spf1 -all", "v=spf1 ~all"], "fault: SPF: news.mailer.dev has 2 records"),
        (DOMAIN, ["v=spf1 +all"], "fault: SPF: news.mailer.dev lets everybody send"),
        (
            DOMAIN,
            ["v=spf1 " + "include:a.dev " * 11 + "-all"],
            "fault: SPF: the record of news.mailer.dev asks 11 names",
        ),
        (f"_dmarc.{DOMAIN}", [], "fault: DMARC: news.mailer.dev has none"),
        (f"_dmarc.{DOMAIN}", ["v=DMARC1"], "fault: DMARC: _dmarc.news.mailer.dev names no policy"),
        (f"recap._domainkey.{DOMAIN}", [], "fault: DKIM: recap._domainkey.news.mailer.dev has no key"),
        (
            f"recap._domainkey.{DOMAIN}",
            ["v=DKIM1; p=AAAA"],
            "fault: DKIM: recap._domainkey.news.mailer.dev has another",
        ),
    ],
)
def test_each_fault_is_named_with_its_mend(name: str, texts: list[str], said: str) -> None:
    lines = [line for line in found(GOOD | {name: texts}) if not line.startswith("ok")]

    assert len(lines) == 1
    assert lines[0].startswith(said)


def test_dmarc_of_the_organization_counts_for_its_parts() -> None:
    zone = {name: texts for name, texts in GOOD.items() if not name.startswith("_dmarc")}

    assert "ok: DMARC: mailer.dev says p=none." in found(zone | {"_dmarc.mailer.dev": ["v=DMARC1;p=none"]})


def test_key_in_pieces_and_spaces_is_the_same_key() -> None:
    spaced = a_key().record.replace("p=", "p= ").replace("AQ", "A Q")

    assert found(GOOD | {f"recap._domainkey.{DOMAIN}": [spaced]})[2].startswith("ok: DKIM")


def unknown(*names: str) -> list[str]:
    def look_up(name: str) -> Sequence[str]:
        if not names or name in names:
            raise LookupFailed(f"{name}: no name server answered.")
        return GOOD[name]

    return [f"{each.level}: {each.text}" for each in records.judge(DOMAIN, look_up=look_up, dkim=a_key())]


def test_name_that_nobody_can_look_up_is_left_to_the_operator() -> None:
    spf, *others = unknown(DOMAIN)

    assert spf == (
        "note: A name could not be looked up. news.mailer.dev: no name server answered. "
        "Look at SPF, DKIM and DMARC of news.mailer.dev yourself."
    )
    assert [line[:9] for line in others] == ["ok: DMARC", "ok: DKIM:"]


def test_machine_without_dns_gets_one_line_a_domain() -> None:
    [said] = unknown()

    assert said.endswith(
        "no name server answered. Look at SPF, DKIM and DMARC of news.mailer.dev yourself, or run "
        "this where DNS answers."
    )


@pytest.mark.parametrize("zone", [GOOD, {}, {DOMAIN: []}])
def test_all_names_that_are_asked_for_are_told_beforehand(zone: dict[str, list[str]]) -> None:
    told = records.names(DOMAIN, dkim=a_key())

    assert list(
        records.judge(DOMAIN, look_up=lambda name: {known: zone.get(known, []) for known in told}[name], dkim=a_key())
    )
    assert told == [DOMAIN, f"_dmarc.{DOMAIN}", "_dmarc.mailer.dev", f"recap._domainkey.{DOMAIN}"]


@pytest.mark.parametrize("domain", ["team.example", "example.org", "mail.example.com", "localhost"])
def test_names_for_examples_are_not_looked_up(domain: str) -> None:
    assert found({}, domain) == [f"note: {domain} is a name for examples: no mail from it arrives anywhere."]
