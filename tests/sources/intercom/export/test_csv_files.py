"""The file of an export: whatever container it comes in, every row of every CSV, or a clear no."""

import gzip
import io
import tracemalloc
import warnings
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.intercom.api.errors import AnswerTooLarge
from sources.intercom.configuration.bounds import MEGABYTE
from sources.intercom.export.csv_files import LINE_MEGABYTES, kind_of, sheets
from sources.intercom.export.file_inspection import problem_in

RECEIPTS = "receipt_id,received_at,name\n1,1772366400,Ann\n2,1772366401,\n"
CLICKS = "receipt_id,clicked_at\n1,1772366500\n1,1772366600\n"


def zipped(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(content):
        file = tmp_path / "export"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


def rows_of(file):
    return {sheet.kind: [row for batch in sheet.batches() for row in batch] for sheet in sheets(file, LINE_MEGABYTES)}


@pytest.mark.parametrize(
    "content",
    [RECEIPTS.encode(), gzip.compress(RECEIPTS.encode()), zipped(receipt_20260301_120000__csv=RECEIPTS)],
    ids=["plain", "gzip", "zip"],
)
def test_the_first_bytes_tell_the_container(written, content):
    file = written(content)
    assert problem_in(file) is None
    assert rows_of(file) == {
        "receipts": [
            {"receipt_id": "1", "received_at": "1772366400", "name": "Ann"},
            {"receipt_id": "2", "received_at": "1772366401"},
        ]
    }


def test_a_zip_gives_each_statistic_receipts_first(written):
    file = written(zipped(click_20260301_120000__csv=CLICKS, receipts_20260301_120000__csv=RECEIPTS, readme__txt="hi"))
    assert [sheet.kind for sheet in sheets(file, LINE_MEGABYTES)] == ["receipts", "click"]
    assert rows_of(file)["click"][1] == {"receipt_id": "1", "clicked_at": "1772366600"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("receipts_20260301_120000.csv", "receipts"),
        ("receipt_20260301_120000.csv", "receipts"),
        ("20260301_120000.csv", "receipts"),
        ("export/series_completion_20260301_120000.csv", "series_completion"),
        ("Goal-Success_20260301_120000.CSV", "goal_success"),
        ("click_20260301_120000_2.csv", "click"),
        ("checkpoint.csv", "checkpoint"),
        ("Réponses_20260301_120000.csv", "reponses"),
        ("\uff43lick_20260301.csv", "click"),
        ("клики_20260301_120000.csv", "other"),
        ("点击.csv", "other"),
        ("🙂_20260301.csv", "other"),
        (f"{'click' * 100}.csv", "click" * 8),
        ("__MACOSX/._click_20260301_120000.csv", None),
        ("readme.txt", None),
    ],
)
def test_the_name_before_the_date_is_the_kind(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())], ids=["plain", "gzip"])
def test_a_nul_that_no_warehouse_holds_is_replaced_in_its_field_alone(written, pack):
    file = written(pack('receipt_id,received_at,na\0me\n1,5,"a\0b\nc\0"\n2,6,d\n'))
    assert problem_in(file) is None
    assert sheets(file, LINE_MEGABYTES)[0].columns() == ["receipt_id", "received_at", "na\ufffdme"]
    assert [row["na\ufffdme"] for row in rows_of(file)["receipts"]] == ["a\ufffdb\nc\ufffd", "d"]


def test_quotes_line_breaks_and_a_byte_order_mark_are_csv(written):
    file = written('\ufeffreceipt_id,received_at,content_title\r\n1,5,"a ""b"",\nc 👋"\r\n\r\n')
    assert problem_in(file) is None
    assert rows_of(file) == {"receipts": [{"receipt_id": "1", "received_at": "5", "content_title": 'a "b",\nc 👋'}]}


def encrypted(content):
    """Set the flag that says so in both places of a member."""
    return content.replace(b"PK\3\4\x14\0\0", b"PK\3\4\x14\0\1").replace(
        b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"
    )


