"""The libiec61850 MMS client under the commands of ../../README.md. Uses the MMS calls, not the IEC 61850 ones above them."""

import hashlib
import os
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import ctypes as c  # noqa: E402

import library as l  # noqa: E402
from adapter import Failed, arguments, deadline, emit, failure, serve_commands  # noqa: E402
from library import B, I, P, S, U, f  # noqa: E402

E = c.POINTER(I)
create = f('MmsConnection_create', P)
destroy = f('MmsConnection_destroy', None, P)
setRequestTimeout = f('MmsConnection_setRequestTimeout', None, P, U)
setConnectTimeout = f('MmsConnection_setConnectTimeout', None, P, U)
setLocalDetail = f('MmsConnection_setLocalDetail', None, P, I)
setOutstanding = f('MmsConnnection_setMaxOutstandingCalls', None, P, I, I)
isoParameters = f('MmsConnection_getIsoConnectionParameters', P, P)
setAuthentication = f('IsoConnectionParameters_setAcseAuthenticationParameter', None, P, P)


class LongSelector(c.Structure):
    _fields_ = [('size', c.c_uint8), ('value', c.c_uint8 * 16)]


class TransportSelector(c.Structure):
    _fields_ = [('size', c.c_uint8), ('value', c.c_uint8 * 4)]


setRemoteAddresses = f('IsoConnectionParameters_setRemoteAddresses', None, P, LongSelector, LongSelector, TransportSelector)
setLocalAddresses = f('IsoConnectionParameters_setLocalAddresses', None, P, LongSelector, LongSelector, TransportSelector)
authentication = f('AcseAuthenticationParameter_create', P)
setMechanism = f('AcseAuthenticationParameter_setAuthMechanism', None, P, I)
setPassword = f('AcseAuthenticationParameter_setPassword', None, P, S)
connect = f('MmsConnection_connect', B, P, E, S, I)
close = f('MmsConnection_close', None, P)
abort = f('MmsConnection_abort', None, P, E)
conclude = f('MmsConnection_conclude', None, P, E)
getDomainNames = f('MmsConnection_getDomainNames', P, P, E)
getDomainVariableNames = f('MmsConnection_getDomainVariableNames', P, P, E, S)
getDomainVariableListNames = f('MmsConnection_getDomainVariableListNames', P, P, E, S)
getAssociationListNames = f('MmsConnection_getVariableListNamesAssociationSpecific', P, P, E)
readVariable = f('MmsConnection_readVariable', P, P, E, S, S)
readComponent = f('MmsConnection_readVariableComponent', P, P, E, S, S, S)
readArrayElements = f('MmsConnection_readArrayElements', P, P, E, S, S, U, U)
readElementComponent = f('MmsConnection_readSingleArrayElementWithComponent', P, P, E, S, S, U, S)
readMultiple = f('MmsConnection_readMultipleVariables', P, P, E, S, P)
readList = f('MmsConnection_readNamedVariableListValues', P, P, E, S, S, B)
readAssociationList = f('MmsConnection_readNamedVariableListValuesAssociationSpecific', P, P, E, S, B)
ReadHandler = c.CFUNCTYPE(None, U, P, I, P)
readAsync = f('MmsConnection_readVariableAsync', None, P, P, E, S, S, ReadHandler, P)
writeVariable = f('MmsConnection_writeVariable', I, P, E, S, S, P)
writeArrayElements = f('MmsConnection_writeArrayElements', I, P, E, S, S, I, I, P)
writeMultiple = f('MmsConnection_writeMultipleVariables', None, P, E, S, P, P, c.POINTER(P))
writeNamedList = f('MmsConnection_writeNamedVariableList', None, P, E, B, S, S, P, c.POINTER(P))
writeElementComponent = f('MmsConnection_writeSingleArrayElementWithComponent', I, P, E, S, S, U, S, P)
accessElement = f('MmsVariableAccessSpecification_createAlternateAccess', P, P, P, I, P)
getAttributes = f('MmsConnection_getVariableAccessAttributes', P, P, E, S, S)
defineList = f('MmsConnection_defineNamedVariableList', None, P, E, S, S, P)
defineAssociationList = f('MmsConnection_defineNamedVariableListAssociationSpecific', None, P, E, S, P)
listDirectory = f('MmsConnection_readNamedVariableListDirectory', P, P, E, S, S, c.POINTER(B))
associationListDirectory = f('MmsConnection_readNamedVariableListDirectoryAssociationSpecific', P, P, E, S, c.POINTER(B))
deleteList = f('MmsConnection_deleteNamedVariableList', B, P, E, S, S)
deleteAssociationList = f('MmsConnection_deleteAssociationSpecificNamedVariableList', B, P, E, S)
accessSpecification = f('MmsVariableAccessSpecification_create', P, P, P)
identify_ = f('MmsConnection_identify', P, P, E)
FileDirectoryHandler = c.CFUNCTYPE(None, P, S, U, c.c_uint64)
getFileDirectory = f('MmsConnection_getFileDirectory', B, P, E, S, S, FileDirectoryHandler, P)
FileReadHandler = c.CFUNCTYPE(None, P, I, c.POINTER(c.c_uint8), U)
fileOpen = f('MmsConnection_fileOpen', I, P, E, S, U, c.POINTER(U), c.POINTER(c.c_uint64))
fileRead = f('MmsConnection_fileRead', B, P, E, I, FileReadHandler, P)
fileClose = f('MmsConnection_fileClose', None, P, E, I)
fileDelete = f('MmsConnection_fileDelete', None, P, E, S)
fileRename = f('MmsConnection_fileRename', None, P, E, S, S)
obtainFile = f('MmsConnection_obtainFile', None, P, E, S, S)
setFilestoreBasepath = f('MmsConnection_setFilestoreBasepath', None, P, S)
readJournalTimeRange = f('MmsConnection_readJournalTimeRange', P, P, E, S, S, P, P, c.POINTER(B))
readJournalStartAfter = f('MmsConnection_readJournalStartAfter', P, P, E, S, S, P, P, c.POINTER(B))
newBinaryTime = f('MmsValue_newBinaryTime', P, B)
setBinaryTime = f('MmsValue_setBinaryTime', None, P, c.c_uint64)
binaryTimeAsUtcMs = f('MmsValue_getBinaryTimeAsUtcMs', c.c_uint64, P)
entryID = f('MmsJournalEntry_getEntryID', P, P)
entryTime = f('MmsJournalEntry_getOccurenceTime', P, P)
entryVariables = f('MmsJournalEntry_getJournalVariables', P, P)
journalTag = f('MmsJournalVariable_getTag', S, P)
journalValue = f('MmsJournalVariable_getValue', P, P)
getServerStatus = f('MmsConnection_getServerStatus', None, P, E, c.POINTER(I), c.POINTER(I), B)
ReportHandler = c.CFUNCTYPE(None, P, S, S, P, B)
setReportHandler = f('MmsConnection_setInformationReportHandler', None, P, ReportHandler, P)
specificationType = f('MmsVariableSpecification_getType', I, P)
specificationSize = f('MmsVariableSpecification_getSize', I, P)
specificationName = f('MmsVariableSpecification_getName', S, P)
specificationChild = f('MmsVariableSpecification_getChildSpecificationByIndex', P, P, I)
specificationElement = f('MmsVariableSpecification_getArrayElementSpecification', P, P)
specificationExponent = f('MmsVariableSpecification_getExponentWidth', I, P)

