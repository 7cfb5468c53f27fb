"""Forgotten people and privacy rules together: a row comes as `forget` has left it, so that nothing seems changed."""

import pytest

from sources.intercom import TABLES
from sources.intercom.configuration.privacy_settings import PrivacyConfiguration
from sources.intercom.privacy.forgotten_people import Forgotten
from sources.intercom.privacy.guard import Guard
from sources.intercom.privacy.rules import Privacy

TITLE = ["conversations.title"]


@pytest.mark.parametrize(
    ("settings", "title"),
    [
        ({"redact": TITLE}, {"title": "[forgotten]"}),
        ({"hash": TITLE, "hash_key": "a secret of the tests"}, {"title": "[forgotten]"}),
        ({"bodies": "redact"}, {"title": "[forgotten]"}),
        ({"leave_out": TITLE}, {}),
    ],
)
def test_a_forgotten_text_is_the_same_whatever_rule_covers_it(settings, title):
    configuration = PrivacyConfiguration()
    for name, value in settings.items():
        setattr(configuration, name, value)
    guard = Guard(Privacy.of(configuration, TABLES), Forgotten.of([("conversations", "7")]))
    rows = [{"id": "7", "title": "secret"}, {"id": "8", "title": "other"}]
    ((_, (mine, other)),) = guard.passed([(TABLES["conversations"], rows)])
    assert mine == {"id": "7", **title}
    assert other.get("title") not in {"[forgotten]", "other"}
