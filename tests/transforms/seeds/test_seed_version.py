"""What incremental models were built with: another version of the seeds builds them in full."""

import zoneinfo
from importlib.resources import as_file, files

import pytest
from pendulum import Timezone

from transforms import Settings
from transforms.seeds.calendar import FIRST_DAY, Calendar, clock_changes
from transforms.seeds.seed_version import code_digest, seeds_version
from transforms.seeds.settings import parse_settings

MAY_DAY = 1_714_564_800  # 2024-05-01 12:00 UTC
WEEK = 7 * 86_400


def test_the_clock_changes_of_a_time_zone_are_found_to_the_second():
    """27 October 2024 and 30 March 2025, both at 01:00 UTC."""
    changes = list(clock_changes(Calendar("Europe/Berlin"), MAY_DAY))
    assert changes[:3] == [(MAY_DAY, 7200), (1_729_990_800, 3600), (1_743_296_400, 7200)]
    assert list(clock_changes(Calendar("Asia/Kathmandu"), MAY_DAY)) == [(MAY_DAY, 20_700)]


def test_an_earlier_record_of_the_same_day_makes_no_other_version():
    berlin = Calendar("Europe/Berlin")
    same_day, day_before = MAY_DAY - 3600, MAY_DAY - 86_400
    assert seeds_version(Settings(), berlin, same_day) == seeds_version(Settings(), berlin, MAY_DAY)
    assert seeds_version(Settings(), berlin, day_before) != seeds_version(Settings(), berlin, MAY_DAY)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati"])
@pytest.mark.parametrize("epoch", [0, -1, -62_135_596_800, -(2**62)])
def test_a_time_long_before_intercom_makes_no_other_version_than_the_first_day(zone, epoch):
    first = Calendar(zone).starts_at(FIRST_DAY)
    assert seeds_version(Settings(), Calendar(zone), epoch) == seeds_version(Settings(), Calendar(zone), first)


@pytest.fixture
def find_zones_in():
    """Let Python find its time zones in another folder."""
    usual = zoneinfo.TZPATH

    def find(*folders):
        zoneinfo.reset_tzpath(folders)
        Timezone.clear_cache()

    yield find
    find(*usual)


def test_other_clock_changes_of_a_time_zone_make_another_version(tmp_path, find_zones_in):
    """A country that keeps its clock as it is from some day on, under the same name of its time zone."""
    versions = []
    for zone in ("Berlin", "Paris", "Istanbul"):
        (tmp_path / zone / "Europe").mkdir(parents=True)
        with as_file(files("tzdata") / "zoneinfo" / "Europe" / zone) as file:
            (tmp_path / zone / "Europe" / "Berlin").write_bytes(file.read_bytes())
        find_zones_in(tmp_path / zone)
        versions.append(seeds_version(Settings(), Calendar("Europe/Berlin"), MAY_DAY))
    berlin, paris, istanbul = versions
    assert berlin == paris  # other bytes, and the same clock since then
    assert berlin != istanbul


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Berlin"])
def test_later_days_make_no_other_version_and_earlier_ones_do(zone):
    settings = parse_settings({"schedules": {"default": {"time_zone": zone, "monday": []}}})
    first = seeds_version(settings, Calendar(), MAY_DAY)
    assert first == seeds_version(settings, Calendar(), MAY_DAY)
    assert first != seeds_version(settings, Calendar(), MAY_DAY - WEEK)
    assert first != seeds_version(Settings(), Calendar(), MAY_DAY)


def test_other_code_makes_another_version(tmp_path):
    (tmp_path / "calendar.py").write_text("DAYS = 7")
    before = code_digest(tmp_path)
    (tmp_path / "calendar.py").write_text("DAYS = 8")
    assert code_digest(tmp_path) != before
