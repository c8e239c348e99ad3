"""Listening to calls: who spoke when, how fast, over whom, and how the call ended."""
