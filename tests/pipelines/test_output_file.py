"""A file that a person names: whole, its owner's, and never what must not be written over."""

import errno
import os
import stat
import threading
from pathlib import Path

import duckdb
import pytest

from pipelines.output_file import replacing, write_privately
from pipelines.stop import Stop


def test_a_database_is_never_replaced(tmp_path):
    file = tmp_path / "support.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute("create table contacts as select 1 as id")
    (tmp_path / "link.html").symlink_to(file)
    for place in (file, tmp_path / "link.html"):
        with pytest.raises(Stop, match="is a DuckDB database; choose another --output"):
            write_privately(place, "a page")
    with duckdb.connect(str(file)) as connection:
        assert connection.execute("from contacts").fetchall() == [(1,)]


def test_a_link_stays_one(tmp_path):
    (tmp_path / "link.html").symlink_to(tmp_path / "real.html")
    for text in ("first", "second"):
        assert write_privately(tmp_path / "link.html", text) == len(text)
        assert (tmp_path / "link.html").is_symlink()
        assert (tmp_path / "real.html").read_text() == text


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path):
    (tmp_path / "rows.csv").write_text("of an earlier query")
    (tmp_path / "rows.csv").chmod(0o640)
    with replacing(tmp_path / "rows.csv") as place:
        assert stat.S_IMODE(place.stat().st_mode) == 0o640
        place.write_text("rows")
    assert stat.S_IMODE((tmp_path / "rows.csv").stat().st_mode) == 0o640
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("rows.csv", "rows")]
    assert write_privately(tmp_path / "rows.csv", "a page") == 6
    assert stat.S_IMODE((tmp_path / "rows.csv").stat().st_mode) == 0o600


def test_a_file_that_is_mounted_by_itself_is_written_in_its_place(tmp_path, monkeypatch):
    """The system lets nothing take its place; to mount one needs rights that a test has not."""

    def refuse(self, target):
        raise OSError(errno.EBUSY, "Device or resource busy", str(self), str(target))

    (tmp_path / "rows.csv").write_text("of an earlier query")
    monkeypatch.setattr(Path, "replace", refuse)
    with replacing(tmp_path / "rows.csv") as place:
        place.write_text("rows")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("rows.csv", "rows")]


def test_what_is_no_ordinary_file_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    written = threading.Thread(target=write_privately, args=(pipe, "a page"))
    written.start()
    assert pipe.read_text() == "a page"
    written.join()
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_standard_output_leads_to_is_written_to(tmp_path):
    usual = os.dup(1)
    with (tmp_path / "all.html").open("w") as out:
        out.write("before, ")
        out.flush()
        os.dup2(out.fileno(), 1)
        try:
            write_privately(Path("/dev/stdout"), "a page")
        finally:
            os.dup2(usual, 1)
            os.close(usual)
    assert (tmp_path / "all.html").read_text() == "before, a page"
