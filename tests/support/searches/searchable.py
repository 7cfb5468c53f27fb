"""A search that answers over records of a test, and cannot show some of them."""

from tests.support.network.loopback import Reply

DATE = {"Date": "Sun, 01 Mar 2026 12:00:00 GMT"}
NOW = 1_772_366_400  # the same moment


class Searchable:
    """Answers searches over `records`, and with 504 where a page would hold one of the `broken` ids.

    `unit_seconds`: of the comparison of times, a second or a day.
    """

    def __init__(self, records, broken=(), unit_seconds=1):
        self.records, self.broken, self.unit_seconds = list(records), set(broken), unit_seconds
        self.count_calls = 0

    def __call__(self, request):
        self.count_calls += 1
        found = sorted(filter(self.matches(request.body["query"]), self.records), key=_place)
        if request.body.get("sort", {}).get("order") == "descending":  # a count needs none
            found.reverse()
        begin = int(request.starting_after or 0)
        page = found[begin : begin + request.body["pagination"]["per_page"]]
        if not self.broken.isdisjoint(str(_id(one)) for one in page):
            return Reply(b"<html>", 504)
        following = begin + len(page)
        pages = {"next": {"starting_after": str(following)}} if following < len(found) else {}
        return Reply({"tickets": page, "pages": pages, "total_count": len(found)}, headers=DATE)

    def matches(self, query):
        members = query["value"] if "field" not in query else [query]
        unit = self.unit_seconds

        tests = {
            ">": lambda at, value: at >= (value // unit + 1) * unit,
            "<": lambda at, value: at < value // unit * unit,
        }

        def is_found(record):
            return all(tests[one["operator"]](_time(record, one["field"]), one["value"]) for one in members)

        return is_found


def _time(record, field="updated_at"):
    return record[field] if isinstance(record, dict) else NOW - 500


def _id(record):
    return record.get("id", "") if isinstance(record, dict) else ""


def _place(record):
    return _time(record), str(_id(record))
