"""An application server on Python's http.server; prints its port."""
import http.server
import queue
import sys
import urllib.parse

LISTENERS = []
BLOCK = b"p" * (64 * 1024)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, body):
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = urllib.parse.parse_qs(url.query)
        if url.path == "/big":
            left = int(query["bytes"][0])
            self.send_response(200)
            self.send_header("Content-Length", str(left))
            self.end_headers()
            while left > 0:
                self.wfile.write(BLOCK[:left])
                left -= len(BLOCK)
        elif url.path == "/events":
            events = queue.Queue()
            LISTENERS.append(events)
            self.close_connection = True
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b": welcome\n\n")
            while True:
                self.wfile.write(b"data: " + events.get() + b"\n\n")
        elif url.path == "/emit":
            for events in LISTENERS:
                events.put(query["text"][0].encode())
            self.answer(str(len(LISTENERS)).encode())
        else:
            self.answer(b"hello from python")

    def body(self, take):
        left = int(self.headers["Content-Length"])
        while left > 0:
            part = self.rfile.read(min(left, len(BLOCK)))
            if not part:
                return
            left -= len(part)
            take(part)

    def do_POST(self):
        parts = []
        self.body(parts.append)
        self.answer(b"".join(parts))

    def do_PUT(self):
        count = [0]

        def add(part):
            count[0] += len(part)

        self.body(add)
        self.answer(str(count[0]).encode())


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
