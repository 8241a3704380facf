"""Gives every page one address: without trackers, redirectors and the spellings of the same thing."""

import base64
import binascii
import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit, urlunsplit

_TRACKERS = frozenset(
    # What Google, Meta, Microsoft, X, TikTok, Yandex, LinkedIn, Mailchimp, HubSpot, Marketo, Matomo, Adobe and publishers add.
    ["fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "yclid", "ysclid", "igshid", "igsh", "li_fat_id", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hssc", "__hstc", "__hsfp", "hsctatracking", "vero_id", "vero_conv", "oly_anon_id", "oly_enc_id", "wickedid", "rb_clickid", "s_cid", "ncid", "cmpid", "cmp", "icid", "ito", "at_medium", "at_campaign", "at_custom1", "at_custom2", "at_custom3", "at_custom4", "at_format", "at_ptr_name", "at_link_origin", "at_link_type", "at_link_id", "at_bbc_team", "guccounter", "guce_referrer", "guce_referrer_sig", "soc_src", "soc_trk", "ga_source", "ga_medium", "ga_campaign", "_ga", "_gl", "srsltid", "spm", "scm", "wt.mc_id", "wt_mc", "wt_zmc", "wtmc", "ocid", "smid", "smtyp", "ref_src", "ref_url", "referrer_id", "feature_id", "trk", "trkinfo", "mbid", "xtor", "ns_campaign", "ns_mchannel", "ns_source", "ns_linkname", "ns_fee", "_openstat", "epik", "dicbo", "cvid", "ga_content", "ga_term", "__twitter_impression", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "chash_tracking", "partner_rss", "rss_source", "from_rss", "ftag", "taid", "linkid_tracking", "amp_gsa", "amp_js_v", "usqp"]
)
_TRACKER_PREFIXES = ("utm_", "pk_", "mtm_", "matomo_", "piwik_", "hsa_", "itm_", "wtrid", "stm_", "__s_", "sc_cid")
_TARGET_KEYS = {
    # host (or the end of it) and path of redirectors that carry the target → the parameter it is in
    ("google.", "/url"): ("url", "q"),
    ("facebook.com", "/l.php"): ("u",),
    ("instagram.com", "/"): ("u",),
    ("out.reddit.com", "/"): ("url",),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("bing.com", "/ck/a"): ("u",),
    ("duckduckgo.com", "/l/"): ("uddg",),
    ("youtube.com", "/redirect"): ("q",),
    ("t.umblr.com", "/redirect"): ("z",),
    ("safelinks.protection.outlook.com", "/"): ("url",),
    ("slack-redir.net", "/link"): ("url",),
    ("exit.sc", "/"): ("url",),
    ("vk.com", "/away.php"): ("to",),
    ("steamcommunity.com", "/linkfilter/"): ("url", "u"),
    ("link.zhihu.com", "/"): ("target",),
    ("link.juejin.cn", "/"): ("target",),
    ("link.csdn.net", "/"): ("target",),
    ("jianshu.com", "/go-wild"): ("url",),
    ("oschina.net", "/action/GoToLink"): ("url",),
    ("linkedin.com", "/redir/redirect"): ("url",),
    ("feedly.com", "/i/entry/"): ("url",),
}
_INSIDE_PATH = re.compile(
    r"^https?://(?:go\.theregister\.com/feed/|[\w-]+\.cdn\.ampproject\.org/[cv]/(?:s/)?|www\.google\.[a-z.]+/amp/(?:s/)?)"
    r"(?P<rest>[\w-]+(?:\.[\w-]+)+/.*)$"
    r"|^https?://rd\.yahoo\.com/.*?\*(?P<full>https?(?::|%3A).*)$",
    re.IGNORECASE,
)
_UNRESERVED = re.compile(r"%(2D|2E|5F|7E|3[0-9]|4[1-9A-F]|5[0-9A]|6[1-9A-F]|7[0-9A])", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_MAX_HOPS = 4


def canonical_url(url: str) -> str:
    """
    Return the address under which *url* is known, whoever links to it; what is no web address stays as it is.

    Scheme and host in lower case, without default port, fragment and tracking
    parameters; other parameters stay as they are, in their order. Redirectors are
    replaced by their target where it stands in the URL.
    """
    text = url.strip()
    for _ in range(_MAX_HOPS):
        target = _target(text)
        if target is None:
            break
        text = target
    try:
        return _normalized(text)
    except ValueError:
        return text


def is_web(url: str) -> bool:
    """Return whether *url* is an absolute http or https address."""
    try:
        parts = urlsplit(url.strip())
        return parts.scheme in _PORTS and bool(parts.hostname)
    except ValueError:
        return False


def _normalized(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        return url
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _is_tracker(pair))
    return urlunsplit(
        (parts.scheme, _netloc(parts.scheme, parts.hostname, parts.port), _path(parts.path), _quoted(query), "")
    )


def _netloc(scheme: str, hostname: str, port: int | None) -> str:
    host = hostname.rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            pass
    if ":" in host:
        host = f"[{host}]"
    return host if port in (None, _PORTS[scheme]) else f"{host}:{port}"


def _path(path: str) -> str:
    return _quoted(path) or "/"


def _quoted(text: str) -> str:
    quoted = quote(text, safe="!$%&'()*+,-./:;=?@_~[]|")
    plain = _UNRESERVED.sub(lambda found: chr(int(found[1], 16)), quoted)
    return re.sub(r"%[0-9a-fA-F]{2}", lambda found: found[0].upper(), plain)


def _is_tracker(pair: str) -> bool:
    name = unquote(pair.partition("=")[0]).lower().removeprefix("amp;")
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)


def _target(url: str) -> str | None:
    inside = _INSIDE_PATH.match(url)
    if inside:
        return unquote(inside["full"]) if inside["full"] else f"https://{inside['rest']}"
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    keys = next((keys for (end, path), keys in _TARGET_KEYS.items() if _is_redirector(host, parts.path, end, path)), ())
    given = dict(parse_qsl(parts.query)) if keys else {}
    targets = (_unpacked(given[key]) for key in keys if key in given)
    return next((target for target in targets if is_web(target)), None)


def _is_redirector(host: str, path: str, end: str, prefix: str) -> bool:
    is_host = host.startswith(end) if end.endswith(".") else host == end or host.endswith(f".{end}")
    return is_host and (path == prefix or path == prefix.rstrip("/") or (prefix == "/" and path in ("", "/")))


def _unpacked(value: str) -> str:
    # Bing writes the target as "a1" and base64.
    if not value.startswith("a1"):
        return value
    try:
        return base64.urlsafe_b64decode(value[2:] + "=" * (-len(value[2:]) % 4)).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return value
