import codecs

import pytest

from bot.collect import charset

RUSSIAN = "Новая модель погоды открыта для всех исследователей"
CHINESE = "研究人员今天发布了新的天气模型，所有人都可以使用"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (RUSSIAN.encode(), ""),
        (RUSSIAN.encode(), "text/xml; charset=iso-8859-1"),
        (b'<?xml version="1.0" encoding="iso-8859-1"?>' + RUSSIAN.encode(), "text/xml"),
        (b'<?xml version="1.0" encoding="windows-1251"?>' + RUSSIAN.encode("cp1251"), ""),
        (RUSSIAN.encode("koi8-r"), "application/xml; charset=KOI8-R"),
        (b'<?xml version="1.0" encoding="utf-8"?>' + RUSSIAN.encode("cp1251"), 'text/xml; charset="windows-1251"'),
        (codecs.BOM_UTF8 + RUSSIAN.encode(), ""),
        (codecs.BOM_UTF16_LE + RUSSIAN.encode("utf-16-le"), ""),
        (codecs.BOM_UTF16_BE + RUSSIAN.encode("utf-16-be"), ""),
        (("<?xml version='1.0'?>" + RUSSIAN).encode("utf-16-le"), ""),
        (codecs.BOM_UTF32_LE + RUSSIAN.encode("utf-32-le"), ""),
    ],
)
def test_the_text_is_read_in_its_own_characters(body: bytes, content_type: str) -> None:
    assert charset.decode(body, content_type=content_type).endswith(RUSSIAN)


@pytest.mark.parametrize("name", ["gb2312", "gbk", "gb18030", "iso-2022-jp"])
def test_east_asian_encodings_are_read_as_declared(name: str) -> None:
    text = "天気予報" if name.startswith("iso") else CHINESE
    body = f'<?xml version="1.0" encoding="{name}"?>'.encode() + text.encode(name)

    assert charset.decode(body, content_type="").endswith(text)


def test_a_torn_character_does_not_spoil_the_rest() -> None:
    body = (RUSSIAN * 3).encode() + b"\xd0 end"

    assert charset.decode(body, content_type="") == RUSSIAN * 3 + "\ufffd end"


def test_latin_1_is_read_as_browsers_do() -> None:
    body = b'<?xml version="1.0" encoding="iso-8859-1"?>\x93Caf\xe9\x94'

    assert charset.decode(body, content_type="").endswith("“Café”")


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00", b"\x00\x01\x02", bytes(range(256)), b"\xfe\xff", b"<?xml encoding='nonsense'?>\xe9"]
)
def test_any_bytes_become_text(body: bytes) -> None:
    assert isinstance(charset.decode(body, content_type="text/xml; charset=nonsense"), str)
