"""The boxes to tick in Intercom: together they let every resource be read, and a person needs no token to see them."""

from collections import Counter

from pipelines.doctor.permissions import PERMISSIONS
from sources.intercom import RESOURCES


def test_every_resource_needs_one_box():
    named = Counter(name for names in PERMISSIONS.values() for name in names)
    differing = {name: named[name] for name in {*named, *RESOURCES} if named[name] != (name in RESOURCES)}
    assert differing == {}, "name a resource once in PERMISSIONS of pipelines/doctor/permissions.py"


def test_doctor_names_the_boxes_without_a_token(invoke):
    code, output, errors = invoke("doctor", "--permissions", SOURCES__INTERCOM__ACCESS_TOKEN="")
    assert (code, errors) == (0, "")
    assert all(box in output for box in PERMISSIONS)
