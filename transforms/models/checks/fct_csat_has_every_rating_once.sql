-- error: The ratings in fct_csat are the ratings loaded, each once.
-- incremental: conversation_id
with

balance as (
    select conversation_id, rating, 1 as expected, 0 as found from stg_conversations where rating is not null
    union all
    select conversation_id, rating, 0 as expected, 1 as found from fct_csat
)

select conversation_id, rating
from balance
group by conversation_id, rating
having sum(expected) <> 1 or sum(found) <> 1
