"""Output that gate, compare, report and the command share: safe text, JSON views, and files."""
