from email import message_from_string, policy
from email.headerregistry import Address
from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.deliver import encoded

PRINTABLE = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), max_size=120)


def decoded(field: str) -> str:
    return str(message_from_string(f"Subject: {field}\r\n\r\n", EmailMessage, policy=policy.default)["Subject"])


def test_chinese_subject_keeps_every_space() -> None:
    subject = "灵犀 发布 新一代 训练 芯片 功耗 降低 四成 并且 开放 权重 + 9 more · Weekly AI Recap"

    assert decoded(encoded.text(subject)) == subject


def test_ascii_stays_as_it_is() -> None:
    assert encoded.text("Weekly Recap") == "Weekly Recap"
    assert encoded.mailbox(Address("Weekly, Recap", addr_spec="a@b.example")) == '"Weekly, Recap" <a@b.example>'


def test_chinese_sender_keeps_its_address_readable() -> None:
    field = encoded.mailbox(Address("每周 回顾", addr_spec="recap@mail.example"))

    assert field.endswith(" <recap@mail.example>")
    assert decoded(field.removesuffix(" <recap@mail.example>")) == "每周 回顾"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(PRINTABLE)
def test_any_words_come_back_and_no_word_is_too_long(words: str) -> None:
    words = " ".join(words.split())
    if words.isascii():
        return
    field = encoded.text(words)

    assert decoded(field) == words
    assert field.isascii()
    assert all(len(word) <= 75 for word in field.split("\r\n "))
