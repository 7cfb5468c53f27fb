-- One row per company and tag on it.
select
    company_tags.company_id,
    company_tags.tag_id,
    nullif(company_tags.name, '') as tag_name
from raw.company_tags
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'companies' and deleted_records.id = company_tags.company_id
)