ERRORS = {
    0: 'none', 1: 'connection-rejected', 2: 'connection-lost', 3: 'timeout', 4: 'parsing-response', 5: 'hardware-fault',
    6: 'conclude-rejected', 7: 'invalid-arguments', 8: 'outstanding-call-limit', 9: 'other', 10: 'vmd-state/other',
    20: 'application-reference/other', 30: 'definition/other', 31: 'definition/invalid-address', 32: 'definition/type-unsupported',
    33: 'definition/type-inconsistent', 34: 'definition/object-undefined', 35: 'definition/object-exists',
    36: 'definition/object-attribute-inconsistent', 40: 'resource/other', 41: 'resource/capability-unavailable', 50: 'service/other',
    55: 'service/object-constraint-conflict', 60: 'service-preempt/other', 70: 'time-resolution/other', 80: 'access/other',
    81: 'access/object-non-existent', 82: 'access/object-access-unsupported', 83: 'access/object-access-denied',
    84: 'access/object-invalidated', 85: 'access/object-value-invalid', 86: 'access/temporarily-unavailable', 100: 'reject/other',
    101: 'reject/unknown-pdu-type', 102: 'reject/invalid-pdu', 103: 'reject/unrecognized-service',
    104: 'reject/unrecognized-modifier', 105: 'reject/invalid-argument',
    90: 'file/other', 91: 'file/filename-ambiguous', 92: 'file/file-busy', 93: 'file/filename-syntax-error', 94: 'file/content-type-invalid',
    95: 'file/position-invalid', 96: 'file/file-access-denied', 97: 'file/file-non-existent', 98: 'file/duplicate-filename',
    99: 'file/insufficient-space-in-filestore',
}

