"""What the Python adapters share: the line protocol of ../README.md, the deadline and the spelling of MMS values."""

import json
import os
import socket
import sys
import threading
import time

DATA_ACCESS_ERRORS = (
    'object-invalidated', 'hardware-fault', 'temporarily-unavailable', 'object-access-denied', 'object-undefined',
    'invalid-address', 'type-unsupported', 'type-inconsistent', 'object-attribute-inconsistent',
    'object-access-unsupported', 'object-non-existent', 'object-value-invalid',
)


class NotOffered(Exception):
    """The peer's interface has no such call."""


class Failed(Exception):
    """The call ended in an error of the peer; the text is class/code as in ISO 9506-2 where the peer tells them."""


def emit(**event):
    sys.stdout.write(json.dumps(event, ensure_ascii=False, separators=(',', ':')) + '\n')
    sys.stdout.flush()


def integer(value):
    """JSON numbers are doubles: integers outside them travel as strings."""
    return value if -(2**53) < value < 2**53 else str(value)


def failure(code):
    return {'failure': DATA_ACCESS_ERRORS[code] if 0 <= code < len(DATA_ACCESS_ERRORS) else str(code)}


def arguments(argv):
    """`--name value` pairs."""
    return {argv[i].removeprefix('--'): argv[i + 1] for i in range(0, len(argv) - 1, 2)}


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def deadline(seconds):
    """Ends the process whatever the peer's code is doing, so that nothing is ever left running."""
    def end():
        time.sleep(seconds)
        emit(event='done', reason=f'own deadline of {seconds} s')
        os._exit(2)
    threading.Thread(target=end, daemon=True).start()


def serve_commands(operations):
    """Reads commands from standard input, one per line: operation, tab, arguments parted by tabs. Answers each in order."""
    for number, line in enumerate(sys.stdin, 1):
        operation, *rest = line.rstrip('\n').split('\t')
        if operation == 'quit':
            break
        started = time.monotonic()
        answer = {}
        try:
            call = operations.get(operation)
            if call is None:
                raise NotOffered(f'no operation {operation}')
            answer['value'] = call(*rest)
        except NotOffered as reason:
            answer['notOffered'] = str(reason)
        except Failed as reason:
            answer['error'] = str(reason)
        except Exception as reason:  # whatever the peer's library throws is its answer
            answer['error'] = f'{type(reason).__name__}: {reason}'
        emit(event='answer', n=number, operation=operation, ms=round((time.monotonic() - started) * 1000, 2), **answer)
    emit(event='done')
    os._exit(0)
