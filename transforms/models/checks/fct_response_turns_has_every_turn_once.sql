-- error: fct_response_turns has one row for every turn, with no negative wait and none longer in working hours.
-- incremental: conversation_id
with

balance as (
    select conversation_id, turn, 1 as expected, 0 as found, 0 as is_wrong from int_turns
    union all
    select
        conversation_id,
        turn,
        0 as expected,
        1 as found,
        case
            when response_seconds < 0 or response_business_seconds < 0 or waited_seconds < 0
                or waited_business_seconds < 0 or waited_business_seconds > waited_seconds
                or response_business_seconds > response_seconds
                then 1
            else 0
        end as is_wrong
    from fct_response_turns
)

select conversation_id, turn
from balance
group by conversation_id, turn
having sum(expected) <> 1 or sum(found) <> 1 or sum(is_wrong) > 0
