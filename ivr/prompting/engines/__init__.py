"""The voice engines, one file each."""
