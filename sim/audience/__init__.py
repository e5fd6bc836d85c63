"""The audience: who opens the app, and what people do with what they are shown."""
