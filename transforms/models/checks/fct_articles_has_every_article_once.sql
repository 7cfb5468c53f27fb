-- error: fct_articles has one row for every article.
with

balance as (
    select article_id, 1 as expected, 0 as found from stg_articles
    union all
    select article_id, 0 as expected, 1 as found from fct_articles
)

select article_id
from balance
group by article_id
having sum(expected) <> 1 or sum(found) <> 1
