"""Words that tell what a sentence does: look ahead, weigh, point back, quote, say who says it."""

import re
from functools import lru_cache

_FLAGS = re.IGNORECASE
_AHEAD = re.compile(
    r"\b(?:will(?! (?:know|recall|remember|recognize|notice|have noticed)\b)|won’t|won't"
    r"|shall)\s+(?!of\b)(?:\w+\s){0,2}?[a-z]{2,}"
    r"|\bplan(?:s|ned|ning)? (?:to|on|for)\b|\bexpect(?:s|ed|ing)?\b.{0,40}\b(?:to|in|by|next|more|that|within)\b"
    r"|\bexpects? \w"
    r"|\b(?:aims?|aiming|intends?|hopes?|pledged|promised|committed|vowed|agreed) to\b|\b(?:is|are) (?:set|due|planned"
    r"|slated|scheduled|expected|likely) to\b"
    r"|\b(?:starting|beginning|effective) (?:on |in |from )?(?:January|February|March|April|May|June|July|August"
    r"|September|October|November|December|next|20\d\d)"
    r"|\bby (?:the end of |early |mid-|late |Q[1-4] )?20\d\d\b|\b(?:next|coming) (?:year|quarter|month|week|spring"
    r"|summer|fall|autumn|winter)\b"
    r"|\blater this (?:year|month|week|quarter)\b"
    r"|\b(?:forecasts|predicts|anticipates|projects(?= (?:that|an?|the|\$|\d)))",
    _FLAGS,
)
_AHEAD_ZH = re.compile(
    r"预计|预期|计划|有望|拟于|拟在|打算|即将|力争|将于|将在|将会|将继续|将成为|将达|将推出|将发布|将上线|将开始|将开放|将支持|将用于|将向|将为|将不再|将启动|将公布|将提交"
    r"|将从.{0,20}(?:起|开始)|明年|下个?月|下周|下半年|年底前|年前|予定|見込み"
)
_OBJECT_MARKER = re.compile(r"将[^，。；将]{1,24}了")
_AHEAD_DE = re.compile(
    r"\b(?:plant|planen|erwartet|erwarten|rechnet|rechnen|beabsichtigt|kündigte .{0,60} an|soll|sollen|will|wollen"
    r"|dürfte|dürften)\b"
    r"|\b(?:wird|werden)\b.{0,160}\b(?:\w+en|\w+ern|\w+eln)[.,“\"]|\bbis (?:zum |Ende |Mitte "
    r"|Anfang )*(?:\d{1,2}\. )?(?:\w+ )?20\d\d\b"
    r"|\b(?:künftig|voraussichtlich|nächste[snrm]? (?:Jahr|Monat|Woche|Quartal))\b"
)
_MONTH = r"(?:Jan|Feb|Mar|Mär|Apr|Ma[iy]|Jun|Jul|Aug|Sep|O[ck]t|Nov|De[cz])\w*"
_DATES_AHEAD = re.compile(
    r"\b(?:[Ff]rom|[Ss]tarting|[Uu]ntil|[Bb]y|[Dd]ue|[Ee]ffective|[Dd]eadline|[Nn]ext|[Cc]oming|ab|bis)"
    rf" (?:on |in |dem |zum |this |\d{{1,2}}\.? )*{_MONTH}\b"
    r"|\b(?:must|need|needs|probably|likely|perhaps|muss|müssen|wahrscheinlich|vermutlich)\b|\bvom .{3,24} an\b"
    r"|[日月年](?:之?前|起(?:正式)?(?:施行|实施|执行|生效))"
)
_WEIGHT = re.compile(
    r"\b(?:the|its|their|a|world's|country's|his|her) (?:\w+ ){0,2}?first\b(?! (?:quarter|half|reported|name|week"
    r"|months?|two|three|day|glance|place|question))"
    r"|\bfor the first time\b|\bfirst[- ](?:ever|of its kind)\b|\bfirst \w+ (?:to|in|since)\b|\b(?:largest|biggest"
    r"|fastest|cheapest|smallest|highest|lowest|the most (?!recent|interesting|notable|of|part)\w+)\b"
    r"|\b(?:only|sole) \w+ (?:to|that|which)\b|\brecord(?:-\w+| high| low)\b|\ba record\b|\bnever before\b"
    r"|\bunprecedented\b|\bmilestone\b"
    r"|\b(?:that|this|which|it|move|deal|change|rule) (?:makes|means|would make|will make|could|would|marks|comes as"
    r"|affects|gives|allows|lets|puts)\b"
    r"|\b(?:affects?|affecting|impacts?|matters|consequences?|implications?)\b|\b(?:doubles?|doubled|triples?"
    r"|tripled|halves|halved|surpass\w*|overt\w+)\b"
    r"|\bas a result\b|\bso that\b|\bwhy it matters\b|\bmore than (?:half|double|twice|a third|\d)|\b(?:up|down"
    r"|compared) (?:from|with)\b",
    _FLAGS,
)
_WEIGHT_ZH = re.compile(
    r"首次|首个|首款|首家|首批|第一次|第一家|第一个|首例|首位|最大|最高|最低|最快|最多|最便宜|唯一|创下|创.{0,6}新高|纪录|里程碑|意味着|(?:产生|造成|受到?|深远|重大|广泛)的?影响|影响.{0,8}(?:万|亿|行业|市场|用户)|超过.{0,4}[\d一半]"
    r"|翻.{0,2}[番倍]|突破|使得|有助于|标志着|带来了?.{0,4}(?:新|巨大|重大|\d)|因此|前所未有|史上|初めて|世界初|過去最"
)
_WEIGHT_DE = re.compile(
    r"\b(?:erste[nrsm]?|erstmals)\b(?! (?:Quartal|Halbjahr|Mal seit gestern))|\bzum ersten Mal\b|\bbislang (?:größte"
    r"|höchste|teuerste)\w*\b"
    r"|\b(?:größte|höchste|meiste|schnellste|niedrigste|billigste|teuerste)[nrsm]?\b|\b(?:bedeutet|betrifft"
    r"|betroffen|Rekord\w*|einzige[nrsm]?|Folgen?)\b"
    r"|\b[Dd]amit\b|\b(?:verdoppel|verdreifach|halbier)\w+|\bmehr als (?:die Hälfte|\d)"
)
_BACK = re.compile(
    r"^[\"“„«»'‘]?(?:He|She|It(?! took)|They|His|Her|Hers|Its|Their|This|That|These|Those|Such|Both|Neither|Either"
    r"|Another"
    r"|Others?|Instead|But|And|Or|So|Yet|Nor"
    r"|However|Meanwhile|Also|Still|Then|There(?!['’]s\b| (?:is|are|was|were|will|has|have)\b)"
    r"|Here|Not|Even|Again|Nevertheless|Nonetheless|Moreover|Furthermore"
    r"|Additionally|Besides|Otherwise|Thus"
    r"|Therefore|Hence|Indeed|Similarly|Likewise|Conversely|Lastly|Of course|For example"
    r"|For instance|In addition|In other words|In fact|In the same|Plus|Notably|Just as|As another"
    r"|(?:A|One|Two|Three|Four|Five|Six|Ten|Several) (?:hour|day|week|month|year)s? later|A (?:second|third|fourth)"
    r"|(?:Two|Three|Four|Five|Six|Many|Some) others"
    r"|On the other hand|By contrast|In contrast|As such|After that|Because of this|The (?:two|pair|latter|former"
    r"|move|same|other|result|idea|problem|answer)"
    r"|Er|Sie|Es|Ihr|Ihre|Ihren|Sein|Seine|Dies|Diese[rsnm]?|Das(?= (?:ist|war|sind|geht|sei|hat|wäre|heißt))|Dieser"
    r"|Damit|Dabei|Dazu|Davon|Daher|Dafür"
    r"|Until then|By then|Since then|At the same time|Bis dahin|Danach|Seitdem|Doch|Aber|Und|Denn|Allerdings|Zudem"
    r"|Außerdem|Auch|So|Dort|Hier|Nun|Dann|Trotzdem|Zugleich|Beide|Der eine"
    r"|Zum anderen|Am Kern"
    r"|Hij|Zij|Ze|Zijn|Haar|Dit|Daar\w*|Hier\w*|Maar|Ook|Toch|Verder|Bovendien|Echter"
    r"|Il|Elle|Ils|Elles|Ce|Cette|Ces|Cela|Mais|Él|Ella|Ellos|Esto|Esta|Este|Pero|Además|Lui|Lei|Essi|Questo|Questa"
    r"|Ma)\b"
    r"|^(?:Second|Third|Finally|Now|Zo)\b(?=,| [a-z])"
    r"|^[“「]?(?:他们?|她们?|它们?|这|那|该|此|其(?!中文)|但|而|不过|然而|同时|此外|另外|因此|所以|而且|并且|也|还|则|当时|之后|随后|对此|为此|与此|双方|二者|两者|据此"
    r"|换句话说|例如|比如|不是|第[二三四五]|第一(?=[，、]|种|点|波|步)"
    r"|结论是|简而言之|总之|综上|(?:根据)?(?:上述|以上)|只不过|可(?=就|是|在)|且(?=[^，。]{4})|就这样|彼时|于是|在[他她它]们?看来|途中|再说|有人|如此"
    r"|これ|それ|その|この|しかし|また)"
)
_PRONOUN_WITHIN = re.compile(
    r"^(?:In|On|By|Since|Last|At|During|After|Before|Until|For|With|Under)\b[^.]{0,90}?(?:,|\d) (?:it|he|she|they)\b"
    r"|^(?:In|On|By|Since|Last|At|During|After|Before|Until)\b[^,.]{0,40},? (?:its|his|her|their|this)\b"
    r"|^(?:\S+ ){1,7}?(?:wird|war|hat|hatte|ist|wurde|will|soll|kann|lag) (?:er|sie|es|ihr|ihre)\b"
    r"|^[^，。]{0,14}，(?:他|她|它|其|这|该)"
    r"|^(?:After|When|While|As|If|Once|Because|Since|Before|Until|Although|Though) (?:it|he|she|they|this|that)\b"
)
_UNNAMED = re.compile(
    r"[,”\"] (?:he|she|they) (?:said|says|added|adds|wrote|told|noted)\b[^,]*$|^[A-Z][^.—–]{3,40} [—–] [A-Z]"
)
_CALL = re.compile(r"[A-Z][a-z]+ your\b")
"""An order to the reader: "Make your mark"."""
_OPEN = re.compile(
    r"\b(?:has|have|had|did|would|is|are)(?:n['’]t| not|n’t) (?:\w+ly )?(?:commented?|said|say|disclosed?|announced?"
    r"|revealed?|shared?|respond(?:ed)?|clear|known)\b|\b(?:declined|refused) to\b|\bunclear\b|^Whether\b"
    r"|尚不清楚|尚未(?:公布|透露|披露)|未透露",
)
_CONSEQUENCE = re.compile(
    r"^(?:That|This|The (?:move|result|change|deal))\b.{0,40}\b(?:makes?|made|means?|meant|marks?|gives?|puts?|would"
    r"|could|is the first|was the first|brings?)\b"
    r"|^(?:Damit|Das (?:bedeutet|heißt|macht))\b|^(?:这|此举|这也|这意味着|因此)"
)
_TALK = re.compile(
    r"\b(?:I(?:['’](?:m|ve|d|ll))?|me|us|[Mm]y(?:self)?|[Ww]e(?:['’](?:re|ve|d|ll))?|[Oo]urs?(?:elves)?"
    r"|[Yy]ou(?:['’](?:re|ve|d|ll))?|[Yy]ours?(?:elf|elves)?|[Ll]et['’]s)\b"
    r"|\b[Ii]ch\b|\b(?:[Ww]ir|[Uu]ns(?:er\w*)?)\b"
    r"|我们?(?!国)|咱们?|你们?|您|小编|笔者"
)
_QUOTED = re.compile(r"„[^“”]+[“”]|“[^”]+”|\"[^\"]+\"|»[^«]+«|«[^»]+»|「[^」]+」|『[^』]+』")
_VAGUE = re.compile(
    r"^(?:here(?:'s|’s| is| are)|what|why|how|who|is|are|was|will|can|should|could|das ist|warum|wie|was|wieso|darum"
    r"|so )\b|[?？]\s*$"
    r"|\b(?:you need to know|everything (?:you|we)|explained|review:|opinion|podcast|live(?: blog| updates)?:"
    r"|hands-on|deals?:|the best)\b|怎么看|解读|一文读懂|盘点",
    _FLAGS,
)

