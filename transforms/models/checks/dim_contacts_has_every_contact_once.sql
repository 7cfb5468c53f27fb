-- error: dim_contacts has one row for every contact, with a health, and reasons where it is not healthy.
with

balance as (
    select contact_id, 1 as expected, 0 as found, 0 as is_wrong from stg_contacts
    union all
    select
        contact_id,
        0 as expected,
        1 as found,
        case
            when health is null or (health <> 'healthy' and health_reasons is null)
                or reopen_rate < 0 or reopen_rate > 1
                then 1
            else 0
        end as is_wrong
    from dim_contacts
)

select contact_id
from balance
group by contact_id
having sum(expected) <> 1 or sum(found) <> 1 or sum(is_wrong) > 0
