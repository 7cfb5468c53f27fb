-- One row per schedule and quarter of an hour (slot_id = floor(epoch / 900)): is it open, and what was open before.
-- Business seconds between a and b are B(b) - B(a), where B(t) = open_seconds_before + is_open * (epoch(t) - 900 * slot_id).
select
    business_spans.schedule_id,
    business_spans.first_slot + slot_numbers.n as slot_id,
    business_spans.is_open,  -- 1 or 0
    business_spans.open_seconds_before + business_spans.is_open * 900 * slot_numbers.n as open_seconds_before
from business_spans
inner join slot_numbers on slot_numbers.n < business_spans.count_slots
