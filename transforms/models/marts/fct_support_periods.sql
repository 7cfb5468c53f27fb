-- One row per period (day, week, month), its first day, channel and team, where 'all' is every channel or team: the figures of fct_support_daily, medians taken anew.
-- Rows overlap, so that none has to be added up: choose one period, and 'all' or single ones. Days by channel and team are in fct_support_daily.
-- question: What is the median of the first response, month by month?
-- incremental: starts_on
with

conversations as (
    select
        fct_conversations.conversation_id,
        fct_conversations.channel,
        coalesce(fct_conversations.team_assignee_id, 'none') as team_id,
        fct_conversations.direction,
        fct_conversations.is_closed,
        fct_conversations.first_reply_at_epoch,
        coalesce(fct_conversations.was_closed_before_first_reply, false) as was_closed_before_first_reply,
        coalesce(fct_conversations.is_rateable, false) as is_rateable,
        fct_conversations.rating,
        fct_conversations.created_on,
        fct_conversations.created_week,
        fct_conversations.created_month,
        fct_conversations.created_hour,
        -- who was closed before any reply is counted, and no part of a median
        case when not coalesce(fct_conversations.was_closed_before_first_reply, false)
            then fct_conversations.first_response_seconds end as response_seconds,
        case when not coalesce(fct_conversations.was_closed_before_first_reply, false)
            then fct_conversations.first_response_business_seconds end as response_business_seconds,
        closed_slots.day as first_closed_on,
        closed_slots.week_start as first_closed_week,
        closed_slots.month_start as first_closed_month,
        fct_conversations.has_all_parts,
        -- so far: fct_conversations.is_reopened_within_7_days waits for the end of the 7 days
        coalesce(
            fct_conversations.first_reopen_at_epoch <= fct_conversations.first_close_at_epoch + 604800, false
        ) as is_reopened_within_7_days
    from fct_conversations
    left join local_slots as closed_slots
        on cast(floor(fct_conversations.first_close_at_epoch / 900) as bigint) = closed_slots.slot_id
),

-- which rows there are: 0 stands for every channel, or every team
cuts as (
    select 'day' as period, 0 as has_channel, 0 as has_team
    union all
    select 'day' as period, 1 as has_channel, 0 as has_team
    union all
    select 'day' as period, 0 as has_channel, 1 as has_team
    union all
    select 'week' as period, 0 as has_channel, 0 as has_team
    union all
    select 'week' as period, 1 as has_channel, 0 as has_team
    union all
    select 'week' as period, 0 as has_channel, 1 as has_team
    union all
    select 'week' as period, 1 as has_channel, 1 as has_team
    union all
    select 'month' as period, 0 as has_channel, 0 as has_team
    union all
    select 'month' as period, 1 as has_channel, 0 as has_team
    union all
    select 'month' as period, 0 as has_channel, 1 as has_team
    union all
    select 'month' as period, 1 as has_channel, 1 as has_team
),

-- what is asked about: in an incremental build, periods that have changed
starts as (
    select distinct starts_on from int_periods
),

created_conversations as (
    select *
    from conversations
    where created_week in (select starts_on from starts) or created_month in (select starts_on from starts)
),

closed_conversations as (
    select *
    from conversations
    where first_closed_week in (select starts_on from starts) or first_closed_month in (select starts_on from starts)
),

-- counts add up: those of a day, channel and team, which are fewer than its conversations, go into each row
created_days as (
    select
        created_on,
        created_week,
        created_month,
        channel,
        team_id,
        count(*) as count_conversations,
        sum(case when direction = 'inbound' then 1 else 0 end) as count_inbound,
        sum(case when direction = 'inbound' and first_reply_at_epoch is not null then 1 else 0 end) as count_replied,
        sum(case when was_closed_before_first_reply then 1 else 0 end) as count_closed_before_first_reply,
        sum(case when direction = 'inbound' and is_closed then 1 else 0 end) as count_closed_now,
        sum(case when is_rateable then 1 else 0 end) as count_rateable,
        sum(case when is_rateable and rating is not null then 1 else 0 end) as count_rated,
        sum(case when is_rateable and rating >= 4 then 1 else 0 end) as count_rated_positive,
        sum(case when response_business_seconds <= 3600 then 1 else 0 end) as count_within_1_business_hour,
        count(response_business_seconds) as count_in_business_hours
    from created_conversations
    group by created_on, created_week, created_month, channel, team_id
),

created_cuts as (
    select
        cuts.period,
        case cuts.period
            when 'day' then created_days.created_on
            when 'week' then created_days.created_week
            else created_days.created_month
        end as starts_on,
        case when cuts.has_channel = 1 then created_days.channel else 'all' end as channel,
        case when cuts.has_team = 1 then created_days.team_id else 'all' end as team_id,
        created_days.count_conversations,
        created_days.count_inbound,
        created_days.count_replied,
        created_days.count_closed_before_first_reply,
        created_days.count_closed_now,
        created_days.count_rateable,
        created_days.count_rated,
        created_days.count_rated_positive,
        created_days.count_within_1_business_hour,
        created_days.count_in_business_hours
    from created_days
    cross join cuts
),

