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
left join raw.deleted_records as deleted_contacts
    on deleted_contacts.entity = 'contacts' and contacts.id = deleted_contacts.id
left join raw.deleted_records as deleted_companies
    on deleted_companies.entity = 'companies' and contact_companies.company_id = deleted_companies.id
where deleted_contacts.id is null and deleted_companies.id is null
