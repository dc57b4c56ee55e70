"""The command `bluejay-results`."""

import gc

__all__ = ["main"]


def main() -> int:
    """Run the command line in `sys.argv` and return the exit code.

    What it makes is wanted until it ends, so that looking for garbage in it is time lost: of `show` a fifth,
    of `show` of 7 MB a half. `wait` does look, from poll to poll.
    """
    gc.disable()
    try:
        from .process import PROGRAM  # loaded late: a tenth of the gain is in its imports

        return PROGRAM.run()
    except KeyboardInterrupt:
        from .process import PROGRAM  # not loaded yet, if Ctrl-C came while it was

        return PROGRAM.interrupted()
    finally:
        gc.freeze()  # or the interpreter would look through it all once more
