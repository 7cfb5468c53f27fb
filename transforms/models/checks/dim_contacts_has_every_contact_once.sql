-- error: dim_contacts has one row for every contact.
with

balance as (
    select contact_id, 1 as expected, 0 as found from stg_contacts
    union all
    select contact_id, 0 as expected, 1 as found from dim_contacts
)

select contact_id
from balance
group by contact_id
having sum(expected) <> 1 or sum(found) <> 1
