"""The libiec61850 server with the model of ../../model.json, built at run time. Speaks the line protocol of ../../README.md."""

import json
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import ctypes as c  # noqa: E402

import library as l  # noqa: E402
from adapter import arguments, deadline, emit, free_port  # noqa: E402
from library import B, I, P, S, U, f  # noqa: E402

ATTRIBUTE_TYPES = {name: number for number, name in enumerate((
    'BOOLEAN', 'INT8', 'INT16', 'INT32', 'INT64', 'INT128', 'INT8U', 'INT16U', 'INT24U', 'INT32U', 'FLOAT32', 'FLOAT64', 'Enum',
    'Octet64', 'Octet6', 'Octet8', 'VisString32', 'VisString64', 'VisString65', 'VisString129', 'VisString255', 'Unicode255',
    'Timestamp', 'Quality', 'Check', 'CodedEnum', 'GenericBitString', 'Constructed', 'EntryTime', 'PhyComAddr', 'Currency'))}
CONSTRAINTS = {name: number for number, name in enumerate(
    ('ST', 'MX', 'SP', 'SV', 'CF', 'DC', 'SG', 'SE', 'SR', 'OR', 'BL', 'EX', 'CO', 'US', 'MS', 'RP', 'BR', 'LG', 'GO'))}
DCHG, QCHG, GI = 1, 2, 16
ALLOW = 0

IedModel_create = f('IedModel_create', P, S)
LogicalDevice_create = f('LogicalDevice_create', P, S, P)
LogicalNode_create = f('LogicalNode_create', P, S, P)
DataObject_create = f('DataObject_create', P, S, P, I)
DataAttribute_create = f('DataAttribute_create', P, S, P, I, I, c.c_uint8, I, U)
Node_getChildWithIdx = f('ModelNode_getChildWithIdx', P, P, I)
DataSet_create = f('DataSet_create', P, S, P)
DataSetEntry_create = f('DataSetEntry_create', P, P, S, I, S)
ReportControlBlock_create = f('ReportControlBlock_create', P, S, P, S, B, S, U, c.c_uint8, c.c_uint8, U, U)
Config_create = f('IedServerConfig_create', P)
Config_setMaxMmsConnections = f('IedServerConfig_setMaxMmsConnections', None, P, I)
Server_create = f('IedServer_createWithConfig', P, P, P, P)
Server_setServerIdentity = f('IedServer_setServerIdentity', None, P, S, S, S)
Server_setWriteAccessPolicy = f('IedServer_setWriteAccessPolicy', None, P, I, I)
Server_setLocalIpAddress = f('IedServer_setLocalIpAddress', None, P, S)
Server_getAttributeValue = f('IedServer_getAttributeValue', P, P, P)
Server_start = f('IedServer_start', None, P, I)
Server_isRunning = f('IedServer_isRunning', B, P)
Server_stop = f('IedServer_stop', None, P)
Value_update = f('MmsValue_update', B, P, P)
Authenticator = c.CFUNCTYPE(c.c_bool, P, P, c.POINTER(P), P)
Server_setAuthenticator = f('IedServer_setAuthenticator', None, P, Authenticator, P)
Auth_getMechanism = f('AcseAuthenticationParameter_getAuthMechanism', I, P)
Auth_getPassword = f('AcseAuthenticationParameter_getPassword', S, P)
Auth_getPasswordLength = f('AcseAuthenticationParameter_getPasswordLength', I, P)

values = []  # (data attribute, path of element in it, type, value), set when the server exists


def attribute(name, parent, constraint, tree):
    """A leaf [type, value], an array leaf [type[n], values], a structure, or an array of structures {'[]': [...]}."""
    triggers = QCHG if name == 'q' else DCHG if constraint in ('ST', 'MX') and name != 't' else 0
    fc = CONSTRAINTS[constraint]
    if isinstance(tree, list):
        base, _, count = tree[0].rstrip(']').partition('[')
        node = DataAttribute_create(name.encode(), parent, ATTRIBUTE_TYPES[base], fc, triggers, int(count or 0), 0)
        values.append((node, base, tree[1], bool(count)))
        return
    elements = tree.get('[]')
    node = DataAttribute_create(name.encode(), parent, ATTRIBUTE_TYPES['Constructed'], fc, triggers, len(elements) if elements else 0, 0)
    if elements:
        for i, element in enumerate(elements):
            for child, leaf in element.items():
                DataAttribute_create(child.encode(), Node_getChildWithIdx(node, i), ATTRIBUTE_TYPES[leaf[0]], fc, 0, 0, 0)
        values.append((node, 'elements', elements, True))
    else:
        for child, sub in tree.items():
            attribute(child, node, constraint, sub)


