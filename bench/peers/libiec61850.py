"""The libiec61850 client as one side of the bench: for each line with a number of seconds it associates, concludes and releases for
that long, one after another, and prints how often, in what time and with how much processor time; an attempt that comes to nothing is
left out, its time included. Arguments: the folder of the adapter of the interoperability tests, and the port of a server."""

import json
import os
import sys
import time

sys.path[0:0] = [sys.argv[1], os.path.dirname(sys.argv[1])]

import ctypes as c  # noqa: E402

from library import B, I, P, S, U, f  # noqa: E402

E = c.POINTER(I)
create = f('MmsConnection_create', P)
destroy = f('MmsConnection_destroy', None, P)
set_request_timeout = f('MmsConnection_setRequestTimeout', None, P, U)
connect = f('MmsConnection_connect', B, P, E, S, I)
conclude = f('MmsConnection_conclude', None, P, E)
close = f('MmsConnection_close', None, P)

port = int(sys.argv[2])


def associate():
    connection = create()
    set_request_timeout(connection, 5000)
    error = I(0)
    well = bool(connect(connection, c.byref(error), b'127.0.0.1', port)) and error.value == 0
    if well:
        conclude(connection, c.byref(error))
        well = error.value == 0
        close(connection)
    destroy(connection)
    return well


print(json.dumps('ready'), flush=True)
for line in sys.stdin:
    count, taken = 0, 0.0
    begin, cpu = time.monotonic(), time.process_time()
    while time.monotonic() - begin < float(line):
        started = time.monotonic()
        if associate():
            count += 1
            taken += time.monotonic() - started
    print(json.dumps({'count': count, 'seconds': taken, 'cpu': time.process_time() - cpu}), flush=True)
