"""A clock that tests move: nobody waits for it."""

from threading import Event


class Clock(Event):
    """This machine's clock, as a pacer reads it and waits by it: waiting moves it on at once."""

    def __init__(self):
        super().__init__()
        self.now = 1_000.0

    def monotonic(self):
        return self.now

    def wait(self, timeout=None):
        self.now += max(timeout, 1e-9)
        return self.is_set()
