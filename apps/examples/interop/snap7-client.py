"""Reads DB 1 through snap7, writes to it, reads it back, and prints what it got: a line in hex for each read."""

import sys

from snap7.client import Client

client = Client()
client.connect("127.0.0.1", 0, 2, int(sys.argv[1]))
print(client.get_pdu_length())
print(client.db_read(1, 3, 1500).hex())
client.db_write(1, 100, bytearray([0xBB] * 700))
print(client.db_read(1, 99, 702).hex())
try:
    client.db_read(7, 0, 4)
    print("DB 7 was read")
except RuntimeError as error:
    print(f"DB 7: {error}")
client.disconnect()
client.destroy()
