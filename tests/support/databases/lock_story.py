"""What a lock in a table has to do, played on whatever runs SQL: two runs, of which one is killed."""

from pipelines.destination.locks.row_lock_statements import LockTable

FIRST, SECOND = "process 1 of ada's on a\\b", "process 2"


def play(run, name, dialect):
    """Play it with `run(sql) -> rows`, on a table of this name that is made here."""
    table, asleep = LockTable(name, dialect, expires=300), LockTable(name, dialect, expires=-1)
    for _ in range(2):  # the second run finds the table
        run(table.created())
    run(table.begun("a", FIRST))
    assert run(table.others("a")) == [], "alone"
    run(table.begun("b", SECOND))
    assert [holder for (holder,) in run(table.others("b"))] == [FIRST], "the first one is named"
    run(table.released("b"))
    run(table.taken_over("a"))
    for _ in range(3):
        run(table.beaten("a", FIRST))
    assert len(run(table.held("a"))) == 1
    assert [holder for (holder,) in run(table.others("c"))] == [FIRST], "many beats, one holder"
    assert run(asleep.others("c")) == [], "whoever was silent for too long counts for nothing"
    run(table.begun("c", SECOND))
    run(table.taken_over("c"))
    assert run(table.held("a")) == [], "and notices"
    run(table.beaten("a", FIRST))
    assert run(table.held("a")) == [], "also when it wakes up: its beat does not bring it back"
    assert len(run(table.held("c"))) == 1
    run(table.released("c"))
    assert run(f"SELECT token FROM {name}") == []
