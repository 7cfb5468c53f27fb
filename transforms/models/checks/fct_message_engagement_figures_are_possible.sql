-- error: Rates are between 0 and 1, and nothing takes less than no time.
select content_id, day
from fct_message_engagement
where
    count_delivered > count_receipts
    or open_rate > 1
    or click_rate > 1
    or reply_rate > 1
    or goal_rate > 1
    or completion_rate > 1
    or dismissal_rate > 1
    or unsubscribe_rate > 1
    or click_to_open_rate > 1
    or median_seconds_to_open < 0
