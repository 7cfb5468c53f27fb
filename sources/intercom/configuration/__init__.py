"""What a person configures under `[sources.intercom]`, or as SOURCES__INTERCOM__… in the environment."""

from .error import ConfigurationError
from .privacy_settings import PrivacyConfiguration
from .settings import REGIONS, IntercomConfiguration, past_moment

__all__ = ["REGIONS", "ConfigurationError", "IntercomConfiguration", "PrivacyConfiguration", "past_moment"]
