"""The libiec61850 client as one side of the bench: does each task that comes as a line of JSON, over and over for its seconds, and
prints how often, in what time and with how much processor time of this process. Arguments: the folder of the adapter of the
interoperability tests, and the port of a server.

Everything is a call of the C library through ctypes, as short a loop as Python has; `overhead` measures what such a call costs without
the library. Values are freed, never looked at."""

import json
import os
import sys
import threading
import time

sys.path[0:0] = [sys.argv[1], os.path.dirname(sys.argv[1])]

import ctypes as c  # noqa: E402

from library import B, I, P, S, U, f, strings  # noqa: E402

E = c.POINTER(I)
create = f('MmsConnection_create', P)
destroy = f('MmsConnection_destroy', None, P)
set_request_timeout = f('MmsConnection_setRequestTimeout', None, P, U)
set_outstanding = f('MmsConnnection_setMaxOutstandingCalls', None, P, I, I)
connect = f('MmsConnection_connect', B, P, E, S, I)
conclude = f('MmsConnection_conclude', None, P, E)
close = f('MmsConnection_close', None, P)
read_variable = f('MmsConnection_readVariable', P, P, E, S, S)
ReadHandler = c.CFUNCTYPE(None, U, P, I, P)
read_async = f('MmsConnection_readVariableAsync', None, P, P, E, S, S, ReadHandler, P)
read_list = f('MmsConnection_readNamedVariableListValues', P, P, E, S, S, B)
get_domain_names = f('MmsConnection_getDomainNames', P, P, E)
get_variable_names = f('MmsConnection_getDomainVariableNames', P, P, E, S)
get_attributes = f('MmsConnection_getVariableAccessAttributes', P, P, E, S, S)
FileReadHandler = c.CFUNCTYPE(None, P, I, P, U)
file_open = f('MmsConnection_fileOpen', I, P, E, S, U, P, P)
file_read = f('MmsConnection_fileRead', B, P, E, I, FileReadHandler, P)
file_close = f('MmsConnection_fileClose', None, P, E, I)
array_size = f('MmsValue_getArraySize', U, P)
delete_value = f('MmsValue_delete', None, P)
delete_names = f('LinkedList_destroy', None, P)
delete_type = f('MmsVariableSpecification_destroy', None, P)

port = int(sys.argv[2])
error = I(0)
at = c.byref(error)
BATCH = 50


def opened(outstanding=None):
    """An association. One that is lost at once is asked for again, as a caller of this library would."""
    for _ in range(20):
        connection = create()
        set_request_timeout(connection, 5000)
        if outstanding:
            set_outstanding(connection, outstanding, outstanding)
        if connect(connection, at, b'127.0.0.1', port) and error.value == 0:
            names = get_domain_names(connection, at)
            if names and error.value == 0:
                delete_names(names)
                return connection
        destroy(connection)
        time.sleep(0.02)
    raise SystemExit('no association')


def ended(connection):
    conclude(connection, c.byref(I(0)))
    close(connection)
    destroy(connection)


def checked(result):
    if error.value or not result:
        raise SystemExit(f'a request failed with error {error.value}')
    return result


class Clock:
    """Wall and processor time since it was made."""

    def __init__(self, seconds):
        self.begin, self.cpu, self.seconds = time.monotonic(), time.process_time(), seconds

    def runs(self):
        return time.monotonic() - self.begin < self.seconds

    def measured(self, count):
        return {'count': count, 'seconds': time.monotonic() - self.begin, 'cpu': time.process_time() - self.cpu}


def associate(task):
    count, taken, cpu = 0, 0.0, time.process_time()
    begin = time.monotonic()
    while time.monotonic() - begin < task['seconds']:
        started = time.monotonic()
        connection = create()
        set_request_timeout(connection, 5000)
        # An attempt that comes to nothing is left out, its time included.
        if connect(connection, at, b'127.0.0.1', port) and error.value == 0:
            conclude(connection, at)
            if error.value == 0:
                close(connection)
                count += 1
                taken += time.monotonic() - started
        destroy(connection)
    return {'count': count, 'seconds': taken, 'cpu': time.process_time() - cpu}


