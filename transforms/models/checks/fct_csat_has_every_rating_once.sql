-- error: The ratings in fct_csat are the ratings loaded, each once and from 1 to 5.
-- incremental: conversation_id
with

balance as (
    select conversation_id, 1 as expected, 0 as found, rating from stg_conversations where rating is not null
    union all
    select conversation_id, 0 as expected, 1 as found, rating from fct_csat
)

select conversation_id
from balance
group by conversation_id
having sum(expected) <> 1 or sum(found) <> 1 or min(rating) <> max(rating) or min(rating) < 1 or max(rating) > 5
