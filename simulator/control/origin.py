"""Who may use the control surface: programs and its own pages, but no other website that a browser has open."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

REFUSED = "the control surface answers no other website; call it from a program"
OWN_SITE = frozenset({"same-origin", "none"})  # of Sec-Fetch-Site: our own page, or typed by a person


def is_cross_site(headers: Mapping[str, str], own_name: str) -> bool:
    """Return True if a request to the control surface has another website as its origin.

    Newer browsers say so themselves. The origin must be the host that is asked, and the host one that no stranger can
    let point here: an address, the name that the simulator was started with, or one without a domain.
    """
    host = headers.get("host", "")
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site not in OWN_SITE:
        return True
    if origin is not None and urlsplit(origin).netloc != host:
        return True
    name = urlsplit(f"//{host}").hostname or ""
    return not (_is_address(name) or "." not in name or name.endswith(".localhost") or name == own_name)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
