-- error: The first responses of all teammates are the first responses of all inbound conversations, unless closed before.
with

found as (
    select coalesce(sum(count_first_responses), 0) as count_responses from fct_teammate_weekly
),

expected as (
    select count(*) as count_responses
    from fct_conversations
    inner join local_slots
        on cast(floor(fct_conversations.first_reply_at_epoch / 900) as bigint) = local_slots.slot_id
    where
        fct_conversations.direction = 'inbound'
        and fct_conversations.first_reply_admin_id is not null
        and not fct_conversations.was_closed_before_first_reply
)

select found.count_responses, expected.count_responses as count_expected
from found
cross join expected
where found.count_responses <> expected.count_responses
