"""The MMS client of icspacket under the commands of ../../README.md."""

import hashlib
import json
import os
import signal
import struct
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))

from adapter import Failed, NotOffered, arguments, deadline, emit, failure, integer, serve_commands  # noqa: E402
from bitarray import bitarray  # noqa: E402
from icspacket.proto.mms._mms import (  # noqa: E402
    FileName,
    AlternateAccess, AlternateAccessSelection, Conclude_RequestPDU, ConfirmedServiceRequest, Data,
    DefineNamedVariableList_Request, FloatingPoint, GetNameList_Request, MMSpdu, ObjectClass, ObjectName, Write_Request,
)
from icspacket.proto.mms.acse import PasswordAuth  # noqa: E402
from icspacket.proto.mms.connection import MMS_Connection  # noqa: E402
from icspacket.proto.mms.exceptions import MMSConnectionError, MMSServiceError, MMSUnknownServiceError  # noqa: E402
from icspacket.proto.mms.util import DomainSpecificName, VariableAccessItem, new_initiate_request  # noqa: E402

options = arguments(sys.argv[1:])
address = (options.get('host', '127.0.0.1'), int(options['port']))
connection = None
reports = []


def limited(call):
    """The library waits for ever: an alarm ends each call after 5 s. Its errors become class/code."""
    def run(*rest):
        signal.alarm(5)
        try:
            return call(*rest)
        except MMSConnectionError as reason:
            raise Failed(service_error(reason)) from None
        except MMSUnknownServiceError:
            raise Failed('reject/unrecognized-service') from None
        except MMSServiceError as reason:
            raise Failed(f'reject/{reason}') from None
        finally:
            signal.alarm(0)
    return run


def out_of_time(*_):
    raise Failed('timeout')


def service_error(reason):
    text = str(reason)
    if 'PR_' in text and 'V_' in text:
        error_class = text.split('PR_', 1)[1].split(':')[0].replace('_', '-')
        return f"{error_class}/{text.split('V_', 1)[1].split(chr(39))[0].replace('_', '-')}"
    if 'PR_others' in text:
        return 'others'
    return text


def on_unconfirmed(_connection, pdu):
    report = pdu.service.informationReport
    if report is None:
        return
    specification = report.variableAccessSpecification
    name = specification.variableListName
    domain, item = (None, None) if name is None else object_name(name)
    results = [result(report.listOfAccessResult[i]) for i in range(len(report.listOfAccessResult))]
    reports.append({'domain': domain, 'name': item, 'list': name is not None, 'value': {'array': results}})


def object_name(name):
    """domain or None or '@aa', and the item."""
    if name.present == ObjectName.PRESENT.PR_domain_specific:
        return text_of(name.domain_specific.domainID), text_of(name.domain_specific.itemID)
    if name.present == ObjectName.PRESENT.PR_aa_specific:
        return '@aa', text_of(name.aa_specific)
    return None, text_of(name.vmd_specific)


def text_of(identifier):
    return getattr(identifier, 'value', identifier)


def open_(*given):
    global connection
    wanted = dict(option.split('=', 1) for option in given)
    auth = PasswordAuth(wanted['password'], '1.1.1.999', 12) if 'password' in wanted else None
    connection = MMS_Connection(auth=auth, unconfirmed_cb=[on_unconfirmed])
    connection.associate(address, new_initiate_request(
        local_detail_calling=int(wanted.get('pdu', '65000')), **outstanding(wanted)))
    return {}


def outstanding(wanted):
    count = wanted.get('outstanding')
    return {} if count is None else {'max_serv_outstanding_calling': int(count), 'max_serv_outstanding_called': int(count)}


def named(domain, item):
    if domain == '@aa':
        return ObjectName(aa_specific=item)
    return ObjectName(domain_specific=DomainSpecificName(domainID=domain, itemID=item))


def variable(domain, item, *path):
    """A variable, narrowed by alternate access: each step of the path is an index, a (low, count) range or a component."""
    entry = VariableAccessItem()
    entry.variableSpecification.name = named(domain, item)
    if path:
        entry.alternateAccess = alternate(path)
    return entry


def alternate(path):
    head, *rest = path
    selection = AlternateAccessSelection()
    if rest:
        chosen = AlternateAccessSelection.selectAlternateAccess_TYPE()
        target = AlternateAccessSelection.selectAlternateAccess_TYPE.accessSelection_TYPE()
        select(target, head)
        chosen.accessSelection = target
        chosen.alternateAccess = alternate(rest)
        selection.selectAlternateAccess = chosen
    else:
        target = AlternateAccessSelection.selectAccess_TYPE()
        select(target, head)
        selection.selectAccess = target
    return AlternateAccess([AlternateAccess.Member_TYPE(unnamed=selection)])


def select(target, step):
    if isinstance(step, int):
        target.index = step
    elif isinstance(step, tuple):
        extent = type(target).indexRange_TYPE()
        extent.lowIndex, extent.numberOfElements = step
        target.indexRange = extent
    else:
        target.component = step


