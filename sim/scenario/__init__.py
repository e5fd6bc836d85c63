"""What may be said: schema, presets, arms and calendar. Everything here is data; nothing is simulated."""
