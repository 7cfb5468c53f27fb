"""A connection that is cut off while models are built is no fault of theirs: the command says to run again."""

import psycopg2

CUT_OFF = """
    CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
    CREATE TRIGGER cut_off AFTER INSERT ON intercom.dim_teammates EXECUTE FUNCTION cut_off()
"""


def test_a_build_whose_connection_is_cut_off_is_to_be_run_again(invoke, postgres, monkeypatch):
    monkeypatch.setenv("DESTINATION__POSTGRES__CREDENTIALS", postgres)
    to_postgres = ("--destination", "postgres")
    assert invoke("sync", *to_postgres)[0] == 0
    with psycopg2.connect(postgres) as database, database.cursor() as cursor:
        cursor.execute(CUT_OFF)
    database.close()
    code, output, _ = invoke("transform", "--full", *to_postgres)
    assert (code, "model dim_teammates failed: " in output) == (1, True), output
    code, output, _ = invoke("sync", *to_postgres)
    said = " ".join(output.split())
    assert (code, "is loaded completely." in said, said.endswith("see above. Run again.")) == (1, True, True), said
    with psycopg2.connect(postgres) as database, database.cursor() as cursor:
        cursor.execute("DROP TRIGGER cut_off ON intercom.dim_teammates")
    database.close()
    assert invoke("transform", *to_postgres)[0] == 0
