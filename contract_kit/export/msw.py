"""Exports mutants as a module of MSW request handlers, for Node.js and browsers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from contract_kit.derive.exchange import Response, Transfer

from .selection import Selection, base64, url_pattern

FILES = ("handlers.mjs", "handlers.d.mts")
"""The module, and its types: for an .mjs file, TypeScript reads types only from a .d.mts file."""
_MODULE = """\
// Written by `contract-kit export`. In a test: server.use(...handlers(mutants[0].id))
import { HttpResponse, http } from "msw";

/** The responses in the order in which to serve them: each valid response, then the mutants made from it. */
export const mutants = [
%s
];

/** The mutants that MSW can't express. */
export const leftOut = [
%s
];

/** Return the handlers that answer an operation with a mutant; a mutant's last response is repeated. */
export function handlers(id) {
  const mutant = mutants.find((each) => each.id === id);
  if (!mutant) throw new Error(`There is no mutant ${id}.`);
  const responses = [...mutant.responses];
  const next = () => answer(responses.length > 1 ? responses.shift() : responses[0]);
  return [http[mutant.method.toLowerCase()](new RegExp(mutant.pattern), next)];
}

function answer({ status, headers, body }) {
  if (status === 0) return HttpResponse.error();
  const bytes = body === null ? null : Uint8Array.from(atob(body), (each) => each.charCodeAt(0));
  return new HttpResponse(bytes, { status, headers });
}
"""
_TYPES = """\
import type { HttpHandler } from "msw";

export const mutants: {
  id: string;
  operation: string;
  expect: "refuse" | "accept" | "either";
  breaks: string;
  control: string;
}[];
export const leftOut: { id: string; reason: string }[];
export function handlers(id: string): HttpHandler[];
"""


def files(selection: Selection) -> Mapping[str, bytes]:
    """Return the module and its types for TypeScript, by path."""
    mutants = [
        each.described()
        | {
            "method": each.mutant.operation.method,
            "pattern": url_pattern(each.mutant.operation) + "$",
            "responses": [_described(sent) for sent in each.responses],
        }
        for each in selection.served
    ]
    left_out = [each.described() for each in selection.left_out]
    module = _MODULE % (_lines(mutants), _lines(left_out))
    return dict(zip(FILES, (module.encode(), _TYPES.encode()), strict=True))


def _lines(values: list[dict[str, Any]]) -> str:
    return "\n".join(f"  {json.dumps(each)}," for each in values)


def _described(response: Response) -> dict[str, Any]:
    """Return a response as a JSON object. Status 0 means that the connection closes without a response."""
    status = 0 if response.transfer is Transfer.NOTHING else response.status
    return {"status": status, "headers": response.sent_headers, "body": base64(response.sent_body)}
