"""Clients that tests write, and helpers for tests that call them."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from contract_kit.judge.matrix import Row
from contract_kit.serve.clients import Client

MODULE = """\
import json, os, subprocess, sys, time, urllib.request

class RefusedError(Exception): pass

class Names:
    class InnerError(Exception): pass

def read(url):
    with urllib.request.urlopen(url + "/orders/7") as response:
        return response.read()

"""

Write: TypeAlias = Callable[..., Client]
Judge: TypeAlias = Callable[..., Row]


def is_gone(process: int) -> bool:
    """Return whether a process has ended; a killed process may take a moment."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False
