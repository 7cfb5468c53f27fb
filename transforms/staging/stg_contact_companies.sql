-- One row per contact and company it belongs to, both of which exist in Intercom.
select
    contact_companies.contact_id,
    contact_companies.company_id
from raw.contact_companies
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'contacts' and deleted_records.id = contact_companies.contact_id
)
and not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'companies' and deleted_records.id = contact_companies.company_id
)