_LABEL = re.compile(r"[:–—|] *(?:\w+, ){1,4}(?:(?:and|&|und|et|y|e|en) )?\w+$")


@lru_cache(maxsize=4096)
def looks_ahead(sentence: str) -> bool:
    """Return whether *sentence* states something to come."""
    plain = _QUOTED.sub(" ", sentence)
    if _AHEAD_ZH.search(plain):
        return not _OBJECT_MARKER.search(plain) or bool(re.search(r"预计|计划|预期|有望|即将|拟", plain))
    return bool(_AHEAD.search(plain)) or bool(_is_german(plain) and _AHEAD_DE.search(plain))


def dates_ahead(sentence: str) -> bool:
    """Return whether a date without its year in *sentence* is one to come."""
    return looks_ahead(sentence) or bool(_DATES_AHEAD.search(sentence))


@lru_cache(maxsize=4096)
def weighs(sentence: str) -> int:
    """Return how many times *sentence* states a consequence, a scale or a first."""
    plain = _QUOTED.sub(" ", sentence)
    german = _WEIGHT_DE.findall(plain) if _is_german(plain) else []
    return len(_WEIGHT.findall(plain)) + len(_WEIGHT_ZH.findall(plain)) + len(german)


def points_back(sentence: str) -> bool:
    """Return whether *sentence* cannot be understood without the one before it."""
    if _BACK.match(sentence) or _PRONOUN_WITHIN.match(sentence):
        return True
    return bool(_UNNAMED.search(sentence))


