-- One row per contact that was merged into another: the contact that stands for it now, after up to four merges in a row.
select
    first_merge.id as contact_id,
    coalesce(
        fourth_merge.merged_into_id, third_merge.merged_into_id, second_merge.merged_into_id, first_merge.merged_into_id
    ) as surviving_contact_id  -- conversations keep the old id until Intercom changes them
from raw.deleted_records as first_merge
left join raw.deleted_records as second_merge
    on second_merge.entity = 'contacts' and first_merge.merged_into_id = second_merge.id
left join raw.deleted_records as third_merge
    on third_merge.entity = 'contacts' and second_merge.merged_into_id = third_merge.id
left join raw.deleted_records as fourth_merge
    on fourth_merge.entity = 'contacts' and third_merge.merged_into_id = fourth_merge.id
where first_merge.entity = 'contacts' and first_merge.merged_into_id is not null
