# Opens COUNT connections, says what each is for, and then sends or takes SIZE bytes on each, a piece of every one in turn, so
# that all of them are under way; for vm.UplinkBench. One thread: a hundred of Python's would wait for each other, not for the
# uplink. The image's Python has no more of sockets than this module.
import _socket
from sys import argv

host, port, what, count, size = argv[1], int(argv[2]), argv[3], int(argv[4]), int(argv[5])
PIECE = 65536


def send_all(connections):
    for s in connections:
        s.recv(1)
    piece, left = bytes(PIECE), {s: size for s in connections}
    while left:
        for s in list(left):
            left[s] -= s.send(piece[: left[s]])
            if not left[s]:
                s.shutdown(1)
                del left[s]
    for s in connections:
        s.recv(1)


def take_all(connections):
    room, open_ = bytearray(PIECE), set(connections)
    while open_:
        for s in list(open_):
            if not s.recv_into(room):
                s.close()
                open_.remove(s)


connections = []
for _ in range(count):
    s = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0)
    s.connect((host, port))
    s.send(what.encode())
    connections.append(s)
(send_all if what == "o" else take_all)(connections)
