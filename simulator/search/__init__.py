"""The search language of contacts, conversations and tickets."""