kept = []


def address(text):
    """Of a copy of the text that outlives the call: the library keeps the pointer."""
    buffer = c.create_string_buffer(text.encode())
    kept.append(buffer)
    return c.addressof(buffer)


def pointers(texts):
    return l.linked(address(text) for text in texts)


options = arguments(sys.argv[1:])
host, port = options.get('host', '127.0.0.1'), int(options['port'])
connection = None
reports = []
arrived = threading.Condition()


def call(function, *rest):
    if connection is None:
        raise Failed('no association')
    error = I(0)
    result = function(connection, c.byref(error), *rest)
    if error.value:
        raise Failed(ERRORS.get(error.value, f'error {error.value}'))
    return result


def on_report(_parameter, domain, name, value, is_list):
    with arrived:
        reports.append({'domain': domain.decode() if domain else None, 'name': name.decode() if name else None, 'list': is_list, 'value': l.to_json(value)})
        arrived.notify_all()


report_handler = ReportHandler(on_report)


def open_(*given):
    """Asks for one thing after opening; an association that is lost by then is opened again, as a caller of this library would."""
    global connection
    wanted = dict(option.split('=', 1) for option in given)
    for _ in range(20):
        connection = create()
        setRequestTimeout(connection, 5000)
        setConnectTimeout(connection, 5000)
        if 'pdu' in wanted:
            setLocalDetail(connection, int(wanted['pdu']))
        if 'outstanding' in wanted:
            setOutstanding(connection, int(wanted['outstanding']), int(wanted['outstanding']))
        if 'password' in wanted:
            parameter = authentication()
            setMechanism(parameter, 1)
            setPassword(parameter, wanted['password'].encode())
            setAuthentication(isoParameters(connection), parameter)
        if 'selectors' in wanted:
            transport, session, presentation = ('//' if wanted['selectors'] == 'absent' else wanted['selectors']).split('/')
            addresses = (selector(LongSelector, presentation), selector(LongSelector, session), selector(TransportSelector, transport))
            setRemoteAddresses(isoParameters(connection), *addresses)
            setLocalAddresses(isoParameters(connection), *addresses)
        setReportHandler(connection, report_handler, None)
        try:
            if not call(connect, host.encode(), port):
                raise Failed('connection-rejected')
            call(getDomainNames)
            return {}
        except Failed as reason:
            if str(reason) != 'connection-lost':
                forget()
                raise
        forget()
        time.sleep(0.02)
    raise Failed('connection-lost')


def selector(kind, text):
    octets = bytes.fromhex(text)
    found = kind()
    found.size = len(octets)
    for i, octet in enumerate(octets):
        found.value[i] = octet
    return found


def ended(seconds):
    """The library tells no more than that the connection is gone; how long it takes is up to it."""
    until = time.monotonic() + float(seconds)
    while time.monotonic() < until:
        try:
            call(getDomainNames)
        except Failed as reason:
            if str(reason) != 'timeout':
                forget()
                return 'lost'
        time.sleep(0.05)
    raise Failed('timeout')


def file_directory():
    handler = FileDirectoryHandler(lambda *_: None)
    kept.append(handler)
    call(getFileDirectory, b'', None, handler, None)
    return 'answered'


def files():
    found = []
    handler = FileDirectoryHandler(lambda _, name, size, __: found.append([name.decode().lstrip('/'), size]))
    while call(getFileDirectory, b'', found[-1][0].encode() if found else None, handler, None):
        pass
    return sorted(found)


def file_read(name):
    frsm = call(fileOpen, name.encode(), 0, None, None)
    parts = []
    handler = FileReadHandler(lambda _, __, octets, count: parts.append(bytes(octets[:count])))
    try:
        while call(fileRead, frsm, handler, None):
            pass
    finally:
        call(fileClose, frsm)
    return content(b''.join(parts))


def content(octets):
    return {'octets': len(octets), 'sha1': hashlib.sha1(octets).hexdigest()}


