"""Lessons for classes: their plan and texts lie with the page (`web/plans`, `web/words`); here are their numbers and documents."""
