"""Attachments to text: one module per format, each a pure function from bytes to blocks in reading order."""
