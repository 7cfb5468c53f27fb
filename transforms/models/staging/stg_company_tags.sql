-- One row per company and tag on it.
select
    company_tags.company_id,
    company_tags.tag_id,
    nullif(company_tags.name, '') as tag_name
from raw.company_tags
left join raw.deleted_records
    on deleted_records.entity = 'companies' and company_tags.company_id = deleted_records.id
where deleted_records.id is null
