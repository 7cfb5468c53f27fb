-- One row per company and tag on it, as Fivetran shapes it.
select
    company_tags.company_id,
    company_tags.tag_id,
    to_timestamp(companies.updated_at) as company_updated_at,
    true as _fivetran_active,
    to_timestamp(companies.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.company_tags
inner join raw.companies on company_tags.company_id = companies.id
left join raw.deleted_records
    on deleted_records.entity = 'companies' and companies.id = deleted_records.id
where deleted_records.id is null
