-- One row per conversation: the schedule of its team, and what this schedule's clock of business seconds shows now.
with

schedule_clocks as (
    select
        business_slots.schedule_id,
        build_clock.now_epoch,
        business_slots.open_seconds_before
        + business_slots.is_open * (build_clock.now_epoch - 900 * business_slots.slot_id) as now_business_clock_seconds
    from build_clock
    inner join business_slots on cast(floor(build_clock.now_epoch / 900) as bigint) = business_slots.slot_id
)

select
    stg_conversations.conversation_id,
    schedule_clocks.schedule_id,
    schedule_clocks.now_epoch,
    schedule_clocks.now_business_clock_seconds
from stg_conversations
left join team_schedules on stg_conversations.team_assignee_id = team_schedules.team_id
inner join schedule_clocks on coalesce(team_schedules.schedule_id, 'default') = schedule_clocks.schedule_id