def file_send(size, name):
    """The library gives files from a folder of its own; the path must end with a slash."""
    with tempfile.TemporaryDirectory() as folder:
        with open(f'{folder}/source.bin', 'wb') as file:
            file.write(bytes(((i * 31) >> 3) & 0xff for i in range(int(size))))
        setFilestoreBasepath(connection, f'{folder}/'.encode())
        call(obtainFile, b'source.bin', name.encode())
    return 'sent'


def moment(milliseconds):
    value = newBinaryTime(False)
    setBinaryTime(value, milliseconds)
    return value


def journal(domain, name):
    more, found, last = B(False), [], None
    while True:
        if last is None:
            entries = call(readJournalTimeRange, domain.encode(), name.encode(), moment(1_500_000_000_000), moment(2_000_000_000_000), c.byref(more))
        else:
            entries = call(readJournalStartAfter, domain.encode(), name.encode(), entryTime(last), entryID(last), c.byref(more))
        for last in l.items(entries):
            variables = {journalTag(v).decode(): l.to_json(journalValue(v)) for v in l.items(entryVariables(last))}
            found.append({'time': binaryTimeAsUtcMs(entryTime(last)), 'variables': variables})
        if not more.value:
            return found


def forget():
    global connection
    if connection is not None:
        destroy(connection)
    connection = None


def identify():
    class Identity(c.Structure):
        _fields_ = [('vendor', S), ('model', S), ('revision', S)]
    identity = Identity.from_address(call(identify_))
    return {'vendor': identity.vendor.decode(), 'model': identity.model.decode(), 'revision': identity.revision.decode()}


def status():
    logical, physical = I(), I()
    call(getServerStatus, c.byref(logical), c.byref(physical), False)
    return {'logical': logical.value, 'physical': physical.value}


def names(kind, domain=''):
    if kind == 'domains':
        return l.strings(call(getDomainNames))
    if kind == 'variables':
        return l.strings(call(getDomainVariableNames, domain.encode()))
    if domain == '@aa':
        return l.strings(call(getAssociationListNames))
    return l.strings(call(getDomainVariableListNames, domain.encode()))


def type_of(specification):
    kind = l.TYPES[specificationType(specification)]
    size = specificationSize(specification)
    if kind == 'structure':
        children = (specificationChild(specification, i) for i in range(size))
        return {'structure': {specificationName(child).decode(): type_of(child) for child in children}}
    if kind == 'array':
        return {'array': type_of(specificationElement(specification)), 'count': size}
    if kind == 'floating-point':
        return {kind: size, 'exponent': specificationExponent(specification)}
    return {kind: size} if kind in ('bit-string', 'integer', 'unsigned', 'octet-string', 'visible-string', 'mMSString') else {kind: None}


def members(head):
    class Access(c.Structure):
        _fields_ = [('domain', S), ('item', S), ('index', c.c_int32), ('component', S)]

    def spelled(a):
        index = f'({a.index})' if a.index >= 0 else ''
        return f'{a.domain.decode()}/{a.item.decode()}{index}{"." + a.component.decode() if a.component else ""}'
    return [spelled(Access.from_address(p)) for p in l.items(head)]


def specified(text):
    """DOMAIN/ITEM, or with an element: DOMAIN/ITEM(INDEX)."""
    name, _, index = text.rstrip(')').partition('(')
    domain, item = map(address, name.split('/', 1))
    return accessElement(domain, item, int(index), None) if index else accessSpecification(domain, item)


def list_attributes(scope, name):
    deletable = B()
    if scope == '@aa':
        found = call(associationListDirectory, name.encode(), c.byref(deletable))
    else:
        found = call(listDirectory, scope.encode(), name.encode(), c.byref(deletable))
    return {'deletable': deletable.value, 'members': members(found)}


def define_list(scope, name, *variables):
    specifications = l.linked(specified(v) for v in variables)
    if scope == '@aa':
        call(defineAssociationList, name.encode(), specifications)
    else:
        call(defineList, scope.encode(), name.encode(), specifications)
    return 'defined'


def delete_list(scope, name):
    if scope == '@aa':
        return bool(call(deleteAssociationList, name.encode()))
    return bool(call(deleteList, scope.encode(), name.encode()))


def read_list(scope, name, specified):
    if scope == '@aa':
        value = call(readAssociationList, name.encode(), specified)
    else:
        value = call(readList, scope.encode(), name.encode(), specified)
    return l.to_json(value)['array']


