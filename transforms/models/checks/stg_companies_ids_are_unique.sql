-- error: A company is loaded once.
select company_id
from stg_companies
group by company_id
having count(*) > 1 or company_id is null
