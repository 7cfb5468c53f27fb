"""A setting that nobody reads, because of one letter, is named with what was meant; those of others are left alone."""

import pytest

from sources.intercom.configuration.misspelled_names import misspelled

KNOWN = {
    "access_token": None,
    "base_url": None,
    "versions": (),
    "privacy": ("leave_out", "redact", "hash", "hash_key", "bodies"),
}
RULES = {"leave_out": ["contacts.phone"]}


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"sources": {"intercom": {"privcy": RULES}}}, "no setting 'privcy'; did you mean privacy"),
        ({"sources": {"intercom": {"privacy": {"leaveout": []}}}}, "no setting 'leaveout'; did you mean leave_out"),
        ({"sources": {"intercom": {"leave_out": []}}}, "no setting 'leave_out'"),
        ({"sources": {"intercom": {"Privacy": RULES}}}, "did you mean privacy"),
        (
            {"sources": {"intercom": {"intercom": {"privcy": RULES}}}},
            "[sources.intercom.intercom] has no setting 'privcy'",
        ),
        (
            {"sources": {"intercm": {"privacy": RULES}}},
            "[sources.intercm] is not read; did you mean [sources.intercom]",
        ),
        ({"sources": {"Intercom": {"privacy": RULES}}}, "[sources.Intercom] is not read"),
        ({"sources": {"intrecom": {}}}, "[sources.intrecom] is not read"),
        ({"source": {"intercom": {"privacy": RULES}}}, "[source.intercom] is not read"),
        ({"sources": {"privacy": RULES}}, "[sources.privacy] is not read"),
        ({"intercom": {"privacy": RULES}}, "[intercom] is not read; write [sources.intercom]"),
        ({"privacy": RULES}, "[privacy] is not read; write [sources.intercom.privacy]"),
        ({"sources": 3}, "sources is a value and not a section"),
        ({"sources": {"intercom": "x"}}, "write [sources.intercom] on a line of its own"),
        ({"sources": {"intercom": {"privacy": "all"}}}, "write [sources.intercom.privacy] on a line of its own"),
    ],
)
def test_a_slip_in_a_file_is_named(document, said):
    assert said in misspelled(document, (), KNOWN)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SOURCES__INTERCOM__PRIVCY__LEAVE_OUT", "did you mean privacy"),
        ("SOURCES__INTERCOM__PRIVACY__LEAVEOUT", "did you mean leave_out"),
        ("SOURCES__INTERCOM__ACCES_TOKEN", "did you mean access_token"),
        ("SOURCES__INTERCOM__INTERCOM__PRIVCY__BODIES", "did you mean privacy"),
        ("SOURCES__INTERCOM__BASE_URL__EU", "base_url is no section; write SOURCES__INTERCOM__BASE_URL."),
        ("SOURCES_INTERCOM_PRIVACY_LEAVE_OUT", "did you mean SOURCES__INTERCOM__PRIVACY__LEAVE_OUT"),
        ("SOURCE__INTERCOM__PRIVACY__LEAVE_OUT", "did you mean SOURCES__INTERCOM__PRIVACY__LEAVE_OUT"),
        ("SOURCES__INTERCM__ACCESS_TOKEN", "did you mean SOURCES__INTERCOM__ACCESS_TOKEN"),
        ("sources__intercom__access_token", "did you mean SOURCES__INTERCOM__ACCESS_TOKEN"),
        ("SOURCES__INTERCOM_PRIVACY__HASH_KEY", "did you mean SOURCES__INTERCOM__PRIVACY__HASH_KEY"),
        ("SOURCES__INTERCOM", "it is a section; write each setting by itself, such as SOURCES__INTERCOM__REGION=eu"),
        (
            "SOURCES__INTERCOM__PRIVACY",
            "privacy is a section; write each setting by itself, such as SOURCES__INTERCOM__PR",
        ),
    ],
)
def test_a_slip_in_the_environment_is_named(name, said):
    assert said in misspelled({}, [name], KNOWN)


def test_what_is_right_and_what_belongs_to_others_is_left_alone():
    document = {
        "sources": {"intercom": {"access_token": "x", "privacy": RULES, "versions": {"tickets": "2.9"}}, "shopify": {}},
        "destination": {"postgres": {"credentials": {"password": "x"}}},
        "intercom": {"sources": {"intercom": {"access_token": "of the pipeline called so"}}},
        "redaction": {"shop": {"redact": True}},
    }
    document["sources"]["intercom"]["intercom"] = {"base_url": "x", "privacy": RULES}
    document["sources"]["intercom_archive"] = {"api_key": "x"}
    names = ["PATH", "SOURCES__INTERCOM__PRIVACY__HASH_KEY", "SOURCES__INTERCOM__VERSIONS__TICKETS", "INTERCOM_TOKEN"]
    names += ["SOURCES__INTERCOM__INTERCOM__ACCESS_TOKEN", "SOURCES__INTERCOM__INTERCOM__PRIVACY__BODIES"]
    names += ["SOURCES__INTERCOM_EU__ACCESS_TOKEN", "SOURCES__SHOPIFY__API_KEY", "SOURCES__INTERCOM2__ACCESS_TOKEN"]
    assert misspelled(document, names, KNOWN) is None
