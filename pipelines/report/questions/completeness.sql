-- One row: conversations, and those whose parts are not all loaded.
select
    count(*) as conversations,
    cast(sum(case when has_all_parts then 0 else 1 end) as bigint) as incomplete,
    cast(sum(count_missing) as bigint) as missing_parts,
    cast(sum(case when is_truncated_at_500 then 1 else 0 end) as bigint) as truncated
from qa_conversation_completeness