def pipeline(count, domain, item):
    """Reads sent without waiting for the answers. The library limits how many are outstanding and frees a place only after it has
    told of the answer, so a send that finds no place is tried again."""
    answers = []

    def answered(_invoke, _parameter, error, value):
        with arrived:
            answers.append({'failure': ERRORS.get(error, str(error))} if error else l.to_json(value))
            arrived.notify_all()
    handler = ReadHandler(answered)
    kept.append(handler)
    until = time.monotonic() + 5
    sent = 0
    while sent < int(count) and time.monotonic() < until:
        try:
            call(lambda me, error: readAsync(me, None, error, domain.encode(), item.encode(), handler, None))
            sent += 1
        except Failed as reason:
            if str(reason) != 'outstanding-call-limit':
                raise
            time.sleep(0.001)
    with arrived:
        if not arrived.wait_for(lambda: len(answers) == int(count), 5):
            raise Failed('timeout')
    return answers


def write_result(code):
    return 'success' if code == -1 else failure(code)


def value_of(text):
    kind, _, rest = text.partition(':')
    return l.from_text(kind, rest)


def write_many(domain, *pairs):
    results = P()
    call(writeMultiple, domain.encode(), pointers(pairs[0::2]), l.linked(value_of(v) for v in pairs[1::2]), c.byref(results))
    answers = [l.to_json(r) for r in l.items(results)]
    return ['success' if answer == {'failure': '-1'} or answer is None else answer for answer in answers]


def write_list(scope, name, *texts):
    results = P()
    domain = None if scope == '@aa' else scope.encode()
    call(writeNamedList, scope == '@aa', domain, name.encode(), l.linked(value_of(t) for t in texts), c.byref(results))
    answers = [l.to_json(r) for r in l.items(results)]
    return ['success' if answer == {'failure': '-1'} or answer is None else answer for answer in answers]


def report(seconds):
    with arrived:
        if not arrived.wait_for(lambda: reports, float(seconds)):
            raise Failed('timeout')
        return reports.pop(0)


def conclude_():
    call(conclude)
    close(connection)
    forget()
    return {}


def abort_():
    call(abort)
    forget()
    return {}


deadline(float(options.get('deadline', '120')))
emit(event='ready', role='client')
serve_commands({
    'open': open_, 'identify': identify, 'status': status, 'names': names,
    'describe': lambda d, i: type_of(call(getAttributes, d.encode(), i.encode())),
    'read': lambda d, i: l.to_json(call(readVariable, d.encode(), i.encode())),
    'readElement': lambda d, i, n: l.to_json(call(readArrayElements, d.encode(), i.encode(), int(n), 0)),
    'readRange': lambda d, i, n, count: l.to_json(call(readArrayElements, d.encode(), i.encode(), int(n), int(count))),
    'readComponent': lambda d, i, name: l.to_json(call(readComponent, d.encode(), i.encode(), name.encode())),
    'readElementComponent': lambda d, i, n, name: l.to_json(call(readElementComponent, d.encode(), i.encode(), int(n), name.encode())),
    'readMany': lambda d, *i: l.to_json(call(readMultiple, d.encode(), pointers(i)))['array'],
    'pipeline': pipeline,
    'write': lambda d, i, v: write_result(call(writeVariable, d.encode(), i.encode(), value_of(v))),
    'writeElement': lambda d, i, n, v: write_result(call(writeArrayElements, d.encode(), i.encode(), int(n), 0, value_of(v))),
    'writeRange': lambda d, i, n, count, v: write_result(call(writeArrayElements, d.encode(), i.encode(), int(n), int(count), value_of(v))),
    'writeElementComponent': lambda d, i, n, name, v: write_result(
        call(writeElementComponent, d.encode(), i.encode(), int(n), name.encode(), value_of(v))),
    'writeMany': write_many, 'writeList': write_list,
    'readList': lambda scope, name: read_list(scope, name, False),
    'readListSpecified': lambda scope, name: read_list(scope, name, True),
    'defineList': define_list, 'listAttributes': list_attributes, 'deleteList': delete_list,
    'report': report, 'ended': ended, 'fileDirectory': file_directory,
    'files': files, 'fileRead': file_read, 'fileSend': file_send, 'journal': journal,
    'fileDelete': lambda name: call(fileDelete, name.encode()) or 'deleted',
    'fileRename': lambda old, new: call(fileRename, old.encode(), new.encode()) or 'renamed',
    'conclude': conclude_, 'abort': abort_,
})
