"""A verdict in the formats that people and CI read: each a function of the verdict alone.

Whatever the service sent is shown in them and breaks out of none.
"""

from ._annotations import annotations
from ._comment import comment
from ._json import report_json
from ._junit import junit
from ._summary import summary
from ._text import text

__all__ = ["annotations", "comment", "junit", "report_json", "summary", "text"]
