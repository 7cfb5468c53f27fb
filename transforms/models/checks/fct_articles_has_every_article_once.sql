-- error: fct_articles has one row for every article, with shares between 0 and 1.
with

balance as (
    select article_id, 1 as expected, 0 as found, 0 as is_wrong from stg_articles
    union all
    select
        article_id,
        0 as expected,
        1 as found,
        case when happy_share < 0 or happy_share > 1 or sad_share < 0 or sad_share > 1 then 1 else 0 end as is_wrong
    from fct_articles
)

select article_id
from balance
group by article_id
having sum(expected) <> 1 or sum(found) <> 1 or sum(is_wrong) > 0
