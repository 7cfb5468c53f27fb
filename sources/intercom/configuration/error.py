"""The error of a setting."""


class ConfigurationError(Exception):
    """A setting that cannot be used; the message says what to put there."""
