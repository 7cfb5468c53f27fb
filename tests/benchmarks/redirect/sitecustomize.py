"""Sends to a simulated Intercom what a program means for the real one: Python imports this when that program starts."""

import os

from requests.adapters import HTTPAdapter

_send = HTTPAdapter.send


def _redirected(self, request, **options):
    request.url = request.url.replace("https://api.intercom.io", os.environ["SIMULATED_INTERCOM"], 1)
    return _send(self, request, **options)


HTTPAdapter.send = _redirected
