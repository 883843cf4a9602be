"""A name server for one name, whose addresses stand in a file: dns.py PORT NAME FILE. Answers A over UDP with a TTL of 1 s."""

import socket
import struct
import sys


def answer(query, name, addresses):
    """The answer to a query of one question; None for what isn't one."""
    if len(query) < 17:
        return None
    at = 12
    labels = []
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace").lower())
        at += query[at] + 1
    question = query[12 : at + 5]
    kind = struct.unpack("!H", query[at + 1 : at + 3])[0]
    known = ".".join(labels) == name
    found = addresses if known and kind == 1 else []
    flags = 0x8180 if known else 0x8183
    head = query[:2] + struct.pack("!HHHHH", flags, 1, len(found), 0, 0)
    records = b"".join(
        struct.pack("!HHHIH", 0xC00C, 1, 1, 1, 4) + socket.inet_aton(address) for address in found
    )
    return head + question + records


def main():
    port, name, file = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", port))
    print("listening", flush=True)
    while True:
        query, client = server.recvfrom(2048)
        with open(file, encoding="ascii") as lines:
            reply = answer(query, name, lines.read().split())
        if reply:
            server.sendto(reply, client)


main()
