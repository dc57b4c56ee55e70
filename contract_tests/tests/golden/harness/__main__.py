"""`make findings` writes the texts that the tests compare. Review the changes before you commit them."""

import sys

from .texts import TEXTS, file_of

if __name__ == "__main__":
    for name in sys.argv[1:] or TEXTS:
        file_of(name).parent.mkdir(parents=True, exist_ok=True)
        file_of(name).write_text("\n".join(TEXTS[name]()) + "\n", newline="")
