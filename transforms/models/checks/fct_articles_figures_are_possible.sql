-- error: Shares are between 0 and 1.
select article_id
from fct_articles
where
    happy_share < 0
    or happy_share > 1
    or sad_share < 0
    or sad_share > 1
