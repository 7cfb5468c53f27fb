"""The proxy that the environment names: found once, because a lookup for each call costs as much as the call."""

from urllib.request import getproxies, proxy_bypass

import httpx

from ...configuration.error import ConfigurationError


def proxy_for(base_url: str) -> httpx.Proxy | None:
    """Return the proxy on the way to `base_url` by HTTP_PROXY, HTTPS_PROXY and NO_PROXY; None where there is none.

    Raises ConfigurationError where it is none that HTTP can go through.
    """
    url = httpx.URL(base_url)
    named = getproxies().get(url.scheme)
    if not named or proxy_bypass(url.host):
        return None
    try:
        return httpx.Proxy(named if "://" in named else f"http://{named}")
    except (ValueError, httpx.InvalidURL) as error:
        variable = f"{url.scheme.upper()}_PROXY"
        raise ConfigurationError(
            f"{variable} names a proxy that cannot be used: {error}. Use http://host:port"
        ) from error
