-- warn: Where all parts are loaded, our counts and times are Intercom's.
-- incremental: conversation_id
select conversation_id, metric
from qa_reconciliation
where is_exact and not is_equal
