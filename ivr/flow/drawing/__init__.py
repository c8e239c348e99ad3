"""A flow as a picture: Mermaid text for documents, SVG drawn here and now without a network or another program."""
