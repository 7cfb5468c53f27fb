-- error: Every company has a health, and rates are between 0 and 1.
select company_id
from dim_companies
where
    health is null
    or csat < 0
    or csat > 1
    or sla_hit_rate < 0
    or sla_hit_rate > 1
