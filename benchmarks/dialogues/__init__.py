"""Made-up calls with known truth: other voices, other words and other channels than any tuning has seen."""
