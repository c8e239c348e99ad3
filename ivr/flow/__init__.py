"""The flow language: loading, checking and interpreting what a supervisor wrote."""
