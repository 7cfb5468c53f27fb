-- One row per day, channel and team on which a conversation was created or first closed; medians and totals of longer times: fct_support_periods.
-- question: How many conversations began on each day, in which channel?
-- incremental: day
with

-- once for both: it is a query over all conversations
conversations as (
    select * from int_counted_conversations
),

created_conversations as (
    select conversations.*
    from conversations
    inner join calendar_days on conversations.created_on = calendar_days.day
),

created as (
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
        median(response_seconds) as median_first_response_seconds,
        percentile_cont(0.9) within group (order by response_seconds) as p90_first_response_seconds,
        cast(sum(case when response_business_seconds <= 3600 then 1 else 0 end) as double)
        / nullif(count(response_business_seconds), 0) as share_within_1_business_hour
    from created_conversations
    group by created_on, channel, team_id
),

-- apart from the above: Redshift sorts by one column per query
in_business_hours as (
    select
        created_on as day,
        channel,
        team_id,
        median(response_business_seconds) as median_first_response_business_seconds,
        percentile_cont(0.9) within group (order by response_business_seconds) as p90_first_response_business_seconds
    from created_conversations
    group by created_on, channel, team_id
),

closed as (
    select
        first_closed_on as day,
        channel,
        team_id,
        count(*) as count_first_closed,
        sum(count_known) as count_known,
        sum(count_reopened_within_7_days) as count_reopened_within_7_days
    from conversations
    inner join calendar_days on conversations.first_closed_on = calendar_days.day
    group by first_closed_on, channel, team_id
),

counts_by_hour as (
    select created_on, channel, team_id, created_hour, count(*) as count_inbound
    from created_conversations
    where count_inbound = 1
    group by created_on, channel, team_id, created_hour
),

-- the greatest count, and of equals the first hour, in one number, which needs no sort
hours as (
    select
        created_on as day,
        channel,
        team_id,
        23 - max(count_inbound * 24 + 23 - created_hour) % 24 as busiest_hour
    from counts_by_hour
    group by created_on, channel, team_id
),

keys as (
    select day, channel, team_id from created
    union
    select day, channel, team_id from closed
)

select
    keys.day,  -- in the workspace's time zone
    keys.channel,  -- conversation (Messenger), email, whatsapp, ...
    keys.team_id,  -- the team that has the conversation now; 'none': no team
    stg_teams.name as team_name,  -- of team_id

    -- conversations created on the day
    coalesce(created.count_conversations, 0) as count_conversations,  -- of every direction
    cast(coalesce(created.count_inbound, 0) as bigint) as count_inbound_conversations,  -- a customer wrote, and it was begun by the customer or a workflow
    cast(coalesce(created.count_replied, 0) as bigint) as count_replied,  -- of the inbound: a teammate has replied by now
    cast(coalesce(created.count_closed_before_first_reply, 0) as bigint) as count_closed_before_first_reply,  -- of the inbound: in no median
    cast(coalesce(created.count_closed_now, 0) as bigint) as count_closed_now,  -- of the inbound: closed now, on whatever day that was
    created.median_first_response_seconds,  -- of the inbound with a reply, unless closed before it
    created.p90_first_response_seconds,  -- nine of ten were faster
    in_business_hours.median_first_response_business_seconds,  -- in the working hours of the team that had it when the customer asked
    in_business_hours.p90_first_response_business_seconds,  -- nine of ten were faster
    created.share_within_1_business_hour,  -- of the same conversations; NULL: there is none
    hours.busiest_hour,  -- local hour in which most inbound conversations began, the first of equals
    cast(coalesce(created.count_rateable, 0) as bigint) as count_rateable,  -- closed now, and a teammate has replied
    cast(coalesce(created.count_rated, 0) as bigint) as count_rated,  -- of these: rated
    cast(created.count_rated_positive as double) / nullif(created.count_rated, 0) as csat,  -- of these: ratings of 4 and 5; NULL: none is rated
    cast(created.count_rated as double) / nullif(created.count_rateable, 0) as csat_response_rate,  -- rated / rateable; NULL: none is rateable

    -- conversations first closed on the day
    coalesce(closed.count_first_closed, 0) as count_first_closed,  -- of every direction, by whomever
    cast(coalesce(closed.count_reopened_within_7_days, 0) as bigint) as count_reopened_within_7_days,  -- of these, so far
    case
        when ends.ends_at_epoch + 604800 <= build_clock.now_epoch
            then cast(closed.count_reopened_within_7_days as double) / nullif(closed.count_known, 0)
    end as reopen_rate  -- of those whose parts are all there; NULL: none of them was closed, or the 7 days after the day are not over
from keys
cross join build_clock
inner join calendar_days as ends on keys.day = ends.day
left join created
    on keys.day = created.day and keys.channel = created.channel and keys.team_id = created.team_id
left join in_business_hours
    on keys.day = in_business_hours.day
    and keys.channel = in_business_hours.channel
    and keys.team_id = in_business_hours.team_id
left join closed
    on keys.day = closed.day and keys.channel = closed.channel and keys.team_id = closed.team_id
left join hours
    on keys.day = hours.day and keys.channel = hours.channel and keys.team_id = hours.team_id
left join stg_teams on keys.team_id = stg_teams.team_id
