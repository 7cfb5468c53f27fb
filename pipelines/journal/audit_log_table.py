"""The table `audit_results`: what every audit proved, kept with the data."""

from sources.intercom.rows.table import Table, integer, number, text, unix_seconds

AUDIT_RESULTS = Table(
    name="audit_results",
    one_row="one thing that an audit looked at, for one entity",
    key=("run_id", "entity", "subject"),
    columns=text(
        "impersonal",
        run_id="the audit's id",
        entity="contacts, companies, conversations or tickets",
        subject="count (as many as Intercom counts), rows (each once, with its record), parts (as many as Intercom "
        "counts), sample (random records, every field of every table); with metric_ in front: that metric against "
        "Intercom's statistics, as of the last transform",
        result="proven, repaired (differed, loaded again, right now), explained (as it has to be), failed; "
        "of a metric: proven or differs",
        remark="why, or what to do",
        seed="random seed of the sample; audit --seed reads the same records again",
    )
    | unix_seconds(started_at="when the audit began", finished_at="when it ended")
    | integer(
        count_checked="things looked at: records, rows or parts",
        count_differing="of these, not as in Intercom",
        count_repaired="of those, right now",
        count_explained="of those, as they have to be",
        count_failed="of those, still not right",
        count_calls="calls sent by the whole audit",
    )
    | number(seconds="time that the whole audit took"),
)
