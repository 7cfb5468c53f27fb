"""Workspaces that send messages and export what became of them."""
