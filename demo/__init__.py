"""A whole call without a phone: the line, a caller, an agent, and the scorecard."""