created as (
    select
        created_cuts.period,
        created_cuts.starts_on,
        created_cuts.channel,
        created_cuts.team_id,
        cast(sum(created_cuts.count_conversations) as bigint) as count_conversations,
        sum(created_cuts.count_inbound) as count_inbound,
        sum(created_cuts.count_replied) as count_replied,
        sum(created_cuts.count_closed_before_first_reply) as count_closed_before_first_reply,
        sum(created_cuts.count_closed_now) as count_closed_now,
        sum(created_cuts.count_rateable) as count_rateable,
        sum(created_cuts.count_rated) as count_rated,
        sum(created_cuts.count_rated_positive) as count_rated_positive,
        cast(sum(created_cuts.count_within_1_business_hour) as double)
        / nullif(cast(sum(created_cuts.count_in_business_hours) as double), 0) as share_within_1_business_hour
    from created_cuts
    inner join starts on created_cuts.starts_on = starts.starts_on
    group by created_cuts.period, created_cuts.starts_on, created_cuts.channel, created_cuts.team_id
),

-- medians do not add up: each row takes those of its conversations
response_cuts as (
    select
        cuts.period,
        case cuts.period
            when 'day' then created_conversations.created_on
            when 'week' then created_conversations.created_week
            else created_conversations.created_month
        end as starts_on,
        case when cuts.has_channel = 1 then created_conversations.channel else 'all' end as channel,
        case when cuts.has_team = 1 then created_conversations.team_id else 'all' end as team_id,
        created_conversations.response_seconds,
        created_conversations.response_business_seconds
    from created_conversations
    cross join cuts
    where created_conversations.response_seconds is not null
),

responses as (
    select response_cuts.*
    from response_cuts
    inner join starts on response_cuts.starts_on = starts.starts_on
),

in_all_hours as (
    select
        period,
        starts_on,
        channel,
        team_id,
        median(response_seconds) as median_first_response_seconds,
        percentile_cont(0.9) within group (order by response_seconds) as p90_first_response_seconds
    from responses
    group by period, starts_on, channel, team_id
),

-- apart from the above: Redshift sorts by one column per query
in_business_hours as (
    select
        period,
        starts_on,
        channel,
        team_id,
        median(response_business_seconds) as median_first_response_business_seconds,
        percentile_cont(0.9) within group (order by response_business_seconds) as p90_first_response_business_seconds
    from responses
    group by period, starts_on, channel, team_id
),

closed_days as (
    select
        first_closed_on,
        first_closed_week,
        first_closed_month,
        channel,
        team_id,
        count(*) as count_first_closed,
        sum(case when has_all_parts then 1 else 0 end) as count_known,
        sum(case when is_reopened_within_7_days then 1 else 0 end) as count_reopened_within_7_days
    from closed_conversations
    where first_closed_on is not null
    group by first_closed_on, first_closed_week, first_closed_month, channel, team_id
),

closed_cuts as (
    select
        cuts.period,
        case cuts.period
            when 'day' then closed_days.first_closed_on
            when 'week' then closed_days.first_closed_week
            else closed_days.first_closed_month
        end as starts_on,
        case when cuts.has_channel = 1 then closed_days.channel else 'all' end as channel,
        case when cuts.has_team = 1 then closed_days.team_id else 'all' end as team_id,
        closed_days.count_first_closed,
        closed_days.count_known,
        closed_days.count_reopened_within_7_days
    from closed_days
    cross join cuts
),

closed as (
    select
        closed_cuts.period,
        closed_cuts.starts_on,
        closed_cuts.channel,
        closed_cuts.team_id,
        cast(sum(closed_cuts.count_first_closed) as bigint) as count_first_closed,
        sum(closed_cuts.count_known) as count_known,
        sum(closed_cuts.count_reopened_within_7_days) as count_reopened_within_7_days
    from closed_cuts
    inner join starts on closed_cuts.starts_on = starts.starts_on
    group by closed_cuts.period, closed_cuts.starts_on, closed_cuts.channel, closed_cuts.team_id
),

-- by period first: most rows of days are one conversation, those of weeks and months are many
inbound_hours as (
    select
        periods.period,
        case periods.period
            when 'day' then created_conversations.created_on
            when 'week' then created_conversations.created_week
            else created_conversations.created_month
        end as starts_on,
        created_conversations.channel,
        created_conversations.team_id,
        created_conversations.created_hour,
        count(*) as count_inbound
    from created_conversations
    cross join (select distinct period from cuts) as periods
    where created_conversations.direction = 'inbound'
    group by
        periods.period,
        case periods.period
            when 'day' then created_conversations.created_on
            when 'week' then created_conversations.created_week
            else created_conversations.created_month
        end,
        created_conversations.channel,
        created_conversations.team_id,
        created_conversations.created_hour
),

