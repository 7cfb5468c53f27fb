-- One row per conversation: the schedule of the team that has it now, and what this schedule's clock of business seconds shows now.
-- view: to write it for every conversation took longer than to find it for the changed ones
select
    stg_conversations.conversation_id,
    int_schedule_clocks.schedule_id,
    int_schedule_clocks.now_epoch,
    int_schedule_clocks.now_business_clock_seconds
from stg_conversations
left join team_schedules on stg_conversations.team_assignee_id = team_schedules.team_id
inner join int_schedule_clocks
    on coalesce(team_schedules.schedule_id, 'default') = int_schedule_clocks.schedule_id
