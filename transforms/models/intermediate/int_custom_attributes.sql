-- One row per object (contact, company, conversation), its id, and custom attribute with a value, which an empty text is not; names as declared.
with

attributes as (
    select
        object,
        name,
        coalesce(min(case when not is_archived then data_type end), min(data_type)) as data_type
    from stg_data_attributes
    where is_custom and name is not null
    group by object, name
),

objects as (
    select 'contact' as object, contact_id as object_id, custom_attributes from stg_contacts
    union all
    select 'company' as object, company_id as object_id, custom_attributes from stg_companies
    union all
    select 'conversation' as object, conversation_id as object_id, custom_attributes from stg_conversations
),

all_values as (
    select
        objects.object,
        objects.object_id,
        attributes.name as attribute,
        attributes.data_type,
        objects.custom_attributes ->> attributes.name as value
    from objects
    inner join attributes on objects.object = attributes.object
)

select
    object,  -- contact, company or conversation
    object_id,
    attribute,
    data_type,  -- as Intercom declares it for live attributes of that name; single values may differ
    value  -- as text
from all_values
where value <> ''
