-- One row per contact and company it belongs to, as Fivetran shapes it.
select
    contact_companies.contact_id,
    contact_companies.company_id,
    to_timestamp(contacts.updated_at) as contact_updated_at,
    true as _fivetran_active,
    to_timestamp(contacts.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.contact_companies
inner join raw.contacts on contact_companies.contact_id = contacts.id
where not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'contacts' and deleted_records.id = contacts.id
)
and not exists (
    select 1 from raw.deleted_records where deleted_records.entity = 'companies' and deleted_records.id = contact_companies.company_id
)
