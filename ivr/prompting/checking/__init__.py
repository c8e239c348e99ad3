"""Proving prompts: is each there, level, clear, in the company's tone, and does a caller hear what its text says?

``words`` and ``comparing`` compare a text with what was heard, ``sound`` and ``talkoff`` measure audio, ``rules`` turn
all of it into problems: pure, values in and values out. ``ear``, ``proving`` and the report touch files and models.
"""
