-- One row per contact and company it belongs to, both of which exist in Intercom.
select
    contact_companies.contact_id,
    contact_companies.company_id
from raw.contact_companies
left join raw.deleted_records as deleted_contacts
    on deleted_contacts.entity = 'contacts' and contact_companies.contact_id = deleted_contacts.id
left join raw.deleted_records as deleted_companies
    on deleted_companies.entity = 'companies' and contact_companies.company_id = deleted_companies.id
where deleted_contacts.id is null and deleted_companies.id is null
