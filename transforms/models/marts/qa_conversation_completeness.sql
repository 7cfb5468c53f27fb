-- One row per conversation: the parts that the API counts, and the parts that are loaded.
-- question: Of which conversations are parts missing?
-- incremental: conversation_id
with

loaded as (
    select conversation_id, count(*) as count_loaded, count(*) - count(created_at_epoch) as count_without_time
    from stg_conversation_parts
    group by conversation_id
),

counted as (
    select
        stg_conversations.conversation_id,
        stg_conversations.conversation_parts_total_count as count_listed,
        stg_conversations.statistics_count_conversation_parts - 1 as count_in_statistics,
        coalesce(loaded.count_loaded, 0) as count_loaded,
        coalesce(loaded.count_without_time, 0) as count_without_time
    from stg_conversations
    left join loaded on stg_conversations.conversation_id = loaded.conversation_id
),

expected as (
    select
        counted.*,
        case
            when count_in_statistics is null then count_listed
            when count_listed is null or count_in_statistics > count_listed then count_in_statistics
            else count_listed
        end as count_expected
    from counted
),

judged as (
    select
        expected.*,
        count_without_time = 0 and not coalesce(count_expected > count_loaded, false) as has_all_parts,
        coalesce(count_expected > 500 and count_expected > count_loaded, false) as is_truncated_at_500
    from expected
)

select
    conversation_id,  -- see fct_conversations
    count_listed,  -- conversation_parts.total_count
    count_in_statistics,  -- statistics.count_conversation_parts without the opening message, which it counts
    count_expected,  -- the greater of the two; NULL: the API gave neither
    count_loaded,  -- parts in the raw table
    count_without_time
    + case when count_expected > count_loaded then count_expected - count_loaded else 0 end
        as count_missing,  -- not loaded, or without a readable time and so in no history; 0: none, as far as the API counts them
    has_all_parts,  -- none is missing, as far as the API counts them
    is_truncated_at_500,  -- the API shows no more
    has_all_parts or (is_truncated_at_500 and count_without_time = 0) as has_newest_parts  -- the last ones are loaded: what a conversation ends in can be told
from judged
