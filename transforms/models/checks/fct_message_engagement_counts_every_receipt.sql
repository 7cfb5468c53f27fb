-- error: The receipts of all days are all receipts that have a day.
with

expected as (
    select count(*) as count_receipts
    from stg_message_receipts
    inner join local_slots
        on cast(floor(stg_message_receipts.received_at_epoch / 900) as bigint) = local_slots.slot_id
),

found as (
    select coalesce(sum(count_receipts), 0) as count_receipts from fct_message_engagement
)

select expected.count_receipts, found.count_receipts as count_found
from expected
cross join found
where expected.count_receipts <> found.count_receipts
