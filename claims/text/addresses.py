"""Web addresses brought to one form, in which two of one page are equal: without what changes on the way to a reader.

The form is for comparing only and never shown as a link: it may lead nowhere.
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_FRONTS = re.compile(r"^(?:www\d?|m|mobile|amp|touch)\.(?=[^.]+\.)")
_PORTS = {"http": 80, "https": 443}
_TRACKING = re.compile(
    r"(?:utm_.*|ga_.*|mc_[ce]id|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mkt_tok|_hsenc"
    r"|_hsmi|vero_id|oly_enc_id|oly_anon_id|wt_mc|at_(?:medium|campaign|custom\d|link.*|ptr_name|bbc_team|format|type)"
    r"|cmpid|cmp|ncid|ocid|smid|smtyp|sref|ref|ref_src|ref_url|referrer|spm|s_cid|scid|xtor|amp|outputtype|share|feature|si"
    r"|fb_action_ids|fb_action_types|fb_source|__twitter_impression|__tn__|guccounter|guce_.*|traffic_source)",
    re.IGNORECASE,
)
_AMP_PATH = re.compile(r"(?:^/amp(?=/.)|/amp$|\.amp(?=\.html?$))")
_INDEX = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$")
# Characters that a path or a query may carry as they are (RFC 3986, 3.3 and 3.4).
_IN_PATH = "/!$&'()*+,;=:@-._~"


def canonical_address(url: str) -> str:
    """The address without scheme, "www." and its like, default port, fragment, final slash and tracking parameters.

    The host is in lower case and in its ASCII form (IDNA), percent-encoding is uniform (RFC 3986, 6.2.2), the
    parameters are sorted; letters of the path keep their case. Empty for what is no address with a host. The form of a
    form, with any scheme before it, is itself.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
        host = _host(parts.hostname or "")
    except ValueError:
        return ""
    if not host or parts.scheme.lower() not in _PORTS:
        return ""
    default = port is None or port == _PORTS[parts.scheme.lower()] or port in _PORTS.values()
    path = _path(parts.path)
    query = _query(parts.query)
    return f"{host}{'' if default else f':{port}'}{path}{'?' if query else ''}{query}"


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    with suppress(UnicodeError):  # no name of a host, but it may be the same in two addresses
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    while (shorter := _FRONTS.sub("", host)) != host:
        host = shorter
    return host


def _path(path: str) -> str:
    path = quote(unquote(path, errors="surrogateescape"), safe=_IN_PATH, errors="surrogateescape")
    path = re.sub("/{2,}", "/", path).rstrip("/")
    path = _INDEX.sub("", path)
    while (shorter := _AMP_PATH.sub("", path).rstrip("/")) != path:
        path = shorter
    return path


def _query(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted(pair for pair in pairs if not _TRACKING.fullmatch(pair[0]))
    return urlencode(kept, errors="surrogateescape")
