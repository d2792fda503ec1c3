"""A line that is cut in the middle of an upload, as often as asked: a proxy before the test server."""

import contextlib
import re
import socket
import threading

OFFSET = re.compile(rb"^upload-offset: (\d+)", re.I | re.M)


class CutLine:
    """Passes everything on, but cuts `cuts` uploads after `after` bytes of it: the first one, and the next ones each
    when `between` went through whole."""

    def __init__(self, server: tuple[str, int], cuts: int, after: int, between: int = 0) -> None:
        self.server, self.cuts, self.after, self.between = server, cuts, after, between
        self.whole = between  # uploads let through since the last cut
        self.offsets: list[int] = []  # where each stretch of an upload said that it begins
        self.carried = 0  # bytes of uploads that reached the server
        self.door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.door.getsockname()[1]}"

    def close(self) -> None:
        self.door.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _address = self.door.accept()
            except OSError:
                return
            server = socket.create_connection(self.server)
            for work in (self._up, self._down):
                threading.Thread(target=work, args=(client, server), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        left: int | None = None  # of the stretch on its way that is to be cut
        is_upload = False
        try:
            while chunk := client.recv(2**16):
                if re.match(rb"(GET|POST|PUT|PATCH|HEAD|DELETE) /", chunk):
                    is_upload, left = chunk.startswith(b"PATCH /cargas/"), None
                    if is_upload and (found := OFFSET.search(chunk)):
                        self.offsets.append(int(found[1]))
                        self.whole += 1
                        if self.cuts and self.whole > self.between:
                            self.cuts, self.whole, left = self.cuts - 1, 0, self.after
                if left is not None and len(chunk) >= left:
                    server.sendall(chunk[:left])
                    self.carried += left
                    break
                server.sendall(chunk)
                self.carried += len(chunk) if is_upload else 0
                left = left - len(chunk) if left is not None else None
        except OSError:
            pass
        finally:
            self._end(server)
            if left is not None:  # the client is told nothing more
                client.close()

    def _down(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while chunk := server.recv(2**16):
                client.sendall(chunk)
        except OSError:
            pass
        finally:
            self._end(client)

    @staticmethod
    def _end(end: socket.socket) -> None:
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_WR)
