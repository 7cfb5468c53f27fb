-- One row per company that exists in Intercom.
select
    companies.id as company_id,
    nullif(companies.company_id, '') as external_company_id,  -- the workspace's own id of the company
    nullif(companies.name, '') as name,
    nullif(companies.plan__name, '') as plan_name,
    companies.size as count_employees,
    nullif(companies.website, '') as website,
    nullif(companies.industry, '') as industry,
    companies.monthly_spend,
    companies.session_count as count_sessions,
    companies.user_count as count_users,
    companies.created_at as created_at_epoch,
    to_timestamp(companies.created_at) as created_at,
    companies.updated_at as updated_at_epoch,
    to_timestamp(companies.updated_at) as updated_at,
    companies.last_request_at as last_request_at_epoch,
    to_timestamp(companies.last_request_at) as last_request_at,
    -- set by the customer's own code, sometimes in milliseconds: such a value has an epoch but no timestamp
    companies.remote_created_at as remote_created_at_epoch,
    case
        when companies.remote_created_at between 0 and 4102444800 then to_timestamp(companies.remote_created_at)
    end as remote_created_at,
    companies.custom_attributes
from raw.companies
left join raw.deleted_records
    on deleted_records.entity = 'companies' and companies.id = deleted_records.id
where deleted_records.id is null
