"""`make findings` writes the texts that the tests compare. Review the changes before you commit them."""

import sys

from .layout import FOLDER
from .texts import TEXTS

if __name__ == "__main__":
    for name in sys.argv[1:] or TEXTS:
        (FOLDER / f"{name}.txt").write_text("\n".join(TEXTS[name]()) + "\n")