def is_open(sentence: str) -> bool:
    """Return whether *sentence* says that something to come is not known."""
    return bool(_OPEN.search(sentence))


def draws_a_consequence(sentence: str) -> bool:
    """Return whether *sentence* says what the one before it leads to."""
    return bool(_CONSEQUENCE.match(sentence))


@lru_cache(maxsize=4096)
def is_talk(sentence: str) -> bool:
    """Return whether the writer speaks of himself or to the reader, outside of quotations."""
    return bool(_TALK.search(_QUOTED.sub(" ", sentence)))


def is_chat(sentence: str) -> bool:
    """Return whether *sentence* is talk even where "your" is left to it: news of a product says whose it is for."""
    return is_talk(sentence) and (bool(_CALL.match(sentence)) or is_talk(re.sub(r"\b[Yy]ours?\b", "", sentence)))


@lru_cache(maxsize=4096)
def quoted_share(sentence: str) -> float:
    """Return which part of *sentence* (0..1) stands in quotation marks."""
    return sum(len(match) for match in _QUOTED.findall(sentence)) / max(len(sentence), 1)


def is_speech(sentence: str) -> bool:
    """Return whether *sentence* mostly quotes somebody, or begins with a quotation of several words."""
    first = _QUOTED.match(sentence)
    return quoted_share(sentence) > 0.3 or (first is not None and len(first[0]) > 20)


def is_vague(title: str) -> bool:
    """Return whether *title* asks, teases or comments instead of telling."""
    return bool(_VAGUE.search(title.strip()))


def is_label(title: str) -> bool:
    """Return whether *title* only says what its page holds, such as "Halden Air: Price, Specs, Availability"."""
    return bool(_LABEL.search(title.strip()))


def _is_german(text: str) -> bool:
    return bool(re.search(r"[äöüß]|\b(?:der|die|das|und|ist|nicht|ein|eine|mit|für|von|im)\b", text))
