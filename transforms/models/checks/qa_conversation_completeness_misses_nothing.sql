-- warn: Every part that the API counts is loaded and has a time, save what it does not show beyond 500.
-- incremental: conversation_id
select conversation_id, count_expected, count_loaded
from qa_conversation_completeness
where count_missing > 0 and not is_truncated_at_500
