"""`make findings` writes the outputs that the tests compare. Review the changes before you commit them."""

import shutil

from .outputs import KEPT, outputs

if __name__ == "__main__":
    made = dict(outputs())
    shutil.rmtree(KEPT, ignore_errors=True)
    for name, text in made.items():
        (KEPT / name).parent.mkdir(parents=True, exist_ok=True)
        (KEPT / name).write_text(text, newline="")
