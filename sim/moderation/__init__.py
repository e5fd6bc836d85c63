"""Moderation: policies read the record and flag; a review desk adds delay, capacity and error."""
