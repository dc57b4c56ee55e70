"""What gate, compare and the command write with: safe text, views for programs, and files."""