def floating(octets):
    return struct.unpack('>f' if octets[0] == 8 else '>d', octets[1:])[0]


def to_json(data):
    kind = data.present.name.removeprefix('PR_')
    value = getattr(data, kind)
    if kind in ('array', 'structure'):
        return {kind: [to_json(value[i]) for i in range(len(value))]}
    if kind == 'bit_string':
        return {'bit-string': bits(data.ber_encode())}
    if kind == 'floating_point':
        return {'floating-point': floating(value.value)}
    if kind in ('octet_string', 'utc_time', 'binary_time'):
        return {kind.replace('_', '-'): bytes(text_of(value)).hex()}
    if kind in ('integer', 'unsigned'):
        return {kind: integer(value)}
    return {kind.replace('_', '-'): text_of(value)}


def bits(encoded):
    """The library rounds a bit string up to octets; the number of unused bits is in its encoding (short ones only)."""
    content = bitarray()
    content.frombytes(encoded[3:])
    return content.to01()[:len(content) - encoded[2]]


def result(access):
    if access.success is not None:
        return to_json(access.success)
    return failure(int(access.failure.value))


def from_text(text):
    kind, _, rest = text.partition(':')
    data = Data()
    if kind in ('array', 'structure'):
        setattr(data, kind, [from_text(part) for part in json.loads(rest)])
    elif kind == 'boolean':
        data.boolean = rest == 'true'
    elif kind in ('integer', 'unsigned'):
        setattr(data, kind, int(rest))
    elif kind == 'floating-point':
        data.floating_point = FloatingPoint(b'\x08' + struct.pack('>f', float(rest)))
    elif kind == 'double':
        data.floating_point = FloatingPoint(b'\x0b' + struct.pack('>d', float(rest)))
    elif kind == 'bit-string':
        content = bitarray(rest).tobytes()  # setting it in place loses the number of unused bits
        return Data.ber_decode(bytes((0x84, len(content) + 1, -len(rest) % 8)) + content)
    elif kind in ('octet-string', 'utc-time'):
        setattr(data, kind.replace('-', '_'), bytes.fromhex(rest))
    elif kind == 'visible-string':
        data.visible_string = rest
    elif kind == 'mMSString':
        data.mMSString = rest
    else:
        raise ValueError(kind)
    return data


def names(kind, domain=''):
    scope = GetNameList_Request.objectScope_TYPE()
    if kind == 'domains':
        scope.vmdSpecific = None
    elif domain == '@aa':
        scope.aaSpecific = None
    else:
        scope.domainSpecific = domain
    number = {'domains': 9, 'variables': 0, 'lists': 2}[kind]
    request = GetNameList_Request()
    request.objectClass = ObjectClass(basicObjectClass=next(v for v in ObjectClass.basicObjectClass_VALUES if int(v) == number))
    request.objectScope = scope
    found = []
    while True:
        page = connection.service_request(ConfirmedServiceRequest(getNameList=request)).getNameList
        found += [text_of(page.listOfIdentifier[i]) for i in range(len(page.listOfIdentifier))]
        if page.moreFollows is False or len(page.listOfIdentifier) == 0:  # absent means TRUE
            return found
        request.continueAfter = found[-1]


def type_of(description):
    kind = description.present.name.removeprefix('PR_')
    value = getattr(description, kind)
    if kind == 'structure':
        found = {}
        for i in range(len(value.components)):
            member = value.components[i]
            found[text_of(member.componentName)] = type_of(member.componentType.typeDescription)
        return {kind: found}
    if kind == 'array':
        return {kind: type_of(value.elementType.typeDescription), 'count': int(text_of(value.numberOfElements))}
    if kind == 'floating_point':
        return {'floating-point': int(text_of(value.format_width)), 'exponent': int(text_of(value.exponent_width))}
    if kind in ('bit_string', 'integer', 'unsigned', 'octet_string', 'visible_string', 'mMSString'):
        return {kind.replace('_', '-'): int(text_of(value))}
    return {kind.replace('_', '-'): None}


def read(*items):
    return [result(found) for found in connection.read_variables(*items)]


def read_list(scope, name, specified):
    return [result(found) for found in connection.read_variables(list_name=named(scope, name), spec_in_result=specified)]


def write(pairs):
    """write_variable of the library takes one variable, so the request is built here and sent by its generic call."""
    request = Write_Request()
    request.variableAccessSpecification.listOfVariable = [item for item, _ in pairs]
    request.listOfData = [data for _, data in pairs]
    answers = connection.service_request(ConfirmedServiceRequest(write=request)).write
    return ['success' if answers[i].failure is None else failure(int(answers[i].failure.value)) for i in range(len(answers))]


def define_list(scope, name, *variables):
    connection.define_named_variable_list(named(scope, name), [named(*plain(v).split('/', 1)) for v in variables])
    return 'defined'


