"""Differs side by side: the same pairs, one process, marks held against what was really edited."""
