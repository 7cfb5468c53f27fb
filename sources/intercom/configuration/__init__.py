"""What a person configures under `[sources.intercom]`, or as SOURCES__INTERCOM__… in the environment."""

from .error import ConfigurationError
from .privacy import PrivacyConfiguration
from .source import REGIONS, IntercomConfiguration, moment

__all__ = ["REGIONS", "ConfigurationError", "IntercomConfiguration", "PrivacyConfiguration", "moment"]
