-- One row per company at risk now; the costliest first.
select
    coalesce(name, external_company_id, company_id) as name, plan_name, monthly_spend, count_open_conversations,
    csat, count_ratings, health_reasons
from dim_companies
where health = 'at_risk'
order by spend_at_risk desc, count_open_conversations desc, company_id
limit 25