def plain(member):
    if '(' in member:
        raise NotOffered('its call for defining lists takes names only')
    return member


def list_attributes(scope, name):
    found = connection.variable_list_attributes(named(scope, name))
    members = []
    for i in range(len(found.listOfVariable)):
        members.append('/'.join(object_name(found.listOfVariable[i].variableSpecification.name)))
    return {'deletable': bool(found.mmsDeletable), 'members': members}


def delete_list(scope, name):
    return connection.delete_named_variable_list([named(scope, name)])[1] == 1


def pipeline(*_):
    raise NotOffered('one request at a time')


def report(_seconds):
    while not reports:
        pdu = connection.presentation.recv_encoded_data()
        if pdu.unconfirmed_PDU is None:
            raise Failed('an answer nobody waits for')
        on_unconfirmed(connection, pdu.unconfirmed_PDU)
    return reports.pop(0)


def ended(_seconds):
    """The library knows it when it next reads. What a server sends before the end, a conclude, it does not answer."""
    while True:
        try:
            connection.recv_mms_data()
        except Failed:
            raise
        except Exception:  # noqa: BLE001 – whatever the library throws, the association is gone
            return 'lost'


def files():
    return sorted([e.fileName[0], e.fileAttributes.sizeOfFile.value] for e in connection.list_directory())


def file_read(name):
    handle = connection.file_open(FileName([name]))
    try:
        octets = connection.file_read(handle)
    finally:
        connection.file_close(handle)
    return {'octets': len(octets), 'sha1': hashlib.sha1(octets).hexdigest()}


def file_send(size, name):
    with tempfile.TemporaryDirectory() as folder:
        with open(f'{folder}/source.bin', 'wb') as file:
            file.write(bytes(((i * 31) >> 3) & 0xff for i in range(int(size))))
        connection.obtain_file(f'{folder}/source.bin', name)
    return 'sent'


def file_delete(name):
    connection.file_delete(FileName([name]))
    return 'deleted'


def file_rename(old, new):
    connection.file_rename(FileName([old]), FileName([new]))
    return 'renamed'


def file_directory():
    connection.list_directory()
    return 'answered'


def conclude():
    """The library closes the socket after the conclude; the release that belongs there is asked of it by hand."""
    request = Conclude_RequestPDU()
    request.value = None
    connection.send_mms_data(MMSpdu(conclude_RequestPDU=request))
    answer = connection.recv_mms_data()
    if answer.present != MMSpdu.PRESENT.PR_conclude_ResponsePDU:
        raise Failed(f'conclude/{answer.present.name}')
    connection.release()
    return {}


def abort():
    connection.abort()
    return {}


signal.signal(signal.SIGALRM, out_of_time)
deadline(float(options.get('deadline', '120')))
emit(event='ready', role='client')
serve_commands({name: limited(call) for name, call in {
    'open': open_,
    'identify': lambda: dict(zip(('vendor', 'model', 'revision'), connection.identify(), strict=True)),
    'status': lambda: dict(zip(('logical', 'physical'), map(int, connection.get_status()), strict=True)),
    'names': names,
    'describe': lambda d, i: type_of(connection.variable_attributes(name=named(d, i)).typeDescription),
    'read': lambda d, i: read(variable(d, i))[0],
    'readElement': lambda d, i, n: read(variable(d, i, int(n)))[0],
    'readRange': lambda d, i, n, count: read(variable(d, i, (int(n), int(count))))[0],
    'readComponent': lambda d, i, name: read(variable(d, i, *name.split('$')))[0],
    'readElementComponent': lambda d, i, n, name: read(variable(d, i, int(n), *name.split('$')))[0],
    'readMany': lambda d, *items: read(*(variable(d, i) for i in items)),
    'readList': lambda scope, name: read_list(scope, name, False),
    'readListSpecified': lambda scope, name: read_list(scope, name, True),
    'pipeline': pipeline,
    'write': lambda d, i, v: write([(variable(d, i), from_text(v))])[0],
    'writeElement': lambda d, i, n, v: write([(variable(d, i, int(n)), from_text(v))])[0],
    'writeMany': lambda d, *p: write([(variable(d, i), from_text(v)) for i, v in zip(p[0::2], p[1::2], strict=True)]),
    'writeRange': lambda d, i, n, count, v: write([(variable(d, i, (int(n), int(count))), from_text(v))])[0],
    'writeElementComponent': lambda d, i, n, name, v: write([(variable(d, i, int(n), *name.split('$')), from_text(v))])[0],
    'defineList': define_list, 'listAttributes': list_attributes, 'deleteList': delete_list,
    'report': report, 'ended': ended, 'fileDirectory': file_directory,
    'files': files, 'fileRead': file_read, 'fileSend': file_send, 'fileDelete': file_delete, 'fileRename': file_rename,
    'conclude': conclude, 'abort': abort,
}.items()})
