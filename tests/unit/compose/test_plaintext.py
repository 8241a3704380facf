from bot.compose import plaintext
from bot.compose.plaintext import NOTES_HERE, note


def test_links_become_numbered_notes_each_listed_once() -> None:
    text = f"One{note('https://a.example')} and two{note('https://b.example')}, one{note('https://a.example')}.\n"

    written = plaintext.written(f"{text}{NOTES_HERE}\n")

    assert written == "One [1] and two [2], one [1].\n[1] https://a.example\n[2] https://b.example\n"


def test_a_later_list_holds_only_later_links() -> None:
    text = f"A{note('https://a.example')}\n{NOTES_HERE}\nB{note('https://b.example')}\n{NOTES_HERE}\n"

    assert plaintext.written(text) == "A [1]\n[1] https://a.example\nB [2]\n[2] https://b.example\n"


def test_lines_hang_under_their_bullet() -> None:
    lines = plaintext.written("- " + "word " * 30).splitlines()

    assert lines[0] == "- " + "word " * 14 + "word"
    assert lines[1].startswith("  word")


def test_chinese_lines_are_wrapped_by_columns_and_never_start_with_a_full_stop() -> None:
    lines = plaintext.written("一二三四五六七八九。" * 12).splitlines()

    assert all(len(line) <= 39 for line in lines)
    assert not any(line.startswith("。") for line in lines)


def test_a_long_address_is_not_broken() -> None:
    url = "https://news.example/" + "a" * 100

    assert url in plaintext.written(f"Read{note(url)}\n{NOTES_HERE}\n")


def test_a_note_stays_with_the_word_before_it() -> None:
    for text in ("word " * 15 + "last", "字" * 39):
        lines = plaintext.written(text + note("https://a.example")).splitlines()

        assert not any(line.lstrip().startswith("[") for line in lines)


def test_a_signature_keeps_the_space_that_programs_know_it_by() -> None:
    assert plaintext.written("Bye\n\n-- \nRecap\n") == "Bye\n\n-- \nRecap\n"