def read(task):
    domain, item = task['domain'].encode(), task['item'].encode()
    connection = opened()
    clock, count = Clock(task['seconds']), 0
    while clock.runs():
        for _ in range(BATCH):
            delete_value(checked(read_variable(connection, at, domain, item)))
        count += BATCH
    result = clock.measured(count)
    ended(connection)
    return result


def read_ahead(task):
    """Each answer sends the next request, from the library's own thread. A place is free only after the answer has been told, so that the
    library may hold one more than are kept outstanding."""
    domain, item, most = task['domain'].encode(), task['item'].encode(), task['outstanding']
    connection = opened(most + 1)
    done = threading.Event()
    state = {'count': 0, 'open': 0, 'failed': 0}
    clock = Clock(task['seconds'])

    def send():
        fault = I(0)
        read_async(connection, None, c.byref(fault), domain, item, handler, None)
        if fault.value:
            state['failed'] = fault.value
        else:
            state['open'] += 1

    def answered(_invoke, _parameter, fault, value):
        state['open'] -= 1
        if fault or not value:
            state['failed'] = fault or -1
        else:
            delete_value(value)
            state['count'] += 1
        if state['failed'] == 0 and (state['count'] % BATCH or clock.runs()):
            send()
        if state['open'] == 0:
            done.set()

    handler = ReadHandler(answered)
    for _ in range(most):
        send()
    done.wait(task['seconds'] + 5)
    result = clock.measured(state['count'])
    if state['failed']:
        raise SystemExit(f'a request failed with error {state["failed"]}')
    ended(connection)
    return result


def read_members(task):
    domain, item = task['domain'].encode(), task['list'].encode()
    connection = opened()
    clock, count = Clock(task['seconds']), 0
    while clock.runs():
        for _ in range(BATCH // 10):
            value = checked(read_list(connection, at, domain, item, False))
            if array_size(value) != task['members']:
                raise SystemExit('members are missing')
            delete_value(value)
        count += BATCH // 10
    result = clock.measured(count)
    ended(connection)
    return result


def download(task):
    """Counts millions of octets."""
    name = task['file'].encode()
    connection = opened()
    got = 0

    def part(_parameter, _frsm, _octets, count):
        nonlocal got
        got += count

    handler = FileReadHandler(part)
    clock, files = Clock(task['seconds']), 0
    while clock.runs():
        frsm = file_open(connection, at, name, 0, None, None)
        checked(error.value == 0)
        while file_read(connection, at, frsm, handler, None) and error.value == 0:
            pass
        file_close(connection, at, frsm)
        files += 1
    if got != files * task['size']:
        raise SystemExit('octets of a file are missing')
    result = clock.measured(got / 1e6)
    ended(connection)
    return result


def browse(task):
    """Names of all variables, then the type and the value of each, one request after another."""
    connection = opened()
    clock, count = Clock(task['seconds']), 0
    while count == 0 or clock.runs():
        domains = checked(get_domain_names(connection, at))
        found = 0
        for domain in strings(domains):
            spelled = domain.encode()
            names = checked(get_variable_names(connection, at, spelled))
            for name in strings(names):
                item = name.encode()
                delete_type(checked(get_attributes(connection, at, spelled, item)))
                delete_value(checked(read_variable(connection, at, spelled, item)))
                found += 1
            delete_names(names)
        delete_names(domains)
        if found != task['variables']:
            raise SystemExit(f'{found} variables')
        count += 1
    result = clock.measured(count)
    ended(connection)
    return result


def overhead(task):
    """A read of one variable without the read: the same arguments through ctypes to a function that does nothing, and a free of nothing."""
    nothing = c.CDLL(None).labs
    nothing.restype, nothing.argtypes = P, [P, E, S, S]
    domain, item = task['domain'].encode(), task['item'].encode()
    clock, count = Clock(task['seconds']), 0
    while clock.runs():
        for _ in range(BATCH):
            error.value = 0
            checked(nothing(1, at, domain, item))
            delete_value(None)
        count += BATCH
    return clock.measured(count)


tasks = {'associate': associate, 'read': read, 'read ahead': read_ahead, 'list': read_members, 'file': download, 'browse': browse,
         'overhead': overhead}
print(json.dumps('ready'), flush=True)
for line in sys.stdin:
    wanted = json.loads(line)
    print(json.dumps(tasks[wanted['task']](wanted)), flush=True)
