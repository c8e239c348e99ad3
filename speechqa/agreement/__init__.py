"""Reviewers' agreement, with each other and with the machine."""
