-- error: qa_reconciliation has one row per conversation, metric and hours.
-- incremental: conversation_id
select conversation_id, metric, hours
from qa_reconciliation
group by conversation_id, metric, hours
having count(*) > 1
