"""Many phones in one process of their own: `python -m tests.bench.phones PORT SECONDS PHONES`.

Each has an address of its own on loopback, looks at its page as often as that says, and now and
then one asks for a song, `WISHES_PER_S` of them in all. Prints what was seen as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
from time import perf_counter
from urllib.parse import urlencode

WISHES_PER_S = 2.0
_FIRST_S = 0.2
"""The share of the time in which the phones come."""
_WISHES = ("a jig in D, 8 bars", "slow air in A minor, 8 bars", "fast reel in G", "sad waltz")


class Phones:
    """All of them, and what they saw."""

    def __init__(self, port: int, seconds: float, count: int) -> None:
        self._port, self._seconds, self._count = port, seconds, count
        self._began = perf_counter()
        self.page_ms: list[float] = []
        self.asked_ms: list[float] = []
        self.failed = 0
        self.refused = 0
        self.open_at_once = self._open = 0

    async def run(self) -> None:
        """Until the time is over."""
        await asyncio.gather(*(self._phone(number) for number in range(self._count)))

    async def _phone(self, number: int) -> None:
        dice = random.Random(number)
        source = f"127.0.{1 + number // 250}.{1 + number % 250}"
        await asyncio.sleep(_FIRST_S * self._seconds * number / self._count)
        page = await self._send(source, "GET", "/", "", b"", self.page_ms)
        cookie = re.search(rb"set-cookie: ([^;]+)", page)
        seal = re.search(rb'name="seal" value="([0-9a-f]+)"', page)
        if cookie is None or seal is None:
            self.failed += 1
            return
        own, path = cookie[1].decode(), "/"
        ask_in_s = self._seconds * dice.random()
        asks = number < self._seconds * WISHES_PER_S
        while perf_counter() - self._began < self._seconds:
            if asks and perf_counter() - self._began > ask_in_s:
                asks = False
                fields = {"seal": seal[1].decode(), "words": dice.choice(_WISHES), "name": "Phone"}
                data = urlencode(fields).encode()
                answer = await self._send(source, "POST", "/ask", own, data, self.asked_ms)
                found = re.search(rb"location: (\S+)", answer)
                self.refused += found is None
                path = found[1].decode() if found else "/"
            else:
                answer = await self._send(source, "GET", path, own, b"", self.page_ms)
            again = re.search(rb'http-equiv="refresh" content="(\d+)"', answer)
            await asyncio.sleep((int(again[1]) if again else 15) * (0.8 + 0.4 * dice.random()))

    async def _send(
        self, source: str, method: str, path: str, cookie: str, data: bytes, took: list[float]
    ) -> bytes:
        began = perf_counter()
        self._open += 1
        self.open_at_once = max(self._open, self.open_at_once)
        try:
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", self._port, local_addr=(source, 0)
            )
            head = (
                f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{self._port}\r\nconnection: close\r\n"
                f"cookie: {cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
                f"content-length: {len(data)}\r\n\r\n"
            )
            writer.write(head.encode() + data)
            answer = await reader.read(-1)
            writer.close()
        except OSError:
            answer = b""
        self._open -= 1
        if answer[9:10] not in (b"2", b"3", b"4"):
            self.failed += 1
        took.append(1000 * (perf_counter() - began))
        return answer


def main() -> None:
    """Run, and print."""
    port, seconds, count = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    phones = Phones(port, seconds, count)
    asyncio.run(phones.run())
    print(json.dumps({k: v for k, v in vars(phones).items() if not k.startswith("_")}))


if __name__ == "__main__":
    main()
