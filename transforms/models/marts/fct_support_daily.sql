-- One row per day, channel and team on which a conversation was created or first closed (team 'none': not assigned to one).
with

conversations as (
    select
        fct_conversations.*,
        coalesce(fct_conversations.team_assignee_id, 'none') as team_id,
        closed_slots.day as first_closed_on,
        coalesce(
            fct_conversations.first_reopen_at_epoch <= fct_conversations.first_close_at_epoch + 604800, false
        ) as is_reopened_within_7_days
    from fct_conversations
    left join local_slots as closed_slots
        on cast(floor(fct_conversations.first_close_at_epoch / 900) as bigint) = closed_slots.slot_id
),

created as (
    select
        created_on as day,
        channel,
        team_id,
        count(*) as count_conversations,
        sum(case when is_customer_initiated then 1 else 0 end) as count_customer_conversations,
        sum(case when is_customer_initiated and count_replies > 0 then 1 else 0 end) as count_replied,
        sum(case when is_customer_initiated and is_closed then 1 else 0 end) as count_closed,
        median(first_response_seconds) as median_first_response_seconds,
        percentile_cont(0.9) within group (order by first_response_seconds) as p90_first_response_seconds,
        cast(sum(case when first_response_business_seconds <= 3600 then 1 else 0 end) as double)
        / nullif(count(first_response_business_seconds), 0) as share_within_1_business_hour
    from conversations
    where created_on is not null
    group by created_on, channel, team_id
),

-- apart from the above: Redshift sorts by one column per query
in_business_hours as (
    select
        created_on as day,
        channel,
        team_id,
        median(first_response_business_seconds) as median_first_response_business_seconds,
        percentile_cont(0.9) within group (
            order by first_response_business_seconds
        ) as p90_first_response_business_seconds
    from conversations
    where created_on is not null
    group by created_on, channel, team_id
),

closed as (
    select
        first_closed_on as day,
        channel,
        team_id,
        count(*) as count_first_closed,
        sum(case when is_reopened_within_7_days then 1 else 0 end) as count_reopened_within_7_days
    from conversations
    where first_closed_on is not null
    group by first_closed_on, channel, team_id
),

hours as (
    select
        created_on as day,
        channel,
        team_id,
        created_hour,
        row_number() over (partition by created_on, channel, team_id order by count(*) desc, created_hour) as place
    from conversations
    where is_customer_initiated and created_on is not null
    group by created_on, channel, team_id, created_hour
),

keys as (
    select day, channel, team_id from created
    union
    select day, channel, team_id from closed
)

select
    keys.day,  -- in the workspace's time zone
    keys.channel,
    keys.team_id,  -- the team to which the conversation is assigned now
    stg_teams.name as team_name,

    -- conversations created on the day
    coalesce(created.count_conversations, 0) as count_conversations,
    cast(coalesce(created.count_customer_conversations, 0) as bigint) as count_customer_conversations,
    cast(coalesce(created.count_replied, 0) as bigint) as count_replied,  -- of the customer conversations: with a reply by now
    cast(coalesce(created.count_closed, 0) as bigint) as count_closed,  -- of the customer conversations: closed now
    created.median_first_response_seconds,  -- of the customer conversations with a reply
    created.p90_first_response_seconds,
    in_business_hours.median_first_response_business_seconds,
    in_business_hours.p90_first_response_business_seconds,
    created.share_within_1_business_hour,  -- of the customer conversations with a reply; NULL: none has one
    hours.created_hour as busiest_hour,  -- local hour in which most customer conversations began, the first of equals

    -- conversations first closed on the day
    coalesce(closed.count_first_closed, 0) as count_first_closed,
    cast(coalesce(closed.count_reopened_within_7_days, 0) as bigint) as count_reopened_within_7_days,
    cast(closed.count_reopened_within_7_days as double) / closed.count_first_closed as reopen_rate  -- NULL: none was closed
from keys
left join created
    on keys.day = created.day and keys.channel = created.channel and keys.team_id = created.team_id
left join in_business_hours
    on keys.day = in_business_hours.day
    and keys.channel = in_business_hours.channel
    and keys.team_id = in_business_hours.team_id
left join closed
    on keys.day = closed.day and keys.channel = closed.channel and keys.team_id = closed.team_id
left join hours
    on keys.day = hours.day and keys.channel = hours.channel and keys.team_id = hours.team_id and hours.place = 1
left join stg_teams on keys.team_id = stg_teams.team_id
