-- One row per day, team and state (open, snoozed): the conversations that were there when the day ended (today: now).
with

days as (
    select
        calendar_days.day,
        calendar_days.starts_at_epoch,
        case
            when calendar_days.ends_at_epoch > build_clock.now_epoch then build_clock.now_epoch + 1
            else calendar_days.ends_at_epoch
        end as ends_at_epoch
    from calendar_days
    cross join build_clock
    where calendar_days.starts_at_epoch <= build_clock.now_epoch and calendar_days.count_slots > 0
),

spans as (
    select
        int_status_spans.conversation_id,
        int_status_spans.state,
        int_status_spans.previous_state,
        int_status_spans.admin_id,
        coalesce(int_status_spans.team_id, 'none') as team_id,
        int_status_spans.from_epoch,
        -- a span that goes on ends in the year 9999: joins on two plain bounds are fast
        coalesce(int_status_spans.to_epoch, 253402300799) as to_epoch,
        local_slots.day as from_day,
        -- most spans do not see the end of the day on which they begin, and need not be compared with every day
        coalesce(days.ends_at_epoch, 0) as first_end_epoch,
        stg_conversations.created_at_epoch
    from int_status_spans
    inner join stg_conversations on int_status_spans.conversation_id = stg_conversations.conversation_id
    left join local_slots on cast(floor(int_status_spans.from_epoch / 900) as bigint) = local_slots.slot_id
    left join days on local_slots.day = days.day
),

-- from a customer's message to the next message of anybody: meanwhile it is for us to answer
messages as (
    select
        conversation_id,
        is_customer_message,
        at_epoch as from_epoch,
        coalesce(lead(at_epoch) over (partition by conversation_id order by seq), 253402300799) as to_epoch
    from int_events
    where is_customer_message or is_reply or is_bot_reply
),

stock as (
    select
        days.day,
        spans.team_id,
        spans.state,
        spans.admin_id,
        days.ends_at_epoch - spans.created_at_epoch as age_seconds
    from spans
    inner join days
        on spans.from_epoch < days.ends_at_epoch
        and spans.to_epoch >= days.ends_at_epoch
    where spans.state <> 'closed' and spans.to_epoch > spans.from_epoch and spans.to_epoch >= spans.first_end_epoch
),

stock_totals as (
    select
        day,
        team_id,
        state,
        count(*) as count_conversations,
        sum(case when admin_id is null then 1 else 0 end) as count_unassigned,
        median(age_seconds) as median_age_seconds,
        percentile_cont(0.9) within group (order by age_seconds) as p90_age_seconds,
        sum(case when age_seconds > 86400 then 1 else 0 end) as count_older_than_1_day,
        sum(case when age_seconds > 259200 then 1 else 0 end) as count_older_than_3_days,
        sum(case when age_seconds > 604800 then 1 else 0 end) as count_older_than_7_days
    from stock
    group by day, team_id, state
),

-- open, and it is for us to answer: what both have in common, found before it is spread over days
waits as (
    select
        spans.team_id,
        spans.state,
        case when spans.from_epoch > messages.from_epoch then spans.from_epoch else messages.from_epoch end
            as from_epoch,
        case when spans.to_epoch < messages.to_epoch then spans.to_epoch else messages.to_epoch end as to_epoch
    from spans
    inner join messages
        on spans.conversation_id = messages.conversation_id
        and spans.from_epoch < messages.to_epoch
        and spans.to_epoch > messages.from_epoch
    where spans.state = 'open' and spans.to_epoch > spans.from_epoch and messages.is_customer_message
),

long_waits as (
    select waits.team_id, waits.state, waits.from_epoch, waits.to_epoch
    from waits
    left join local_slots on cast(floor(waits.from_epoch / 900) as bigint) = local_slots.slot_id
    left join days on local_slots.day = days.day
    where waits.to_epoch >= coalesce(days.ends_at_epoch, 0)
),

