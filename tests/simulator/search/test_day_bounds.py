"""Contact search compares calendar days of the workspace's time zone."""

from datetime import datetime, timedelta
from operator import eq, gt, lt
from zoneinfo import ZoneInfo

import pytest

from simulator import SimulatorProcess
from simulator.search.day_bounds import day_bounds
from tests.support.simulated_api import client_of

ZONES = ["UTC", "Pacific/Auckland", "Pacific/Niue", "America/Los_Angeles"]


@pytest.fixture(scope="module", params=ZONES)
def zoned(request):
    with SimulatorProcess(
        seed=2, contacts=120, conversations=40, timezone=request.param, now="2026-03-09T00:10:00"
    ) as simulator:
        yield simulator, ZoneInfo(request.param)


def local_day(at, zone):
    return datetime.fromtimestamp(at, zone).date()


def test_days_not_seconds_decide(zoned, search):
    simulator, zone = zoned
    contacts = simulator.truth()["contacts"]
    with client_of(simulator) as api:
        assert api.get("/me").json()["app"]["timezone"] == zone.key
        for at in (1_772_900_000, 1_772_900_000 - 40 * 86_400, sorted(c["updated_at"] for c in contacts)[60]):
            day = local_day(at, zone)
            for operator, compare in {"=": eq, ">": gt, "<": lt}.items():
                found, pages = search(api, "contacts", {"field": "updated_at", "operator": operator, "value": at})
                expected = [each["id"] for each in contacts if compare(local_day(each["updated_at"], zone), day)]
                assert sorted(record["id"] for record in found) == sorted(expected), (operator, at)
                assert pages[0]["total_count"] == len(expected)


def test_what_changed_today_is_not_after_an_hour_ago(zoned, search):
    simulator, _ = zoned
    changed = simulator.mutate(1, kinds=["contact_renamed"])[0]
    now = simulator.clock()
    with client_of(simulator) as api:
        recent, _ = search(api, "contacts", {"field": "updated_at", "operator": ">", "value": now - 60})
        assert changed["id"] not in [record["id"] for record in recent]
        safe, _ = search(api, "contacts", {"field": "updated_at", "operator": ">", "value": now - 90_000})
        assert changed["id"] in [record["id"] for record in safe]


@pytest.mark.parametrize("zone", [*ZONES, "Europe/Berlin", "America/Santiago"])
def test_a_day_ends_where_the_next_begins_over_a_year_with_its_clock_changes(zone):
    at = int(datetime(2026, 1, 1, 12, tzinfo=ZoneInfo(zone)).timestamp())
    for _ in range(366):
        start, end = day_bounds(at, zone)
        assert start <= at < end
        assert day_bounds(end, zone)[0] == end
        assert end - start in {82_800, 86_400, 90_000}
        at = end + int(timedelta(hours=12).total_seconds())
