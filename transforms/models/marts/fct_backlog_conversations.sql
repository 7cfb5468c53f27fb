-- One row per day and conversation that was open or snoozed when the day ended (today: now): what is behind fct_backlog_daily.
-- One of more than 500 parts (the API shows no more) of which older ones are missing is in it from the first part on that is loaded;
-- where loaded parts assign or open it, from the first on that says whose it is and in what state. Where other parts are missing, state,
-- team and teammate of past days are what those that are loaded tell.
-- question: Which conversations were behind yesterday's backlog?
-- incremental: conversation_id
with

days as (
    select
        calendar_days.day,
        calendar_days.week_start,
        case
            when calendar_days.ends_at_epoch > build_clock.now_epoch then build_clock.now_epoch + 1
            else calendar_days.ends_at_epoch
        end as ends_at_epoch,
        -- the bound above is one second late today, so that what happens in this very second is seen; ages are not
        case
            when calendar_days.ends_at_epoch > build_clock.now_epoch then build_clock.now_epoch
            else calendar_days.ends_at_epoch
        end as seen_at_epoch
    from calendar_days
    cross join build_clock
    where calendar_days.starts_at_epoch <= build_clock.now_epoch and calendar_days.count_slots > 0
),

-- to compare with a few weeks, and then with the days of those, is to compare less than with every day
weeks as (
    select week_start, min(ends_at_epoch) as first_end_epoch, max(ends_at_epoch) as last_end_epoch
    from days
    group by week_start
),

spans as (
    select
        int_status_spans.conversation_id,
        int_status_spans.state,
        int_status_spans.admin_id,
        int_status_spans.team_id,
        int_status_spans.from_epoch,
        -- a span that goes on ends in the year 9999: joins on two plain bounds are fast
        coalesce(int_status_spans.to_epoch, 253402300799) as to_epoch,
        -- most spans do not see the end of the day on which they begin, and need not be compared with every day
        coalesce(days.ends_at_epoch, 0) as first_end_epoch
    from int_status_spans
    left join local_slots on cast(floor(int_status_spans.from_epoch / 900) as bigint) = local_slots.slot_id
    left join days on local_slots.day = days.day
    where int_status_spans.state <> 'closed'
),

stock as (
    select
        days.day,
        days.ends_at_epoch,
        days.seen_at_epoch,
        spans.conversation_id,
        spans.state,
        spans.admin_id,
        spans.team_id
    from spans
    inner join weeks
        on spans.from_epoch < weeks.last_end_epoch
        and spans.to_epoch >= weeks.first_end_epoch
    inner join days
        on weeks.week_start = days.week_start
        and spans.from_epoch < days.ends_at_epoch
        and spans.to_epoch >= days.ends_at_epoch
    where spans.to_epoch > spans.from_epoch and spans.to_epoch >= spans.first_end_epoch
),

-- from a customer's message to the next reply it is for us to answer; bots do not change that
messages as (
    select
        conversation_id,
        is_customer_message,
        seq,
        at_epoch as from_epoch,
        coalesce(lead(at_epoch) over (partition by conversation_id order by seq), 253402300799) as to_epoch
    from int_events
    where is_customer_message or is_reply
),

-- whose last message may be missing; where the newest 500 parts are there, before the first message among them
gaps as (
    select conversation_id, has_newest_parts
    from qa_conversation_completeness
    where not has_all_parts
),

known as (
    select stock.day, stock.conversation_id
    from gaps
    inner join int_conversation_rollup as rollup on gaps.conversation_id = rollup.conversation_id
    inner join stock on gaps.conversation_id = stock.conversation_id
    inner join messages
        on stock.conversation_id = messages.conversation_id
        and messages.from_epoch < stock.ends_at_epoch
        and messages.to_epoch >= stock.ends_at_epoch
    where gaps.has_newest_parts and messages.seq >= rollup.newest_from_seq
),

waits as (
    select stock.day, stock.conversation_id
    from stock
    inner join messages
        on stock.conversation_id = messages.conversation_id
        and messages.from_epoch < stock.ends_at_epoch
        and messages.to_epoch >= stock.ends_at_epoch
    where stock.state = 'open' and messages.is_customer_message
)

select
    stock.day,  -- in the workspace's time zone
    stock.conversation_id,  -- see fct_conversations
    fct_conversations.conversation_url,  -- opens it in Intercom's inbox
    stock.state,  -- then: open or snoozed
    coalesce(stock.team_id, 'none') as team_id,  -- the team that had it then; 'none': no team
    stg_teams.name as team_name,  -- of team_id
    stock.admin_id,  -- the teammate who had it then; NULL: nobody, or a bot
    int_staff.name as admin_name,  -- of admin_id
    fct_conversations.channel,  -- of the conversation
    fct_conversations.priority,  -- now: priority or not_priority
    fct_conversations.contact_id,  -- of the conversation
    fct_conversations.contact_name,  -- of contact_id
    case
        when gaps.conversation_id is null or known.conversation_id is not null then waits.conversation_id is not null
        -- today, which has not ended yet, it is what Intercom says
        when stock.seen_at_epoch < stock.ends_at_epoch then fct_conversations.is_waiting_on_us
    end as is_waiting_on_us,  -- then: open, and the last message that is no bot's was the customer's; NULL: not known (parts are missing)
    stock.seen_at_epoch - fct_conversations.created_at_epoch as age_seconds  -- then (today: now): since the conversation began
from stock
inner join fct_conversations on stock.conversation_id = fct_conversations.conversation_id
left join waits on stock.day = waits.day and stock.conversation_id = waits.conversation_id
left join known on stock.day = known.day and stock.conversation_id = known.conversation_id
left join gaps on stock.conversation_id = gaps.conversation_id
left join stg_teams on stock.team_id = stg_teams.team_id
left join int_staff on stock.admin_id = int_staff.staff_id
