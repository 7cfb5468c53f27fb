-- warn: Where all parts are loaded, our counts and times are Intercom's.
select qa_reconciliation.conversation_id, qa_reconciliation.metric
from qa_reconciliation
inner join qa_conversation_completeness
    on qa_reconciliation.conversation_id = qa_conversation_completeness.conversation_id
where
    qa_reconciliation.is_exact
    and not qa_reconciliation.is_equal
    and qa_conversation_completeness.count_missing = 0
