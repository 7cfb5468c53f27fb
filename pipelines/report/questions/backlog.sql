-- One row per day, channel, team and state: conversations that were there when the day ended.
select
    day, channel, team_id, state, count(*) as conversations,
    sum(case when is_waiting_on_us then 1 else 0 end) as waiting
from fct_backlog_conversations
where day >= cast('{since}' as date)
group by day, channel, team_id, state
