"""One HTML page made from the marts: charts with filters and the figures behind them, readable without a network."""
