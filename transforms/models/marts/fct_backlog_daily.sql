-- One row per day, team and state (open, snoozed): the conversations that were there when the day ended (today: now).
-- Every day adds up: count_conversations = that of the day before + opened + reopened + moved_in - closed - moved_out.
-- question: Does the backlog of each team grow?
with

days as (
    select calendar_days.day
    from calendar_days
    cross join build_clock
    where calendar_days.starts_at_epoch <= build_clock.now_epoch and calendar_days.count_slots > 0
),

stock as (
    select
        day,
        team_id,
        state,
        count(*) as count_conversations,
        sum(case when admin_id is null then 1 else 0 end) as count_unassigned,
        sum(case when is_waiting_on_us then 1 else 0 end) as count_waiting_on_us,
        median(age_seconds) as median_age_seconds,
        percentile_cont(0.9) within group (order by age_seconds) as p90_age_seconds,
        sum(case when age_seconds > 86400 then 1 else 0 end) as count_older_than_1_day,
        sum(case when age_seconds > 259200 then 1 else 0 end) as count_older_than_3_days,
        sum(case when age_seconds > 604800 then 1 else 0 end) as count_older_than_7_days
    from fct_backlog_conversations
    group by day, team_id, state
),

flows as (
    select
        day,
        team_id,
        state,
        sum(case when kind = 'opened' then 1 else 0 end) as count_opened,
        sum(case when kind = 'reopened' then 1 else 0 end) as count_reopened,
        sum(case when kind = 'moved_in' then 1 else 0 end) as count_moved_in,
        sum(case when kind = 'closed' then 1 else 0 end) as count_closed,
        sum(case when kind = 'moved_out' then 1 else 0 end) as count_moved_out
    from int_backlog_moves
    group by day, team_id, state
),

teams as (
    select team_id from flows
    union
    select team_id from stock
),

states as (
    select 'open' as state
    union all
    select 'snoozed' as state
),

-- every day has every team and state, so that a day without any is a zero and not a hole
grid as (
    select days.day, teams.team_id, states.state
    from days
    cross join teams
    cross join states
)

select
    grid.day,  -- in the workspace's time zone
    grid.team_id,  -- the team that had the conversation then; 'none': no team
    stg_teams.name as team_name,  -- of team_id
    grid.state,  -- then: open or snoozed
    coalesce(stock.count_conversations, 0) as count_conversations,  -- at the end of the day
    cast(coalesce(stock.count_unassigned, 0) as bigint) as count_unassigned,  -- of these: without a teammate
    cast(coalesce(stock.count_waiting_on_us, 0) as bigint) as count_waiting_on_us,  -- of these: open, and the last message that is no bot's is the customer's; without those of which that is not known
    cast(coalesce(flows.count_opened, 0) as bigint) as count_opened,  -- begun during the day (where parts are missing: with the first that is loaded; what we sent: with its first answer), under the first team that it had on that day
    cast(coalesce(flows.count_reopened, 0) as bigint) as count_reopened,  -- came during the day from closed
    cast(coalesce(flows.count_moved_in, 0) as bigint) as count_moved_in,  -- came during the day from another team, or from the other state
    cast(coalesce(flows.count_closed, 0) as bigint) as count_closed,  -- closed during the day, by whomever; one closed twice counts twice
    cast(coalesce(flows.count_moved_out, 0) as bigint) as count_moved_out,  -- went during the day to another team, or to the other state
    cast(
        coalesce(flows.count_opened + flows.count_reopened + flows.count_moved_in
            - flows.count_closed - flows.count_moved_out, 0) as bigint
    ) as count_net,  -- more than at the end of the day before
    stock.median_age_seconds,  -- since the conversation began; NULL: there is none
    stock.p90_age_seconds,  -- nine of ten are younger
    cast(coalesce(stock.count_older_than_1_day, 0) as bigint) as count_older_than_1_day,  -- since the conversation began
    cast(coalesce(stock.count_older_than_3_days, 0) as bigint) as count_older_than_3_days,  -- since the conversation began
    cast(coalesce(stock.count_older_than_7_days, 0) as bigint) as count_older_than_7_days  -- since the conversation began
from grid
left join stock
    on grid.day = stock.day and grid.team_id = stock.team_id and grid.state = stock.state
left join flows
    on grid.day = flows.day and grid.team_id = flows.team_id and grid.state = flows.state
left join stg_teams on grid.team_id = stg_teams.team_id
