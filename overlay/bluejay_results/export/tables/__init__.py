"""Tables of runs. Each column is declared once: its name, its type, its meaning and how it is read."""
