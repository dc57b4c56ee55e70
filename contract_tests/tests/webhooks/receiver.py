"""A receiver of webhooks on loopback, as a user would write it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from bluejay_results import WebhookError
from bluejay_results.webhooks import WebhookEvent, receive

SECRET = "whsec-of-these-tests"


@contextmanager
def receiver(take: Callable[[WebhookEvent], object]) -> Iterator[str]:
    """Serve a receiver that gives each event to `take`; yield its URL. Invalid deliveries get a 401."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                take(receive(body, self.headers, SECRET))
            except WebhookError:
                self.send_response(401)
            else:
                self.send_response(204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
