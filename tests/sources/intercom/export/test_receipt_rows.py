"""From CSVs to rows: none is lost because it resembles another, and no value is written in another way."""

import zipfile
from datetime import date

import pytest

from sources.intercom.export.csv_files import LINE_MEGABYTES, RECEIPTS_KIND, sheets
from sources.intercom.export.days import Days
from sources.intercom.export.kept_rows import none_loaded
from sources.intercom.export.receipt_rows import ReceiptRows
from sources.intercom.privacy.rules import Privacy, Rule
from tests.support.exports.mailing import DAY_SECONDS

SENT_AT = 1_772_366_400
SENT_ON = date(2026, 3, 1)
NO_RULES = Privacy()


@pytest.fixture
def rows_of(tmp_path):
    """Return the receipts of a CSV; no line of it may be a misfit."""

    def read(content):
        file = tmp_path / "export"
        file.write_text(content)
        csvs, day = sheets(file, LINE_MEGABYTES), Days(SENT_ON, SENT_ON)
        made = ReceiptRows(csvs, day, day, pytest.fail, none_loaded, NO_RULES.protected).batches([RECEIPTS_KIND])
        return [row for tables in made for _, rows in tables for row in rows if "received_at" in row]

    return read


def test_receipts_without_an_id_are_told_apart_by_what_they_say(rows_of):
    lines = [f",{SENT_AT},Ann", f",{SENT_AT + 1},Bob", f",{SENT_AT + 1},", f",{SENT_AT},Ann", f"1,{SENT_AT},Ann"]
    rows = rows_of("receipt_id,received_at,name\n" + "\n".join(lines))
    assert [(row.get("receipt_id"), row["received_at"] - SENT_AT, row.get("name")) for row in rows] == [
        *((None, 0, "Ann"), (None, 1, "Bob"), (None, 1, None)),
        ("1", 0, "Ann"),
    ]


JOBS = (Days(SENT_ON, date(2026, 3, 10)), Days(date(2026, 3, 11), date(2026, 3, 31)))


@pytest.fixture
def clicks_of(tmp_path):
    """Return day and seconds after `SENT_AT` of the clicks that two jobs load of their exports."""

    def loaded_by_both(*exports, privacy=NO_RULES):
        kept = []

        def loaded(_table, days, receipt_ids):
            return [row for row in kept if row["received_on"] in days and row["receipt_id"] in receipt_ids]

        for number, (days, (receipts, clicks)) in enumerate(zip(JOBS, exports, strict=True)):
            file = tmp_path / f"{number}.zip"
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr("receipts.csv", "receipt_id,received_at\n" + receipts)
                archive.writestr(
                    "click.csv", "receipt_id,clicked_at,url\n" + clicks.replace("\n", ",https://example.com\n")
                )
            csvs, answered = sheets(file, LINE_MEGABYTES), Days(days.first_on, date(2026, 3, 31))
            made = ReceiptRows(csvs, days, answered, lambda *_: None, loaded, privacy.protected).batches(
                [RECEIPTS_KIND, "click"]
            )
            pages = ((table, [row for row in rows if "clicked_at" in row]) for tables in made for table, rows in tables)
            kept += [row for table, rows in pages for row in privacy.protected(table, rows)]
        return [(row["received_on"].day, row["clicked_at"] - SENT_AT) for row in kept]

    return loaded_by_both


LATE = 12 * DAY_SECONDS


HASHED = Privacy((Rule("hash", "message_clicks", "url"),), "a secret of the tests")


@pytest.mark.parametrize("privacy", [NO_RULES, HASHED], ids=["as it is", "hashed"])
def test_a_reaction_to_a_receipt_that_cannot_be_read_comes_once_from_two_jobs(clicks_of, privacy):
    """The first job was asked for the days of the second one, too, because of their late reactions."""
    export = (f"1,{SENT_AT}\n9,soon\n", f"9,{SENT_AT + LATE}\n9,{SENT_AT}\n9,{SENT_AT + LATE}\n")
    assert clicks_of(export, export, privacy=privacy) == [(10, LATE), (1, 0), (10, LATE)]


@pytest.mark.parametrize("receipt", ["9,\n", "9,soon\n", "9,1,2\n", ""])
def test_a_reaction_that_only_the_first_of_two_jobs_brings_is_loaded_by_it(clicks_of, receipt):
    """The message was sent on its days, and the reaction came behind them."""
    first = (f"1,{SENT_AT}\n2,{SENT_AT}\n{receipt}", f"9,{SENT_AT + LATE}\n")
    assert clicks_of(first, (f"3,{SENT_AT + LATE}\n", "")) == [(10, LATE)]


def test_the_second_of_two_jobs_brings_what_the_first_one_has_not(clicks_of):
    receipts, click = f"1,{SENT_AT + LATE}\n9,soon\n", f"9,{SENT_AT + LATE}\n"
    later = f"9,{SENT_AT + LATE + 1}\n"
    assert clicks_of((receipts, click), (receipts, click + later)) == [(10, LATE), (13, LATE + 1)]


@pytest.mark.parametrize(
    ("written", "value"),
    [("0", 0), ("7", 7), *((text, text) for text in ("007", "00", "-7", "+7", "7.0", "1e9", "\u0667", " 7", "9" * 19))],
)
def test_a_time_is_a_number_only_where_that_says_the_same(rows_of, written, value):
    [row] = rows_of(f"receipt_id,received_at,opened_at\n1,{SENT_AT},{written}\n")
    assert row["opened_at"] == value
