-- error: A receipt is loaded once for each content and set of rules.
select receipt_id, content_id, ruleset_id
from stg_message_receipts
group by receipt_id, content_id, ruleset_id
having count(*) > 1 or receipt_id is null
