"""Processes of their own: the product's command, tools, and the code of an earlier commit."""
