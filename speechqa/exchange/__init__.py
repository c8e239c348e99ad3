"""Other programs' files: exports of an analysis, and imports of what other recognisers and diarisers heard.

One module per format, each with ``write(document) -> str`` and ``read(text, name) -> Transcript`` where the format
goes that way. All of them are pure: text in, values out; files are opened in `speechqa.exchange.files` and
`speechqa.exchange.commands` alone. `speechqa.exchange.formats` lists the formats and tells them apart by content.

::

    analysis.json --document--> vcon, contact_lens, rttm, ctm, webvtt, textgrid, tables (CSV)
    rttm, ctm, webvtt, textgrid, whisper, contact_lens, vcon --Transcript--> parties, assemble --> Conversation
    Conversation --> judge --> coarse (what rough edges cannot tell is None) --> analysis.json

Importing this package loads none of the formats' libraries.
"""
