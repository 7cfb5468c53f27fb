-- One row per company that exists in Intercom, in its current version, as Fivetran shapes it.
select
    companies.id,
    nullif(companies.name, '') as name,
    nullif(companies.website, '') as website,
    nullif(companies.industry, '') as industry,
    to_timestamp(companies.created_at) as created_at,
    to_timestamp(companies.updated_at) as updated_at,
    companies.user_count,
    companies.session_count,
    companies.monthly_spend,
    nullif(companies.plan__id, '') as plan_id,
    nullif(companies.plan__name, '') as plan_name,
    true as _fivetran_active,
    to_timestamp(companies.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.companies
left join raw.deleted_records
    on deleted_records.entity = 'companies' and companies.id = deleted_records.id
where deleted_records.id is null
