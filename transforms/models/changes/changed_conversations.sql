-- One row per conversation whose rows in the models may be out of date: loaded anew, gone, or still changing as time passes.
with

-- a teammate, bot or team that has another name now, or is none any more: any conversation may show it
renamed as (
    select count(*) as count_renamed
    from built_names
    full outer join current_names on built_names.entity = current_names.entity and built_names.id = current_names.id
    where
        coalesce(current_names.name, '') <> coalesce(built_names.name, '')
        -- a new teammate was in no conversation that is in the models already
        and (built_names.id is not null or current_names.entity = 'team')
),

changed as (
    select
        coalesce(conversation_versions.conversation_id, built_conversations.conversation_id) as conversation_id,
        conversation_versions.contact_id,
        built_conversations.contact_id as former_contact_id
    from conversation_versions
    full outer join built_conversations
        on conversation_versions.conversation_id = built_conversations.conversation_id
    cross join build_clock
    cross join renamed
    where
        coalesce(conversation_versions.version, '') <> coalesce(built_conversations.version, '')
        or not built_conversations.is_settled
        or renamed.count_renamed > 0
        or build_clock.now_epoch < built_conversations.built_at_epoch  -- the clock went back: nothing is settled
),

-- whether a contact came back is said in its earlier conversations
people as (
    select contact_id from changed where contact_id is not null
    union
    select former_contact_id as contact_id from changed where former_contact_id is not null
)

select conversation_id
from changed
union
select conversation_versions.conversation_id
from conversation_versions
inner join people on conversation_versions.contact_id = people.contact_id
union
select built_conversations.conversation_id
from built_conversations
inner join people on built_conversations.contact_id = people.contact_id
