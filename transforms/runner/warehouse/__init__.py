"""The destination as a build sees it: names, statements, tables and views, and what others have put on them."""
