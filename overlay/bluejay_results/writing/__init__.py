"""Output that gate, compare, report and the command share: safe text, numbers, and files."""
