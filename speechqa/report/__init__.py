"""The report: one analysis document (and its audio) as a page to look at or a card in the terminal.

``waveform`` and ``sound`` turn samples into a picture and into a compact file; ``reading`` reads the document, in which
any field may be null; ``marks`` says what is drawn where, ``scorecard`` what the points were lost on, ``figures`` and
``transcript`` what is said beside it; ``page`` with ``html``, ``strip`` with ``terminal`` only lay these out.
"""
