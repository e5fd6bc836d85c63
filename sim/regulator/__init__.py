"""A regulator with a calendar and powers, and a platform that answers; neither sees more than the record and checks that err."""
