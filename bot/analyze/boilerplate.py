"""What stands in an article's text but is no news: invitations, credits, bylines, notices."""

import re
from functools import lru_cache

_BOUND = r"\b"
_PHRASES = (
    # Invitations to read, watch, sign up, share
    r"^(?:read|learn|see|find out|discover|watch|listen|continue)\b.{0,12}\b(?:more|also|next|on|reading|the full"
    r"|our|now)\b.{0,80}$",
    r"\b(?:click|tap) (?:here|below|on the)\b",
    r"\b(?:sign up|subscribe|register)\b.{0,60}\b(?:newsletter|free|today|now|here|inbox|updates?|trial|morning"
    r"|daily|weekly)\b",
    r"^(?:sign up|subscribe|register|log in|follow us|join us|share this|support us|donate)\b",
    r"\b(?:newsletter|inbox)\b.{0,60}\b(?:sign up|subscribe|every (?:day|morning|week|monday|friday)|delivered)\b",
    r"^(?:our |the )?newsletter\b",
    r"\bfollow (?:us|me|@\w+) on\b|\bjoin (?:our|the) (?:discord|telegram|slack|community|conversation)\b",
    r"\bthis (?:story|article|post|piece) (?:was )?(?:originally|first) (?:appeared|published|ran)\b",
    r"\bthe post\b.{0,200}\bappeared first on\b|\bappeared first on\b",
    r"^(?:photo|image|picture|illustration|graphic|video|credit|photograph|foto|bild|fotos|grafik)s?\s*(?:credits?"
    r"|by|courtesy|:|/|©)",
    r"\b(?:getty images|shutterstock|istock|afp via|ap photo)\b|\bphoto(?:graph)? by\b|\bimage credits?\b",
    r"^(?:by|von|text von|reporting by|written by|edited by|editing by|additional reporting by)[: ]\s?[A-ZÄÖÜ]",
    r"^(?:comments?(?: section| \(\d+\))?|advertisement|advertorial|sponsored(?: content| by .*)?|anzeige|werbung"
    r"|related(?::.*)?)\.?$",
    r"^\d+ comments?\b|^comments? (?:are closed|url)|^article url|^points: \d+|^leave a (?:comment|reply)\b"
    r"|\breply to this (?:post|email)\b",
    r"©|\ball rights reserved\b|\balle rechte vorbehalten\b|\bcopyright \d{4}\b",
    r"\b(?:cookie|privacy) (?:policy|settings|notice)\b|\bterms of (?:use|service)\b.{0,40}\b(?:agree|apply)\b"
    r"|\bby (?:signing|subscribing)\b",
    r"\b(?:affiliate|commission)\b.{0,60}\b(?:links?|earn|purchase|buy)\b|\bwe may (?:earn|receive)\b",
    r"^(?:editor'?s?’?s? note|disclosure|disclaimer|correction|full disclosure)\b",
    r"\bgot a (?:tip|story)\b|\bcontact (?:the author|us at|the reporter|our)\b|\bemail (?:us|me|the author) at\b"
    r"|\bsend (?:us )?tips\b",
    r"\b(?:this|the) (?:article|story|post) (?:is|was|has been) (?:part of|updated|sponsored|produced|supported"
    r"|adapted|translated|edited)\b",
    r"\b(?:is|was) (?:a|an|the) (?:senior |staff |contributing |freelance )*(?:writer|reporter|editor|correspondent"
    r"|journalist) (?:at|for|with|who|based)\b",
    r"^(?:update|updated|published|posted|last updated|stand|aktualisiert)\b.{0,10}\d",
    r"^(?:tags?|categories|filed under|topics?|schlagworte|themen|source|sources|quelle|quellen|via)\s*:",
    r"\bplease (?:enable|turn on) javascript\b|\byour browser\b.{0,30}\b(?:support|outdated)\b",
    r"\b(?:use|with|enter) (?:promo |discount |coupon )?code\b|\b(?:save|get) up to \d+% off\b|\bbuy tickets?\b"
    r"|\bregister now\b",
    r"\bthanks for (?:reading|subscribing|listening|watching)\b|\bwelcome (?:back )?to (?:this|another|the latest"
    r"|our)\b|^welcome back\b",
    r"^(?:check out|follow along|stay tuned|tune in|head over to|click|scroll|swipe)\b",
    r"^watch \w+['’]s\b|^watch (?:the|this|our|how|it|live)\b",
    r"\bpictured (?:above|below|here|left|right|during|at|in|with)\b",
    r"\b(?:view|read|see) (?:the |this )?(?:full |entire |original )?(?:article|story|post|comments?|thread"
    r"|email)\b.{0,30}$",
    r"^you(?:'re|’re| are) (?:receiv|read)|^you receive(?:d)? this\b|\bforward(?:ed)? (?:this|to you)\b"
    r"|\bview (?:this )?in (?:your )?browser\b",
    r"\b(?:promo|coupon|discount) codes?\b|\bcoupons?\b|^(?:score|save|grab)\b.{0,20}\b(?:discounts?|on|up to|off)\b",
    r"\bon (?:apple podcasts|spotify|youtube)\b|\bsubscribers?-only\b|\b(?:this|our) (?:newsletter|podcast)\b"
    r"|\bshow notes\b",
    r"\b(?:changelog|release ?notes)\b.{0,60}\b(?:below|here|hier|hieronder|unten)\b",
    r"^(?:subscribers|members) can\b|\b(?:for|to) (?:paying )?(?:subscribers|members) only\b",
    # German
    r"^(?:lesen sie (?:auch|mehr|hier)|lies auch|mehr zum thema|mehr dazu|siehe auch|zum artikel|weiterlesen"
    r"|jetzt (?:anmelden|abonnieren|lesen))\b",
    r"\b(?:newsletter|podcast)\b.{0,60}\b(?:abonnieren|anmelden|jeden (?:tag|morgen|montag|freitag))\b|^newsletter\b",
    r"^(?:mit material von|(?:\(|mit )?dpa\b|redaktion:|kommentare)",
    # Chinese and Japanese
    r"点击(?:阅读|查看|下载|这里|此处|“?阅读)|阅读原文|扫码|扫描.{0,6}二维码|长按.{0,6}识别|关注.{0,12}(?:公众号|微信|我们)|加入.{0,8}(?:社群|交流群)",
    r"责任编辑|责编[：:/]|^(?:编辑|作者|记者|文|图|撰文|校对|编译|审校)\s*[：:|｜/丨]|^来源\s*[：:]|^图源|图片来源|图片来自|图片由|图\s?[/|｜]",
    r"转载请|未经(?:授权|许可|允许)|版权(?:所有|归)|免责声明|本文(?:由|来自|首发|原载|系|为|作者|转自|不构成)|投资有风险|广告声明|原文(?:链接|标题|来源)",
    r"^(?:更多|相关)(?:精彩|内容|阅读|新闻|资讯|报道)|^延伸阅读|^推荐阅读|^（?完）?。?$|敬请关注|欢迎(?:订阅|关注|投稿|留言)|^题图",
    r"続きを読む|関連記事|無断転載|メルマガ|お問い合わせ",
)


