"""Shapes: SQL models over the raw tables, and the small runner that builds them."""
