"""The measures: each file says what it measures, its definition, its default and the source; all are pure."""
