-- error: dim_companies has one row for every company.
with

balance as (
    select company_id, 1 as expected, 0 as found from stg_companies
    union all
    select company_id, 0 as expected, 1 as found from dim_companies
)

select company_id
from balance
group by company_id
having sum(expected) <> 1 or sum(found) <> 1
