"""Records read again and compared with what is loaded, row by row and value by value."""
