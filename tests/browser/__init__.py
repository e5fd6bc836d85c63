"""The page in a real browser: as a replay that lies in a file, and as the lab that a server on this machine gives out."""
