-- One row per conversation that has tags: the names that they have now.
-- incremental: conversation_id
with

-- a conversation keeps the names that were true when it was read, and is not read again for a rename
named as (
    select
        stg_conversation_tags.conversation_id,
        coalesce(stg_tags.name, stg_conversation_tags.tag_name) as tag_name
    from stg_conversation_tags
    left join stg_tags on stg_conversation_tags.tag_id = stg_tags.tag_id
),

tag_counts as (
    select conversation_id, count(*) as count_tags, max(tag_name) as last_tag_name
    from named
    group by conversation_id
),

-- most have one tag at most, and to sort a list of one for each of them takes its time
tag_lists as (
    select
        named.conversation_id,
        string_agg(named.tag_name, ', ' order by named.tag_name) as tags
    from named
    inner join tag_counts on named.conversation_id = tag_counts.conversation_id
    where tag_counts.count_tags > 1
    group by named.conversation_id
)

select
    tag_counts.conversation_id,
    coalesce(tag_lists.tags, tag_counts.last_tag_name) as tags  -- names in alphabetical order, separated by ', '
from tag_counts
left join tag_lists on tag_counts.conversation_id = tag_lists.conversation_id
