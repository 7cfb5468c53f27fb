-- error: The replies of all teammates and weeks are the replies of all conversations.
with

found as (
    select coalesce(sum(count_replies), 0) as count_replies from fct_teammate_weekly
),

expected as (
    select count(*) as count_replies
    from int_events
    inner join local_slots on cast(floor(int_events.at_epoch / 900) as bigint) = local_slots.slot_id
    where int_events.is_reply and int_events.author_id is not null
)

select found.count_replies, expected.count_replies as count_expected
from found
cross join expected
where found.count_replies <> expected.count_replies
