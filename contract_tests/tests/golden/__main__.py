"""`make findings` writes the outputs that the tests compare. Review the changes before you commit them."""

import shutil
import sys

from .layout import FOLDER
from .outputs import KEPT, outputs
from .texts import TEXTS

if __name__ == "__main__":
    for name in sys.argv[1:] or TEXTS:
        (FOLDER / f"{name}.txt").write_text("\n".join(TEXTS[name]()) + "\n")
    if not sys.argv[1:]:
        made = dict(outputs())
        shutil.rmtree(KEPT, ignore_errors=True)
        for name, text in made.items():
            (KEPT / name).parent.mkdir(parents=True, exist_ok=True)
            (KEPT / name).write_text(text, newline="")
