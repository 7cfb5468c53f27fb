-- One row per contact (user or lead) that exists in Intercom, in its current version, as Fivetran shapes it.
select
    contacts.id,
    nullif(nullif(contacts.owner_id, ''), '0') as admin_id,
    to_timestamp(contacts.created_at) as created_at,
    to_timestamp(contacts.updated_at) as updated_at,
    case when contacts.signed_up_at between 0 and 4102444800 then to_timestamp(contacts.signed_up_at) end as signed_up_at,
    nullif(contacts.name, '') as name,
    nullif(contacts.role, '') as role,
    nullif(contacts.email, '') as email,
    to_timestamp(contacts.last_contacted_at) as last_contacted_at,
    to_timestamp(contacts.last_email_clicked_at) as last_email_clicked_at,
    to_timestamp(contacts.last_email_opened_at) as last_email_opened_at,
    to_timestamp(contacts.last_replied_at) as last_replied_at,
    contacts.unsubscribed_from_emails,
    true as _fivetran_active,
    to_timestamp(contacts.updated_at) as _fivetran_start,
    to_timestamp(253402300799) as _fivetran_end
from raw.contacts
left join raw.deleted_records
    on deleted_records.entity = 'contacts' and contacts.id = deleted_records.id
where deleted_records.id is null
