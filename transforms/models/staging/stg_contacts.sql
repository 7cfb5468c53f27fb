-- One row per contact (user or lead) that exists in Intercom.
select
    contacts.id as contact_id,
    nullif(contacts.external_id, '') as external_id,
    nullif(contacts.role, '') as role,  -- user or lead
    nullif(contacts.name, '') as name,
    nullif(contacts.email, '') as email,
    nullif(contacts.email_domain, '') as email_domain,
    nullif(contacts.phone, '') as phone,
    nullif(nullif(contacts.owner_id, ''), '0') as owner_admin_id,
    contacts.has_hard_bounced,
    contacts.marked_email_as_spam as has_marked_email_as_spam,
    contacts.unsubscribed_from_emails as is_unsubscribed_from_emails,
    nullif(contacts.location__country, '') as country,
    nullif(contacts.location__city, '') as city,
    nullif(contacts.browser_language, '') as browser_language,
    nullif(contacts.language_override, '') as language_override,
    contacts.created_at as created_at_epoch,
    to_timestamp(contacts.created_at) as created_at,
    contacts.updated_at as updated_at_epoch,
    to_timestamp(contacts.updated_at) as updated_at,
    -- set by the customer's own code, sometimes in milliseconds: such a value has an epoch but no timestamp
    contacts.signed_up_at as signed_up_at_epoch,
    case
        when contacts.signed_up_at between 0 and 4102444800 then to_timestamp(contacts.signed_up_at)
    end as signed_up_at,
    contacts.last_seen_at as last_seen_at_epoch,
    to_timestamp(contacts.last_seen_at) as last_seen_at,
    contacts.last_replied_at as last_replied_at_epoch,
    to_timestamp(contacts.last_replied_at) as last_replied_at,
    contacts.last_contacted_at as last_contacted_at_epoch,
    to_timestamp(contacts.last_contacted_at) as last_contacted_at,
    contacts.last_email_opened_at as last_email_opened_at_epoch,
    to_timestamp(contacts.last_email_opened_at) as last_email_opened_at,
    contacts.last_email_clicked_at as last_email_clicked_at_epoch,
    to_timestamp(contacts.last_email_clicked_at) as last_email_clicked_at,
    contacts.custom_attributes
from raw.contacts
left join raw.deleted_records
    on deleted_records.entity = 'contacts' and contacts.id = deleted_records.id
where deleted_records.id is null
