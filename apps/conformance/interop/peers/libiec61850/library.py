"""The C interface of libiec61850 as the wheel brings it, called through ctypes so that calls release the interpreter lock."""

import ctypes as c
import glob
import importlib.util
import json
import os

from adapter import DATA_ACCESS_ERRORS, failure, integer

P, I, U, S, B = c.c_void_p, c.c_int, c.c_uint32, c.c_char_p, c.c_bool


def load():
    spec = importlib.util.find_spec('pyiec61850')
    if spec is None or spec.origin is None:
        raise SystemExit('the wheel is not installed')
    site = os.path.dirname(os.path.dirname(spec.origin))
    found = glob.glob(os.path.join(site, 'pyiec61850_ng.libs', 'libiec61850*.so*')) + glob.glob(os.path.join(site, 'pyiec61850', '*iec61850*.so*'))
    if not found:
        raise SystemExit('the wheel brings no library')
    return c.CDLL(found[0]), found[0]


lib, path = load()


def f(name, result, *arguments):
    call = getattr(lib, name)
    call.restype, call.argtypes = result, list(arguments)
    return call


LinkedList_create = f('LinkedList_create', P)
LinkedList_add = f('LinkedList_add', None, P, P)
LinkedList_getNext = f('LinkedList_getNext', P, P)
LinkedList_getData = f('LinkedList_getData', P, P)
getType = f('MmsValue_getType', I, P)
getArraySize = f('MmsValue_getArraySize', U, P)
getElement = f('MmsValue_getElement', P, P, I)
getBoolean = f('MmsValue_getBoolean', B, P)
toInt64 = f('MmsValue_toInt64', c.c_int64, P)
toUint32 = f('MmsValue_toUint32', U, P)
toDouble = f('MmsValue_toDouble', c.c_double, P)
toString = f('MmsValue_toString', S, P)
bitStringSize = f('MmsValue_getBitStringSize', I, P)
bitStringBit = f('MmsValue_getBitStringBit', B, P, I)
octetStringSize = f('MmsValue_getOctetStringSize', c.c_uint16, P)
octetStringBuffer = f('MmsValue_getOctetStringBuffer', P, P)
utcTimeBuffer = f('MmsValue_getUtcTimeBuffer', P, P)
binaryTime = f('MmsValue_getBinaryTimeAsUtcMs', c.c_uint64, P)
dataAccessError = f('MmsValue_getDataAccessError', I, P)

newBoolean = f('MmsValue_newBoolean', P, B)
newInteger = f('MmsValue_newIntegerFromInt64', P, c.c_int64)
newInt32 = f('MmsValue_newIntegerFromInt32', P, c.c_int32)
newUnsigned = f('MmsValue_newUnsignedFromUint32', P, U)
newFloat = f('MmsValue_newFloat', P, c.c_float)
newDouble = f('MmsValue_newDouble', P, c.c_double)
newBitString = f('MmsValue_newBitString', P, I)
setBitStringBit = f('MmsValue_setBitStringBit', None, P, I, B)
newOctetString = f('MmsValue_newOctetString', P, I, I)
setOctetString = f('MmsValue_setOctetString', None, P, S, I)
newVisibleString = f('MmsValue_newVisibleString', P, S)
newMmsString = f('MmsValue_newMmsString', P, S)
newUtcTime = f('MmsValue_newUtcTimeByMsTime', P, c.c_uint64)
setUtcTime = f('MmsValue_setUtcTimeByBuffer', None, P, S)
createEmptyArray = f('MmsValue_createEmptyArray', P, I)
createEmptyStructure = f('MmsValue_createEmptyStructure', P, I)
setElement = f('MmsValue_setElement', None, P, I, P)

TYPES = ('array', 'structure', 'boolean', 'bit-string', 'integer', 'unsigned', 'floating-point', 'octet-string', 'visible-string',
         'generalized-time', 'binary-time', 'bcd', 'obj-id', 'mMSString', 'utc-time', 'data-access-error')


def items(head):
    """The data pointers of a LinkedList, whose first node holds none."""
    node = LinkedList_getNext(head) if head else None
    while node:
        yield LinkedList_getData(node)
        node = LinkedList_getNext(node)


def strings(head):
    return [c.cast(p, S).value.decode() for p in items(head)]


def linked(pointers):
    head = LinkedList_create()
    for p in pointers:
        LinkedList_add(head, p)
    return head


def to_json(value):
    """An MmsValue as the JSON of the line protocol."""
    if not value:
        return None
    kind = TYPES[getType(value)]
    if kind in ('array', 'structure'):
        return {kind: [to_json(getElement(value, i)) for i in range(getArraySize(value))]}
    if kind == 'boolean':
        return {kind: bool(getBoolean(value))}
    if kind == 'bit-string':
        return {kind: ''.join('1' if bitStringBit(value, i) else '0' for i in range(bitStringSize(value)))}
    if kind == 'integer':
        return {kind: integer(toInt64(value))}
    if kind == 'unsigned':
        return {kind: integer(toUint32(value))}
    if kind == 'floating-point':
        return {kind: toDouble(value)}
    if kind == 'octet-string':
        return {kind: c.string_at(octetStringBuffer(value), octetStringSize(value)).hex()}
    if kind in ('visible-string', 'mMSString'):
        return {kind: toString(value).decode()}
    if kind == 'utc-time':
        return {kind: c.string_at(utcTimeBuffer(value), 8).hex()}
    if kind == 'binary-time':
        return {kind: binaryTime(value)}
    if kind == 'data-access-error':
        return failure(dataAccessError(value))
    return {kind: None}


def from_text(kind, text):
    """A new MmsValue of an ISO 9506-2 Data alternative."""
    if kind in ('array', 'structure'):
        parts = [from_text(*part.split(':', 1)) for part in json.loads(text)]
        value = (createEmptyArray if kind == 'array' else createEmptyStructure)(len(parts))
        for i, part in enumerate(parts):
            setElement(value, i, part)
        return value
    if kind == 'boolean':
        return newBoolean(text == 'true')
    if kind == 'integer':
        return newInteger(int(text))
    if kind == 'unsigned':
        return newUnsigned(int(text))
    if kind == 'floating-point':
        return newFloat(float(text))
    if kind == 'double':
        return newDouble(float(text))
    if kind == 'bit-string':
        value = newBitString(len(text))
        for i, bit in enumerate(text):
            setBitStringBit(value, i, bit == '1')
        return value
    if kind == 'octet-string':
        octets = bytes.fromhex(text)
        value = newOctetString(len(octets), max(len(octets), 64))
        setOctetString(value, octets, len(octets))
        return value
    if kind == 'visible-string':
        return newVisibleString(text.encode())
    if kind == 'mMSString':
        return newMmsString(text.encode())
    if kind == 'utc-time':
        value = newUtcTime(0)
        setUtcTime(value, bytes.fromhex(text))
        return value
    raise ValueError(kind)


__all__ = ['DATA_ACCESS_ERRORS', 'lib', 'path', 'f']
