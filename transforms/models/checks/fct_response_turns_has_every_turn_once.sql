-- error: fct_response_turns has one row for every turn.
-- incremental: conversation_id
with

balance as (
    select conversation_id, turn, 1 as expected, 0 as found from int_turns
    union all
    select conversation_id, turn, 0 as expected, 1 as found from fct_response_turns
)

select conversation_id, turn
from balance
group by conversation_id, turn
having sum(expected) <> 1 or sum(found) <> 1
