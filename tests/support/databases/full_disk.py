"""A disk that is full: files of this process do not grow any more."""

import resource
from contextlib import contextmanager


@contextmanager
def full_disk(at_bytes=0):
    """Let no file grow beyond so many bytes inside this; the system says "File too large" where one does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (at_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