def build(model):
    ied = IedModel_create(model['ied'].encode())
    for domain, nodes in model['domains'].items():
        device = LogicalDevice_create(domain.removeprefix(model['ied']).encode(), ied)
        for node_name, constraints in nodes.items():
            node = LogicalNode_create(node_name.encode(), device)
            objects = {}
            for constraint, tree in constraints.items():
                for name, attributes in tree.items():
                    if name not in objects:
                        objects[name] = DataObject_create(name.encode(), node, 0)
                    for attribute_name, sub in attributes.items():
                        attribute(attribute_name, objects[name], constraint, sub)
            lists_and_reports(model, domain, node_name, node)
    return ied


def lists_and_reports(model, domain, node_name, node):
    for name, members in model['lists'].get(domain, {}).items():
        owner, _, list_name = name.partition('$')
        if owner == node_name:
            data_set = DataSet_create(list_name.encode(), node)
            for member in members:
                DataSetEntry_create(data_set, member.encode(), -1, None)
    for name, report in model['reports'].get(domain, {}).items():
        owner, _, block = name.split('$')
        if owner == node_name:
            ReportControlBlock_create(
                block.encode(), node, report['rptId'].encode(), False, report['list'].partition('$')[2].encode(), report['confRev'],
                triggers(report['trgOps']), options(report['optFlds']), 0, 0)


def triggers(bits):
    """TrgOps of IEC 61850-8-1 (bit 1 data change … bit 5 general interrogation) as this library's mask."""
    return sum(1 << (i - 1) for i in range(1, 6) if bits[i] == '1')


def options(bits):
    """OptFlds of IEC 61850-8-1 (bit 1 sequence number … bit 8 configuration revision) as this library's mask."""
    return sum(1 << (i - 1) for i in range(1, 9) if bits[i] == '1')


TEXT = {'BOOLEAN': 'boolean', 'FLOAT32': 'floating-point', 'FLOAT64': 'double', 'Quality': 'bit-string', 'Timestamp': 'utc-time',
        'Unicode255': 'mMSString', 'Octet64': 'octet-string'}


def put(target, kind, value):
    if kind == 'Enum':
        kind = 'INT8'
    if kind.startswith('INT'):
        unsigned, bits = kind.endswith('U'), int(kind.strip('INTU'))
        setter = ('MmsValue_setUint' if unsigned else 'MmsValue_setInt') + str(bits)
        f(setter, None, P, getattr(c, f'c_{"u" if unsigned else ""}int{bits}'))(target, int(value))
        return
    text = 'true' if value is True else 'false' if value is False else str(value)
    if not Value_update(target, l.from_text(TEXT.get(kind, 'visible-string'), text)):
        raise SystemExit(f'cannot set a value of {kind}')


def fill(server):
    for node, kind, value, many in values:
        target = Server_getAttributeValue(server, node)
        if kind == 'elements':
            for i, element in enumerate(value):
                for j, leaf in enumerate(element.values()):
                    put(l.getElement(l.getElement(target, i), j), leaf[0], leaf[1])
        elif many:
            for i, element in enumerate(value):
                put(l.getElement(target, i), kind, element)
        else:
            put(target, kind, value)


Server_setFilestoreBasepath = f('IedServer_setFilestoreBasepath', None, P, S)


def authenticator(password):
    def accept(_parameter, authentication, _token, _application):
        if not authentication or Auth_getMechanism(authentication) != 1:
            return False
        given = Auth_getPassword(authentication)[:Auth_getPasswordLength(authentication)]
        return given == password.encode()
    return Authenticator(accept)


def main():
    options_given = arguments(sys.argv[1:])
    deadline(float(options_given.get('deadline', '300')))
    with open(options_given['model'], encoding='utf-8') as file:
        model = json.load(file)
    config = Config_create()
    Config_setMaxMmsConnections(config, 10)
    server = Server_create(build(model), None, config)
    fill(server)
    identity = model['identify']
    Server_setServerIdentity(server, identity['vendor'].encode(), identity['model'].encode(), identity['revision'].encode())
    Server_setLocalIpAddress(server, b'127.0.0.1')
    for constraint in model['writable']:
        Server_setWriteAccessPolicy(server, CONSTRAINTS[constraint], ALLOW)
    keep = authenticator(options_given['password']) if 'password' in options_given else None
    if keep:
        Server_setAuthenticator(server, keep, None)
    if 'files' in options_given:
        Server_setFilestoreBasepath(server, options_given['files'].encode() + b'/')
    port = int(options_given.get('port', '0')) or free_port()
    Server_start(server, port)
    if not Server_isRunning(server):
        emit(event='done', reason=f'the server does not start on port {port}')
        os._exit(3)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    emit(event='ready', role='server', port=port)
    for _ in sys.stdin:  # ends with whoever started it
        pass
    Server_stop(server)
    emit(event='done')
    time.sleep(0.05)
    os._exit(0)


main()