def packed(kind):
    """Return a ZIP of another method: bzip2 or LZMA."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        archive.writestr("receipts.csv", RECEIPTS)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_header_may_be_in_any_order_have_names_twice_and_lack_some(written, encoding):
    content = 'name,received_at, receipt_id ,name,,"",_is_removed\r\nAnn,5,1,Än,x,y,true\rBob,6,2,,,,\n'
    file = written(content.encode(encoding))
    assert problem_in(file) is None
    assert rows_of(file)["receipts"] == [
        {
            "name": "Ann",
            "received_at": "5",
            "receipt_id": "1",
            "name__2": "Än",
            "column_5": "x",
            "column_6": "y",
            "_is_removed": "true",
        },
        {"name": "Bob", "received_at": "6", "receipt_id": "2"},
    ]


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_of_another_method_is_one_too(written, kind):
    file = written(packed(kind))
    assert problem_in(file) is None
    assert len(rows_of(file)["receipts"]) == 2


WHOLE_GZIP = gzip.compress(RECEIPTS.encode())
WHOLE_ZIP = zipped(receipts_20260301__csv=RECEIPTS * 50)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        WHOLE_GZIP[:-9],
        WHOLE_GZIP[:-8] + b"\x00" * 8,
        WHOLE_ZIP[: len(WHOLE_ZIP) // 2],
        WHOLE_ZIP.replace(WHOLE_ZIP[60:64], b"\xff\xff\xff\xff", 1),
        b"<html><title>502 Bad Gateway</title></html>",
        b'{"type": "error.list"}',
        "receipt_id,received_at\n1,5\n2\n",
        "receipt_id,received_at\n1\n2,7,x\n3,5\n",
        'receipt_id,received_at,name\n1,5,"Ann\n2,6,Bob\n',
        'receipt_id,received_at,name\n1,5,"Ann\n2,"6,Bob\n3,7,Cy\n4,7,Di\n',
        'receipt_id,received_at,name\n1,5,"Ann" Lee\n',
        zipped(),
        zipped(click__csv=CLICKS, readme__txt=RECEIPTS),
        zipped(receipts__csv="Ann,ann@example.com\nBob,bob@example.com\n"),
        encrypted(zipped(receipts__csv=RECEIPTS)),
    ],
    ids=[
        *("empty", "cut gzip", "gzip checksum", "cut zip", "zip checksum", "html", "json", "cut row"),
        *(
            "most rows",
            "quote without end",
            "lines in a quote",
            "text behind a quote",
            "empty zip",
            "no receipts",
            "no header",
            "encrypted",
        ),
    ],
)
def test_a_file_that_is_not_whole_is_refused_before_its_first_row_is_used(written, content):
    problem = problem_in(written(content))
    assert problem
    assert "example.com" not in problem


def test_a_line_that_does_not_fit_the_header_costs_itself(written):
    content = "receipt_id,received_at,name\n1,5,Lee, Ann\n2,6,Bob\n3,7\n4,8,Di\n5,9,E\n6,9,F,too much\n"
    file = written(zipped(receipts__csv=content))
    assert problem_in(file) is None
    odd = []
    rows = [row for sheet in sheets(file, LINE_MEGABYTES) for batch in sheet.batches(odd.append) for row in batch]
    assert [row["receipt_id"] for row in rows] == ["2", "4", "5"]
    assert [(line.number, line.reason) for line in odd] == [
        (2, "4 fields, the header has 3"),
        (4, "2 fields, the header has 3"),
        (7, "4 fields, the header has 3"),
    ]


def test_the_only_line_of_a_reaction_may_be_odd(written):
    clicks = "receipt_id,clicked_at\n1,5,6\n"
    assert problem_in(written(zipped(receipts__csv=RECEIPTS, click__csv=clicks))) is None
    assert problem_in(written(zipped(receipts__csv=RECEIPTS, click__csv=clicks + "1,5,6\n" * 3))) is not None


def test_a_field_may_be_as_long_as_a_line(written):
    longer = LINE_MEGABYTES + 1
    file = written("receipt_id,received_at,name\n1,5," + "x" * (LINE_MEGABYTES * MEGABYTE + 10) + "\n")
    assert problem_in(file, line_megabytes=longer) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    whole=st.sampled_from([WHOLE_ZIP, WHOLE_GZIP, RECEIPTS.encode(), *(packed(kind) for kind in (12, 14))]),
    changes=st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4)), max_size=4),
)
def test_a_damaged_file_is_refused_or_can_be_read_to_its_end(written, whole, changes):
    for place, content in changes:
        whole = whole[:place] + content + whole[place + len(content) :]
    file = written(whole)
    with suppress(AnswerTooLarge):
        assert problem_in(file) or "receipts" in rows_of(file)


def test_memory_does_not_grow_with_the_file(written):
    line = "1,1772366400," + "x" * 200 + "\n"
    file = written(gzip.compress(("receipt_id,received_at,content_title\n" + line * 24_000).encode(), 1))
    tracemalloc.start()
    assert problem_in(file) is None
    assert sum(len(batch) for sheet in sheets(file, LINE_MEGABYTES) for batch in sheet.batches()) == 24_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8_000_000  # all rows at once would be more than 12 MB


def test_two_members_of_one_name_load_once(written):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            archive.writestr("receipts.csv", RECEIPTS)
    assert len(rows_of(written(buffer.getvalue()))["receipts"]) == 2
    assert [sheet.name for sheet in sheets(written(buffer.getvalue()), LINE_MEGABYTES)] == ["receipts.csv"]


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress], ids=["plain", "gzip"])
def test_a_line_without_end_is_given_up(written, pack):
    endless = b"receipt_id,received_at,name\n1,1772366400," + b"x" * 3_000_000
    file = written(pack(endless))
    with pytest.raises(AnswerTooLarge, match="max_csv_line_megabytes = 2"):
        problem_in(file, line_megabytes=2)
    assert problem_in(file, line_megabytes=4) is None


def test_short_lines_without_end_are_given_up(written):
    """A ZIP of a few kilobytes unpacks to as many valid lines as it likes."""
    rows = "receipt_id,received_at\n" + "1,1772366400\n" * 80_000
    file = written(zipped(receipts__csv=rows, click__csv="receipt_id,clicked_at\n" + "1,1772366400\n" * 80_000))
    assert file.stat().st_size < 20_000
    with pytest.raises(AnswerTooLarge, match="max_export_megabytes = 2; raise it, or lower export_days_per_job"):
        problem_in(file, export_megabytes=2)
    assert problem_in(file, export_megabytes=3) is None


def test_kinds_without_end_are_given_up(written):
    """Each would become a table."""
    kinds = {f"kind_{number}__csv": "receipt_id\n1\n" for number in range(200)}
    assert problem_in(written(zipped(receipts__csv=RECEIPTS, **kinds))) == "a container with 201 kinds of files"