def _branches(pattern: str) -> list[str]:
    """Return the alternatives of *pattern* that no parenthesis or class holds together."""
    found, depth, start = list[str](), 0, 0
    for place in re.finditer(r"\\.|[()\[\]|]", pattern):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(place[0], 0)
        if place[0] == "|" and depth == 0:
            found.append(pattern[start : place.start()])
            start = place.end()
    return [*found, pattern[start:]]


def _any(branches: list[str]) -> str:
    return "|".join(branches)


_BRANCHES = [branch for phrase in _PHRASES for branch in _branches(phrase)]
_AT_START = re.compile(_any([it for it in _BRANCHES if it.startswith("^")]), re.IGNORECASE)
# Those that begin with a word are tried where a word begins, and nowhere else: that saves most of the time.
_AT_WORD = re.compile(
    rf"\b(?=\w)(?:{_any([it.removeprefix(_BOUND) for it in _BRANCHES if it.startswith(_BOUND)])})", re.IGNORECASE
)
_ANYWHERE = re.compile(_any([it for it in _BRANCHES if not it.startswith(("^", _BOUND))]), re.IGNORECASE)
_MOSTLY_LINK = re.compile(r"^\W*(?:https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.\w+|[@#]\w+(?:\s+[@#]\w+)*)\W*$")


@lru_cache(maxsize=4096)
def is_boilerplate(sentence: str) -> bool:
    """Return whether *sentence* is no part of the news: an invitation, a credit, a byline, a notice."""
    line = sentence.strip().strip("()[]（）【】*_ ")
    if not line or _AT_START.match(line) or _MOSTLY_LINK.match(line):
        return True
    return bool(_AT_WORD.search(line) or _ANYWHERE.search(line))