wait_totals as (
    select days.day, waits.team_id, waits.state, count(*) as count_waiting_on_us
    from long_waits as waits
    inner join days
        on waits.from_epoch < days.ends_at_epoch
        and waits.to_epoch >= days.ends_at_epoch
    group by days.day, waits.team_id, waits.state
),

entries as (
    select
        spans.from_day as day,
        spans.team_id,
        spans.state,
        sum(case when spans.previous_state is null then 1 else 0 end) as count_opened,
        sum(case when spans.previous_state = 'closed' then 1 else 0 end) as count_reopened,
        0 as count_closed
    from spans
    where spans.state <> 'closed' and spans.from_day is not null
    group by spans.from_day, spans.team_id, spans.state
),

exits as (
    select
        spans.from_day as day,
        spans.team_id,
        spans.previous_state as state,
        0 as count_opened,
        0 as count_reopened,
        count(*) as count_closed
    from spans
    where spans.state = 'closed' and spans.previous_state <> 'closed' and spans.from_day is not null
    group by spans.from_day, spans.team_id, spans.previous_state
),

flows as (
    select
        day,
        team_id,
        state,
        sum(count_opened) as count_opened,
        sum(count_reopened) as count_reopened,
        sum(count_closed) as count_closed
    from (
        select * from entries
        union all
        select * from exits
    ) as entries_and_exits
    group by day, team_id, state
),

teams as (
    select team_id from spans group by team_id
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
),

totals as (
    select
        grid.day,
        grid.team_id,
        grid.state,
        coalesce(stock_totals.count_conversations, 0) as count_conversations,
        coalesce(stock_totals.count_unassigned, 0) as count_unassigned,
        coalesce(wait_totals.count_waiting_on_us, 0) as count_waiting_on_us,
        coalesce(flows.count_opened, 0) as count_opened,
        coalesce(flows.count_reopened, 0) as count_reopened,
        coalesce(flows.count_closed, 0) as count_closed,
        stock_totals.median_age_seconds,
        stock_totals.p90_age_seconds,
        coalesce(stock_totals.count_older_than_1_day, 0) as count_older_than_1_day,
        coalesce(stock_totals.count_older_than_3_days, 0) as count_older_than_3_days,
        coalesce(stock_totals.count_older_than_7_days, 0) as count_older_than_7_days
    from grid
    left join stock_totals
        on grid.day = stock_totals.day and grid.team_id = stock_totals.team_id and grid.state = stock_totals.state
    left join wait_totals
        on grid.day = wait_totals.day and grid.team_id = wait_totals.team_id and grid.state = wait_totals.state
    left join flows
        on grid.day = flows.day and grid.team_id = flows.team_id and grid.state = flows.state
)

select
    day,  -- in the workspace's time zone
    team_id,  -- the team that had the conversation at that moment; 'none': no team
    state,  -- open or snoozed
    cast(count_conversations as bigint) as count_conversations,  -- at the end of the day
    cast(count_unassigned as bigint) as count_unassigned,  -- of these: with no teammate
    cast(count_waiting_on_us as bigint) as count_waiting_on_us,  -- of these: open, and the last message is the customer's
    cast(count_opened as bigint) as count_opened,  -- conversations begun during the day
    cast(count_reopened as bigint) as count_reopened,  -- closed before, and came into this state during the day
    cast(count_closed as bigint) as count_closed,  -- closed during the day out of this state
    cast(
        count_conversations
        - coalesce(lag(count_conversations) over (partition by team_id, state order by day), 0) as bigint
    ) as count_net,  -- more than at the end of the day before, by whatever way
    median_age_seconds,  -- since the conversation began
    p90_age_seconds,
    cast(count_older_than_1_day as bigint) as count_older_than_1_day,
    cast(count_older_than_3_days as bigint) as count_older_than_3_days,
    cast(count_older_than_7_days as bigint) as count_older_than_7_days
from totals
