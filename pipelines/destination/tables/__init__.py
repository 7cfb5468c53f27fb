"""The tables that are there: their rows, their comments, and what others have done to them."""
