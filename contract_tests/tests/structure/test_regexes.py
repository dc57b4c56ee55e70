"""The client's regular expressions are never slow, whatever text a server sends."""

import subprocess
import sys
from pathlib import Path

from .regexes import WORST

ROOT = Path(__file__).parents[3]


def test_each_regex_takes_linear_time_on_its_worst_case_input() -> None:
    module = f"{__package__}.regexes"
    ended = subprocess.run([sys.executable, "-m", module], cwd=ROOT, capture_output=True, text=True)
    assert ended.stdout.splitlines() == list(WORST), ended.stderr
