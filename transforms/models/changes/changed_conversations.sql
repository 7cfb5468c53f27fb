-- One row per conversation whose rows in the models may be out of date: loaded anew, gone, or still changing as time passes.
with

-- a teammate, bot or team that has another name now, or is none any more, and a workspace with another address: any
-- conversation may show it
renamed as (
    select count(*) as count_renamed from changed_names
    where entity <> 'member'
),

changed as (
    select
        coalesce(conversation_versions.conversation_id, built_conversations.conversation_id) as conversation_id,
        conversation_versions.contact_id,
        conversation_versions.asked_from_epoch,
        conversation_versions.asked_to_epoch,
        built_conversations.contact_id as former_contact_id,
        built_conversations.asked_at_epoch as former_asked_at_epoch,
        coalesce(conversation_versions.version, '') <> coalesce(built_conversations.version, '') as is_another
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

-- whether a contact came back within 7 days is said in the conversation before
beginnings as (
    select contact_id, asked_from_epoch, asked_to_epoch from changed
    where is_another and contact_id is not null and asked_from_epoch is not null
    union
    select
        former_contact_id as contact_id,
        former_asked_at_epoch as asked_from_epoch,
        former_asked_at_epoch as asked_to_epoch
    from changed
    where is_another and former_contact_id is not null and former_asked_at_epoch is not null
)

select conversation_id
from changed
union
select conversation_id
from failing_conversations
union
select built_conversations.conversation_id
from built_conversations
inner join beginnings
    on built_conversations.contact_id = beginnings.contact_id
    and built_conversations.last_close_at_epoch >= beginnings.asked_from_epoch - 604800
    and (beginnings.asked_to_epoch is null or built_conversations.last_close_at_epoch < beginnings.asked_to_epoch)
