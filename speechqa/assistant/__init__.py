"""A language model that proposes: a summary and what it thinks of the ending, marked as such, never scored.

Off unless an endpoint is named (``--assistant URL``, or ``assistant.url`` in the settings). `prompt` and `answer` are
pure; only `endpoint` speaks to the network, and it sends the transcript, without names of files or numbers of callers.
"""
