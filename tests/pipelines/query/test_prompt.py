"""The prompt for SQL: an interrupted query ends, and the prompt returns."""

import io

import pytest

from pipelines.query.prompt import converse


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_an_interrupted_query_gives_the_prompt_back(monkeypatch, capsys, tmp_path, interruption):
    """DuckDB makes an error of its own of Ctrl-C."""
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 1;\nSELECT 2;\nexit\n"))
    asked = []

    def answer(sql):
        asked.append(sql)
        if sql == "SELECT 1;":
            raise interruption

    converse(answer)
    assert asked == ["SELECT 1;", "SELECT 2;"]
    assert "The query was interrupted." in capsys.readouterr().err


def test_an_error_that_nobody_expects_ends_the_prompt(monkeypatch, tmp_path):
    monkeypatch.setenv("DLT_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("sys.stdin", io.StringIO("SELECT 1;\nexit\n"))

    def answer(_sql):
        raise RuntimeError("no such thing")

    with pytest.raises(RuntimeError, match="no such thing"):
        converse(answer)
