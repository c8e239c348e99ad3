"""Tests that stand in the flow file itself: what happens to a call, and what must come of it."""
