"""Reads what runs wrote, estimates, draws, reports."""
