"""Records read again and held against what is loaded, row by row and value by value."""
