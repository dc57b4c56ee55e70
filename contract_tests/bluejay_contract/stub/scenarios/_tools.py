"""Results that show less of their tool calls than there is."""

from ._parts import Document


def without_calls(result: Document) -> Document:
    """The result with its tools to call and none of the calls."""
    tools = result["tool_calls"] and [tool | {"actual": []} for tool in result["tool_calls"]]
    return result | {"tool_calls": tools}
