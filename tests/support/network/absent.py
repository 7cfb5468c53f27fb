"""A network that is not there for a while."""

import httpx


class NetworkThatWasAway(httpx.BaseTransport):
    """The network of a client, which connects to nobody for the first requests."""

    def __init__(self, usual, count):
        self.usual, self.count = usual, count

    def handle_request(self, request):
        self.count -= 1
        if self.count >= 0:
            raise httpx.ConnectError("Network is unreachable")
        return self.usual.handle_request(request)
