"""The command `bluejay-results`."""

import gc

__all__ = ["main"]


def main() -> int:
    """Run the command line in `sys.argv` and return the exit code.

    Garbage collection is turned off: it would take a fifth of the time of `show`, and half of it for a run of
    7 MB. A command that reads many runs, such as `wait`, turns garbage collection on.
    """
    gc.disable()
    try:
        from .process import PROGRAM  # loaded late: its imports are faster without garbage collection

        return PROGRAM.run()
    except KeyboardInterrupt:
        from .process import PROGRAM  # Ctrl-C may have interrupted the first import

        return PROGRAM.interrupted()
    finally:
        gc.freeze()  # otherwise the interpreter would collect garbage once more at exit
