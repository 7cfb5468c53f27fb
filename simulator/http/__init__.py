"""From a request to an answer: routes, permissions, rate limit, pages and errors, as Intercom has them."""
