-- One row per teammate, bot, team, member of a team and workspace whose name, membership or address is another than at the last build.
with

tag_appliers as (
    select distinct applied_by_id from stg_conversation_tags
    where applied_by_id is not null
)

select
    coalesce(built_names.entity, current_names.entity) as entity,
    coalesce(built_names.id, current_names.id) as id
from built_names
full outer join current_names on built_names.entity = current_names.entity and built_names.id = current_names.id
left join tag_appliers on current_names.entity = 'staff' and current_names.id = tag_appliers.applied_by_id
where
    coalesce(current_names.name, '') <> coalesce(built_names.name, '')
    -- a new teammate or bot was in no conversation that is in the models already, but may have put a tag on one; whom a
    -- rating names, the conversation's version tells
    and (built_names.id is not null or current_names.entity <> 'staff' or tag_appliers.applied_by_id is not null)
