-- error: For every team and state, today's backlog is yesterday's plus what entered minus what left.
with

neighbours as (
    select
        day,
        team_id,
        state,
        count_conversations,
        count_net,
        count_opened + count_reopened + count_moved_in - count_closed - count_moved_out as entered_minus_left,
        -- the first day has no yesterday: what began before the calendar did (a mistake, and warned of) is there
        lag(count_conversations) over (partition by team_id, state order by day) as count_before
    from fct_backlog_daily
)

select day, team_id, state
from neighbours
where count_conversations <> count_before + entered_minus_left or count_net <> entered_minus_left
