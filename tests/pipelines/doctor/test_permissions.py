"""The boxes to tick in Intercom: together they let every resource be read, and a person needs no token to see them."""

from pipelines.doctor.permissions import PERMISSIONS
from sources.intercom import RESOURCES


def test_every_resource_needs_one_box():
    assert sorted(name for names in PERMISSIONS.values() for name in names) == sorted(RESOURCES)


def test_doctor_names_the_boxes_without_a_token(invoke):
    code, output, errors = invoke("doctor", "--permissions", SOURCES__INTERCOM__ACCESS_TOKEN="")
    assert (code, errors) == (0, "")
    assert all(box in output for box in PERMISSIONS)
