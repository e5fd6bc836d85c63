"""Texts that `groundswell new` fills in: `$name` is the plug-in, `$class_name` its class, `$folder` the user's own folder."""
