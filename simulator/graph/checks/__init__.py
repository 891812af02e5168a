"""What Meta refuses at once. Each check takes the order, and raises GraphError or returns."""
