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
        "counts), sample (random records, every field of every table), audit (not to its end); with metric_ in front: "
        "that metric against Intercom's statistics, as of the last transform",
        result="proven, repaired (differed, loaded again, right now), explained (as it has to be), failed; "
        "of a metric: proven or differs",
        remark="why, or what to do",
        seed="random seed of the sample; audit --seed reads the same records again",
    )
    | unix_seconds(started_at="when the audit began", finished_at="when it ended")
    | integer(
        count_checked="what was looked at: records; rows where the subject is rows, parts where it is parts",
        count_differing="records that are not as in Intercom, or have such rows or parts among these",
        count_repaired="of these records, right now",
        count_explained="of these records, as they have to be",
        count_failed="of these records, still not right",
        count_calls="calls sent by the whole audit",
    )
    | number(seconds="time that the whole audit took"),
)
