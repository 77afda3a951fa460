"""Alerts: what changed, and what is wrong with the watch, told to those whom the settings name."""
