"""The two doors for webhooks, view and lane, and the writer behind them."""
