"""`make findings` writes the texts that the tests compare. Review the changes before you commit them."""

import shutil
import sys

from .changes import KEPT
from .kept_texts import GROUPS, texts

if __name__ == "__main__":
    for group in sys.argv[1:] or GROUPS:
        made = texts(group)
        if (KEPT / group).is_dir():
            shutil.rmtree(KEPT / group)
        for name, text in made.items():
            (KEPT / name).parent.mkdir(parents=True, exist_ok=True)
            (KEPT / name).write_text(text, newline="")
