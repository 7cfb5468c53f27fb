-- error: qa_reconciliation has one row per conversation and metric.
select conversation_id, metric
from qa_reconciliation
group by conversation_id, metric
having count(*) > 1
