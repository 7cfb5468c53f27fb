-- error: fct_tickets has one row for every ticket.
with

balance as (
    select ticket_id, 1 as expected, 0 as found from stg_tickets
    union all
    select ticket_id, 0 as expected, 1 as found from fct_tickets
)

select ticket_id
from balance
group by ticket_id
having sum(expected) <> 1 or sum(found) <> 1
