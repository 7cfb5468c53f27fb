-- error: dim_companies has one row for every company, with rates between 0 and 1.
with

balance as (
    select company_id, 1 as expected, 0 as found, 0 as is_wrong from stg_companies
    union all
    select
        company_id,
        0 as expected,
        1 as found,
        case
            when health is null or csat < 0 or csat > 1 or sla_hit_rate < 0 or sla_hit_rate > 1 then 1 else 0
        end as is_wrong
    from dim_companies
)

select company_id
from balance
group by company_id
having sum(expected) <> 1 or sum(found) <> 1 or sum(is_wrong) > 0
