-- error: Whether by day, week or month, and by channel and team or not, it is all conversations that have a day.
with

expected as (
    select
        count(case when created_on is not null then 1 end) as count_conversations,
        count(case when created_on is not null and direction = 'inbound' then 1 end) as count_inbound
    from fct_conversations
),

found as (
    select
        period,
        case when channel = 'all' then 0 else 1 end as has_channel,
        case when team_id = 'all' then 0 else 1 end as has_team,
        sum(count_conversations) as count_conversations,
        sum(count_inbound_conversations) as count_inbound
    from fct_support_periods
    group by period, case when channel = 'all' then 0 else 1 end, case when team_id = 'all' then 0 else 1 end
)

select found.period, found.has_channel, found.has_team
from found
cross join expected
where
    found.count_conversations <> expected.count_conversations
    or found.count_inbound <> expected.count_inbound
