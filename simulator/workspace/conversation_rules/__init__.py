"""A conversation's own rules: how acts change it, and the figures that Intercom computes from them."""
