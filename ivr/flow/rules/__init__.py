"""What callers hate, found in flows that load: ways.py looks at where calls go, wording.py at what is said."""
