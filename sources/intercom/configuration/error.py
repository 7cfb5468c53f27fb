"""The error of a setting."""


class ConfigurationError(Exception):
    """The error of a setting that cannot be used; the message says what to put there."""
