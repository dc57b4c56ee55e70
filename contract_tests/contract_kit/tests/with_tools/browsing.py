"""Sends requests from a page in Chromium, and writes the received responses as JSON.

The tests run this program with Python in `.build/browser`, which has Playwright.
"""

import json
import shutil
import sys
from typing import Any

from playwright.sync_api import Page, sync_playwright

FETCH = """async ({ target, method, headers, body }) => {
  const hopByHop = ["connection", "content-length", "date", "server", "access-control-allow-credentials",
    "access-control-allow-origin", "vary"];
  try {
    const response = await fetch(target, { method, headers, body, cache: "no-store" });
    const kept = [...response.headers].filter(([name]) => !hopByHop.includes(name));
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: kept, body: Array.from(bytes).join() };
  } catch {
    return "error";
  }
}"""


def received(page: Page, request: dict[str, Any]) -> Any:
    """Send a request from the page. The response comes from the file `har`, from MSW, or from the server."""
    if har := request.get("har"):
        page.route_from_har(har, url=request["target"])
    page.evaluate("(id) => globalThis.answerWith?.(id)", request["id"])
    found = page.evaluate(FETCH, request)
    page.unroute_all()
    return found


def main() -> None:
    """Read the page's URL and the requests from stdin, and write the responses to stdout."""
    given = json.load(sys.stdin)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(given["page"])
        page.wait_for_function("globalThis.isReady ?? true")
        json.dump([received(page, each) for each in given["requests"]], sys.stdout)
        browser.close()


main()
