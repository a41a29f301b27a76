"""A snap7 server with one data block, DB 1: octet i is i modulo 256. It ends when its input does."""

import ctypes
import sys

from snap7.server import Server
from snap7.types import srvAreaDB

LENGTH = 4000

server = Server(log=False)
block = (ctypes.c_uint8 * LENGTH)(*[i % 256 for i in range(LENGTH)])
server.register_area(srvAreaDB, 1, block)
server.start_to("127.0.0.1", tcpport=int(sys.argv[1]))
print("ready", flush=True)
sys.stdin.read()
server.stop()
server.destroy()
