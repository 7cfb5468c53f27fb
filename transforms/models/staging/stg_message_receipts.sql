-- One row per message that was sent to a contact, with the first time of each reaction to it.
select
    message_receipts.receipt_id,
    nullif(message_receipts.content_id, '') as content_id,
    nullif(message_receipts.ruleset_id, '') as ruleset_id,  -- a message may have several sets of rules
    nullif(message_receipts.ruleset_version_id, '') as ruleset_version_id,
    nullif(message_receipts.content_type, '') as content_type,  -- email, chat, post, ...
    nullif(message_receipts.content_title, '') as content_title,
    nullif(message_receipts.user_id, '') as contact_id,
    nullif(message_receipts.user_external_id, '') as external_id,
    nullif(nullif(message_receipts.company_id, ''), '-1') as company_id,
    nullif(message_receipts.company_external_id, '') as external_company_id,
    nullif(nullif(message_receipts.series_id, ''), '-1') as series_id,
    nullif(message_receipts.series_title, '') as series_title,
    nullif(nullif(message_receipts.node_id, ''), '-1') as node_id,
    nullif(message_receipts.conversation_id, '') as conversation_id,
    nullif(message_receipts.email, '') as email,
    message_receipts.received_at as received_at_epoch,  -- when it was sent
    to_timestamp(message_receipts.received_at) as received_at,
    message_receipts.first_reply as first_reply_at_epoch,
    message_receipts.first_completion as first_completion_at_epoch,
    message_receipts.first_series_completion as first_series_completion_at_epoch,
    message_receipts.first_series_disengagement as first_series_disengagement_at_epoch,
    message_receipts.first_series_exit as first_series_exit_at_epoch,
    message_receipts.first_goal_success as first_goal_success_at_epoch,
    message_receipts.first_open as first_open_at_epoch,
    message_receipts.first_click as first_click_at_epoch,
    -- Intercom writes the name in two ways
    coalesce(message_receipts.first_dismissal, message_receipts.first_dismisall) as first_dismissal_at_epoch,
    message_receipts.first_unsubscribe as first_unsubscribe_at_epoch,
    message_receipts.first_hard_bounce as first_hard_bounce_at_epoch,
    message_receipts.first_soft_bounce as first_soft_bounce_at_epoch,
    message_receipts.first_spam_complaint as first_spam_complaint_at_epoch
from raw.message_receipts
