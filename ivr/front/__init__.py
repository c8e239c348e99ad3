"""What stands in front of many cells: Kamailio, configured for this line."""
