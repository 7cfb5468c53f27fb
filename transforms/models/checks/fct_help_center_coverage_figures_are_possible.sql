-- error: Shares are between 0 and 1, and no part is greater than its whole.
select collection_id, locale
from fct_help_center_coverage
where
    zero_view_share < 0
    or zero_view_share > 1
    or count_stale > count_published
