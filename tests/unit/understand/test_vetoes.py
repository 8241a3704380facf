import pytest

from bot.understand import vetoes


@pytest.mark.parametrize(
    "title",
    [
        "This week in AI: a crow, a chip and a vote",
        "Halden Weekly Digest: everything about Corvid-7",
        "本周要闻：Corvid-7 开放权重",
        "青屿早报：Halcyon 发布 Corvid-7",
        "The best early Corvid deals you can buy today",
        "Ombrel K3 is 20% off for one day",
    ],
)
def test_roundups_and_offers_are_seen(title: str) -> None:
    assert vetoes.is_roundup(title)


@pytest.mark.parametrize(
    "title",
    [
        "Fennick signs $1.9 billion Osprell deal",
        "Halcyon digests a hard week",
        "人民日报发表评论员文章",
        "Prices cut by 70%",
    ],
)
def test_plain_news_is_no_roundup(title: str) -> None:
    assert not vetoes.is_roundup(title)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Draftwell 2.1 brings shared tokens", "Draftwell 3 draws whole flows"),
        ("Corvid-6 is out", "Corvid-7 来了"),
        ("Tessarine closes Series B", "Tessarine 完成 C 轮融资"),
    ],
)
def test_other_versions_differ(one: str, other: str) -> None:
    assert vetoes.differ(vetoes.versions(one), vetoes.versions(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Corvid-7 is out", "Corvid-7 replaces Corvid-6"),
        ("Corvid-7 is out", "Halcyon opens its best model"),
        ("Halcyon cuts 300 jobs", "Halcyon 250 people poorer"),
        ("Draftwell 3.0 is here", "Draftwell 3 is here"),
    ],
)
def test_same_or_unknown_versions_do_not_differ(one: str, other: str) -> None:
    assert not vetoes.differ(vetoes.versions(one), vetoes.versions(other))
