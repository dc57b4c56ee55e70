"""Tables of runs. Each column is declared once, with its type, its meaning and its field of the contract."""
