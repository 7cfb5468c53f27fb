-- error: qa_reconciliation has no conversation twice.
-- incremental: conversation_id
-- A conversation that was there twice would be so in every metric; this one is known of all.
select conversation_id
from qa_reconciliation
where metric = 'count_conversation_parts'
group by conversation_id
having count(*) > 1
