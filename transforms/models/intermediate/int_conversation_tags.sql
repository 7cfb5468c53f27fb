-- One row per conversation that has tags: the names that they have now.
-- incremental: conversation_id
with

tag_counts as (
    select conversation_id, count(*) as count_tags, max(tag_name) as last_tag_name
    from int_named_tags
    group by conversation_id
),

-- most have one tag at most, and to sort a list of one for each of them takes its time
tag_lists as (
    select
        int_named_tags.conversation_id,
        string_agg(int_named_tags.tag_name, ', ' order by int_named_tags.tag_name) as tags
    from int_named_tags
    inner join tag_counts on int_named_tags.conversation_id = tag_counts.conversation_id
    where tag_counts.count_tags > 1
    group by int_named_tags.conversation_id
)

select
    tag_counts.conversation_id,
    coalesce(tag_lists.tags, tag_counts.last_tag_name) as tags  -- names in alphabetical order, separated by ', '
from tag_counts
left join tag_lists on tag_counts.conversation_id = tag_lists.conversation_id
