-- error: The owned seconds of all weeks are the handling seconds of all conversations.
with

found as (
    select coalesce(sum(owned_seconds), 0) as seconds from fct_teammate_weekly
),

expected as (
    select coalesce(sum(handling_seconds), 0) as seconds from fct_conversations where created_on is not null
)

select found.seconds, expected.seconds as seconds_expected
from found
cross join expected
where found.seconds <> expected.seconds
