# Opens COUNT connections, says what each is for, and then sends or takes SIZE bytes on each, all at once; for
# vm.UplinkBench. The image's Python has no more of sockets and threads than these two modules.
import _socket, _thread
from sys import argv

host, port, what, count, size = argv[1], int(argv[2]), argv[3], int(argv[4]), int(argv[5])
PIECE = 65536


def send(s, done):
    s.recv(1)
    piece, sent = bytes(PIECE), 0
    while sent < size:
        sent += s.send(piece)
    s.shutdown(1)
    s.recv(1)
    done.release()


def take(s, done):
    room = bytearray(PIECE)
    while s.recv_into(room):
        pass
    s.close()
    done.release()


connections = []
for _ in range(count):
    s = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0)
    s.connect((host, port))
    s.send(what.encode())
    connections.append(s)
locks = [_thread.allocate_lock() for _ in connections]
for s, lock in zip(connections, locks):
    lock.acquire()
    _thread.start_new_thread(send if what == "o" else take, (s, lock))
for lock in locks:
    lock.acquire()