inbound_cuts as (
    select
        cuts.period,
        inbound_hours.starts_on,
        case when cuts.has_channel = 1 then inbound_hours.channel else 'all' end as channel,
        case when cuts.has_team = 1 then inbound_hours.team_id else 'all' end as team_id,
        inbound_hours.created_hour,
        inbound_hours.count_inbound
    from inbound_hours
    inner join cuts on inbound_hours.period = cuts.period
),

counts_by_hour as (
    select
        inbound_cuts.period,
        inbound_cuts.starts_on,
        inbound_cuts.channel,
        inbound_cuts.team_id,
        inbound_cuts.created_hour,
        cast(sum(inbound_cuts.count_inbound) as bigint) as count_inbound
    from inbound_cuts
    inner join starts on inbound_cuts.starts_on = starts.starts_on
    group by
        inbound_cuts.period,
        inbound_cuts.starts_on,
        inbound_cuts.channel,
        inbound_cuts.team_id,
        inbound_cuts.created_hour
),

-- the greatest count, and of equals the first hour, in one number, which needs no sort
hours as (
    select
        period,
        starts_on,
        channel,
        team_id,
        23 - max(count_inbound * 24 + 23 - created_hour) % 24 as busiest_hour
    from counts_by_hour
    group by period, starts_on, channel, team_id
),

keys as (
    select period, starts_on, channel, team_id from created
    union
    select period, starts_on, channel, team_id from closed
)

select
    keys.period,  -- day, week or month
    keys.starts_on,  -- the day itself, the week's Monday, or the month's first day, in the workspace's time zone
    keys.channel,  -- 'all': every channel together
    keys.team_id,  -- the team that has the conversation now; 'none': no team, 'all': every team and none together
    stg_teams.name as team_name,  -- of team_id

    -- conversations created in the period
    coalesce(created.count_conversations, 0) as count_conversations,  -- of every direction
    cast(coalesce(created.count_inbound, 0) as bigint) as count_inbound_conversations,  -- a customer wrote, and it was begun by the customer or a workflow
    cast(coalesce(created.count_replied, 0) as bigint) as count_replied,  -- of the inbound: a teammate has replied by now
    cast(coalesce(created.count_closed_before_first_reply, 0) as bigint) as count_closed_before_first_reply,  -- of the inbound: in no median
    cast(coalesce(created.count_closed_now, 0) as bigint) as count_closed_now,  -- of the inbound: closed now, on whatever day that was
    in_all_hours.median_first_response_seconds,  -- of the inbound with a reply, unless closed before it
    in_all_hours.p90_first_response_seconds,  -- nine of ten were faster
    in_business_hours.median_first_response_business_seconds,  -- in the working hours of the team that had it when the customer asked
    in_business_hours.p90_first_response_business_seconds,  -- nine of ten were faster
    created.share_within_1_business_hour,  -- of the same conversations; NULL: there is none
    hours.busiest_hour,  -- local hour in which most inbound conversations began, the first of equals
    cast(coalesce(created.count_rateable, 0) as bigint) as count_rateable,  -- closed now, and a teammate has replied
    cast(coalesce(created.count_rated, 0) as bigint) as count_rated,  -- of these: rated
    cast(created.count_rated_positive as double) / nullif(created.count_rated, 0) as csat,  -- of these: ratings of 4 and 5; NULL: none is rated
    cast(created.count_rated as double) / nullif(created.count_rateable, 0) as csat_response_rate,  -- rated / rateable; NULL: none is rateable

    -- conversations first closed in the period
    coalesce(closed.count_first_closed, 0) as count_first_closed,  -- of every direction, by whomever
    cast(coalesce(closed.count_reopened_within_7_days, 0) as bigint) as count_reopened_within_7_days,  -- of these, so far
    case
        when int_periods.ends_at_epoch + 604800 <= build_clock.now_epoch
            then cast(closed.count_reopened_within_7_days as double) / nullif(closed.count_known, 0)
    end as reopen_rate  -- of those whose parts are all there; NULL: none of them was closed, or the 7 days after the period are not over
from keys
cross join build_clock
inner join int_periods on keys.period = int_periods.period and keys.starts_on = int_periods.starts_on
left join created
    on keys.period = created.period
    and keys.starts_on = created.starts_on
    and keys.channel = created.channel
    and keys.team_id = created.team_id
left join in_all_hours
    on keys.period = in_all_hours.period
    and keys.starts_on = in_all_hours.starts_on
    and keys.channel = in_all_hours.channel
    and keys.team_id = in_all_hours.team_id
left join in_business_hours
    on keys.period = in_business_hours.period
    and keys.starts_on = in_business_hours.starts_on
    and keys.channel = in_business_hours.channel
    and keys.team_id = in_business_hours.team_id
left join closed
    on keys.period = closed.period
    and keys.starts_on = closed.starts_on
    and keys.channel = closed.channel
    and keys.team_id = closed.team_id
left join hours
    on keys.period = hours.period
    and keys.starts_on = hours.starts_on
    and keys.channel = hours.channel
    and keys.team_id = hours.team_id
left join stg_teams on keys.team_id = stg_teams.team_id
