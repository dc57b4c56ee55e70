"""The command `bluejay-results`."""

import gc

__all__ = ["main"]


def main() -> int:
    """Run the command line in `sys.argv` and return the exit code.

    Garbage collection only costs time here: a fifth of `show`, and half of `show` for a run of 7 MB. Commands
    that read run after run, such as `wait`, turn it on.
    """
    gc.disable()
    try:
        from .process import PROGRAM  # loaded late: its imports gain a tenth of that time

        return PROGRAM.run()
    except KeyboardInterrupt:
        from .process import PROGRAM  # Ctrl-C may have interrupted the first import

        return PROGRAM.interrupted()
    finally:
        gc.freeze()  # otherwise the interpreter would collect garbage once more at exit
