"""Certificates of authorities that are trusted: those that the environment names, as usual with httpx."""

import os
import ssl

import httpx

from ...configuration.error import ConfigurationError

VARIABLE = "SSL_CERT_FILE"


def trusting() -> ssl.SSLContext:
    """Return a TLS context; raises ConfigurationError if the file of certificates that is named cannot be read."""
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # of ssl, too
        if VARIABLE not in os.environ:
            raise
        reason = getattr(error, "reason", None) or error.strerror or type(error).__name__
        message = f"{VARIABLE} names {os.environ[VARIABLE]}, of which no certificates can be read ({reason}). "
        raise ConfigurationError(f"{message}Name a file of certificates in PEM, or unset it") from error
