-- One row per schedule and quarter of an hour (slot_id = floor(epoch / 900)): is it open, and what its clock of business seconds shows.
-- Business seconds between a and b are B(b) - B(a), where B(t) = clock_offset_seconds + is_open * epoch(t) of t's slot.
select
    business_spans.schedule_id,
    business_spans.first_slot + slot_numbers.n as slot_id,
    business_spans.is_open,  -- 1 or 0
    -- what was open before the span, less what the epoch at its start would add
    business_spans.open_seconds_before - business_spans.is_open * 900 * business_spans.first_slot as clock_offset_seconds
from business_spans
inner join slot_numbers on slot_numbers.n < business_spans.count_slots
