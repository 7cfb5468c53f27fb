-- error: fct_tickets has one row for every ticket, no negative duration, and a share between 0 and 1.
with

balance as (
    select ticket_id, 1 as expected, 0 as found, 0 as is_wrong from stg_tickets
    union all
    select
        ticket_id,
        0 as expected,
        1 as found,
        case
            when resolution_seconds < 0 or first_in_progress_seconds < 0 or submitted_seconds < 0
                or begun_at_epoch < created_at_epoch or waiting_on_customer_share < 0 or waiting_on_customer_share > 1
                then 1
            else 0
        end as is_wrong
    from fct_tickets
)

select ticket_id
from balance
group by ticket_id
having sum(expected) <> 1 or sum(found) <> 1 or sum(is_wrong) > 0
