"""The Hydra root of the scenarios: a folder is a slot, a file is a preset or a plug-in."""
