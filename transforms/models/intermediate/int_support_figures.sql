-- One row per period (day, week, month), its first day, channel and team, where 'all' is every channel or team: how many conversations, how fast, how well.
-- incremental: starts_on
with

-- which rows there are: 0 stands for every channel, or every team
cuts as (
    select 'day' as period, 0 as has_channel, 0 as has_team
    union all
    select 'day' as period, 1 as has_channel, 0 as has_team
    union all
    select 'day' as period, 0 as has_channel, 1 as has_team
    union all
    select 'day' as period, 1 as has_channel, 1 as has_team
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

-- the periods that a day is in; in an incremental build, of those that have changed
period_days as (
    select day, period, starts_on
    from int_period_days
    where starts_on in (select starts_on from int_periods)
),

days as (
    select distinct day from period_days
),

-- the kinds of rows into which the conversations of a day go
day_cuts as (
    select period_days.day, period_days.period, period_days.starts_on, cuts.has_channel, cuts.has_team
    from period_days
    inner join cuts on period_days.period = cuts.period
),

-- once for both: it is a query over all conversations
conversations as (
    select * from int_counted_conversations
),

created_conversations as (
    select conversations.*
    from conversations
    inner join days on conversations.created_on = days.day
),

-- counts add up: those of a day, channel and team, which are fewer than its conversations, go into each row
created_days as (
    select
        created_on as day,
        channel,
        team_id,
        count(*) as count_conversations,
        sum(count_inbound) as count_inbound,
        sum(count_replied) as count_replied,
        sum(count_closed_before_first_reply) as count_closed_before_first_reply,
        sum(count_closed_now) as count_closed_now,
        sum(count_rateable) as count_rateable,
        sum(count_rated) as count_rated,
        sum(count_rated_positive) as count_rated_positive,
        sum(case when response_business_seconds <= 3600 then 1 else 0 end) as count_within_1_business_hour,
        count(response_business_seconds) as count_in_business_hours
    from created_conversations
    group by created_on, channel, team_id
),

closed_days as (
    select
        first_closed_on as day,
        channel,
        team_id,
        count(*) as count_first_closed,
        sum(count_known) as count_known,
        sum(count_reopened_within_7_days) as count_reopened_within_7_days
    from conversations
    inner join days on conversations.first_closed_on = days.day
    group by first_closed_on, channel, team_id
),

created as (
    select
        day_cuts.period,
        day_cuts.starts_on,
        case when day_cuts.has_channel = 1 then created_days.channel else 'all' end as channel,
        case when day_cuts.has_team = 1 then created_days.team_id else 'all' end as team_id,
        cast(sum(created_days.count_conversations) as bigint) as count_conversations,
        sum(created_days.count_inbound) as count_inbound,
        sum(created_days.count_replied) as count_replied,
        sum(created_days.count_closed_before_first_reply) as count_closed_before_first_reply,
        sum(created_days.count_closed_now) as count_closed_now,
        sum(created_days.count_rateable) as count_rateable,
        sum(created_days.count_rated) as count_rated,
        sum(created_days.count_rated_positive) as count_rated_positive,
        cast(sum(created_days.count_within_1_business_hour) as double)
        / nullif(cast(sum(created_days.count_in_business_hours) as double), 0) as share_within_1_business_hour
    from created_days
    inner join day_cuts on created_days.day = day_cuts.day
    group by
        day_cuts.period,
        day_cuts.starts_on,
        case when day_cuts.has_channel = 1 then created_days.channel else 'all' end,
        case when day_cuts.has_team = 1 then created_days.team_id else 'all' end
),

-- medians do not add up: each row takes those of its conversations
-- PostgreSQL sorts by what a group has in common, in this order: what is compared quickly, and differs most, comes first
responses as (
    select
        day_cuts.period,
        day_cuts.starts_on,
        case when day_cuts.has_channel = 1 then created_conversations.channel else 'all' end as channel,
        case when day_cuts.has_team = 1 then created_conversations.team_id else 'all' end as team_id,
        created_conversations.response_seconds,
        created_conversations.response_business_seconds
    from created_conversations
    inner join day_cuts on created_conversations.created_on = day_cuts.day
    where created_conversations.response_seconds is not null
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
    group by starts_on, team_id, channel, period
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
    group by starts_on, team_id, channel, period
),

closed as (
    select
        day_cuts.period,
        day_cuts.starts_on,
        case when day_cuts.has_channel = 1 then closed_days.channel else 'all' end as channel,
        case when day_cuts.has_team = 1 then closed_days.team_id else 'all' end as team_id,
        cast(sum(closed_days.count_first_closed) as bigint) as count_first_closed,
        sum(closed_days.count_known) as count_known,
        sum(closed_days.count_reopened_within_7_days) as count_reopened_within_7_days
    from closed_days
    inner join day_cuts on closed_days.day = day_cuts.day
    group by
        day_cuts.period,
        day_cuts.starts_on,
        case when day_cuts.has_channel = 1 then closed_days.channel else 'all' end,
        case when day_cuts.has_team = 1 then closed_days.team_id else 'all' end
),

-- by period first: most rows of days are one conversation, those of weeks and months are many
inbound_hours as (
    select
        period_days.period,
        period_days.starts_on,
        created_conversations.channel,
        created_conversations.team_id,
        created_conversations.created_hour,
        count(*) as count_inbound
    from created_conversations
    inner join period_days on created_conversations.created_on = period_days.day
    where created_conversations.count_inbound = 1
    group by
        period_days.starts_on,
        period_days.period,
        created_conversations.channel,
        created_conversations.team_id,
        created_conversations.created_hour
),

counts_by_hour as (
    select
        inbound_hours.period,
        inbound_hours.starts_on,
        case when cuts.has_channel = 1 then inbound_hours.channel else 'all' end as channel,
        case when cuts.has_team = 1 then inbound_hours.team_id else 'all' end as team_id,
        inbound_hours.created_hour,
        cast(sum(inbound_hours.count_inbound) as bigint) as count_inbound
    from inbound_hours
    inner join cuts on inbound_hours.period = cuts.period
    group by
        inbound_hours.starts_on,
        inbound_hours.period,
        case when cuts.has_channel = 1 then inbound_hours.channel else 'all' end,
        case when cuts.has_team = 1 then inbound_hours.team_id else 'all' end,
        inbound_hours.created_hour
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
    group by starts_on, team_id, channel, period
),

keys as (
    select period, starts_on, channel, team_id from created
    union
    select period, starts_on, channel, team_id from closed
)

select
    keys.period,
    keys.starts_on,
    keys.channel,
    keys.team_id,

    -- conversations created in the period
    coalesce(created.count_conversations, 0) as count_conversations,
    cast(coalesce(created.count_inbound, 0) as bigint) as count_inbound_conversations,
    cast(coalesce(created.count_replied, 0) as bigint) as count_replied,
    cast(coalesce(created.count_closed_before_first_reply, 0) as bigint) as count_closed_before_first_reply,
    cast(coalesce(created.count_closed_now, 0) as bigint) as count_closed_now,
    in_all_hours.median_first_response_seconds,
    in_all_hours.p90_first_response_seconds,
    in_business_hours.median_first_response_business_seconds,
    in_business_hours.p90_first_response_business_seconds,
    created.share_within_1_business_hour,
    hours.busiest_hour,
    cast(coalesce(created.count_rateable, 0) as bigint) as count_rateable,
    cast(coalesce(created.count_rated, 0) as bigint) as count_rated,
    cast(created.count_rated_positive as double) / nullif(created.count_rated, 0) as csat,
    cast(created.count_rated as double) / nullif(created.count_rateable, 0) as csat_response_rate,

    -- conversations first closed in the period
    coalesce(closed.count_first_closed, 0) as count_first_closed,
    cast(coalesce(closed.count_reopened_within_7_days, 0) as bigint) as count_reopened_within_7_days,
    case
        when int_periods.ends_at_epoch + 604800 <= build_clock.now_epoch
            then cast(closed.count_reopened_within_7_days as double) / nullif(closed.count_known, 0)
    end as reopen_rate
from keys
cross join build_clock
inner join int_periods using (period, starts_on)
left join created using (period, starts_on, channel, team_id)
left join in_all_hours using (period, starts_on, channel, team_id)
left join in_business_hours using (period, starts_on, channel, team_id)
left join closed using (period, starts_on, channel, team_id)
left join hours using (period, starts_on, channel, team_id)
