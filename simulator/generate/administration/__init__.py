"""What administrators set up: teammates, labels, attributes, ticket types, and the log of their activities."""
