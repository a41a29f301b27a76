import { fileURLToPath } from 'node:url'
import { tpduSizes } from './association-steps.js'

/** What starts an adapter. */
export interface StartOptions {
  /** Path of model.json. */
  readonly model: string
  /** Path of the model as SCL, and of its values. */
  readonly scl: string
  readonly values: string
  /** Port to listen on, or to call. */
  readonly port: number
  readonly password?: string
  /** Largest TPDU of the server, in octets. */
  readonly tpdu?: number
  /** Folder of the files that the server shows. */
  readonly files?: string
  /** Seconds until the adapter ends itself. */
  readonly deadline: number
}

/** Another implementation, by the name of its package. */
export interface Peer {
  readonly name: string
  /** Package and version, as a package manager spells it. */
  readonly packaged: string
  /** Programs that must be on the machine. */
  readonly needs: readonly string[]
  /** Commands that install it into `folder`, in order; run only when `installed` is false. */
  readonly install: (folder: string) => readonly (readonly string[])[]
  /** A file below `folder` that is there when it is installed; a `*` stands for the rest of a name. Empty when nothing needs installing. */
  readonly proof: string
  /** Commands run every time, after installing. */
  readonly prepare?: (folder: string) => readonly (readonly string[])[]
  readonly server?: Role
  readonly client?: Role
}

/** One side of a peer. */
export interface Role {
  readonly command: (folder: string, options: StartOptions) => readonly string[]
  /** Step or service it is known not to have, with the reason: shown as not offered, not tried. */
  readonly lacks: { readonly [stepOrService: string]: string }
}

const here = (path: string): string => fileURLToPath(new URL(`./peers/${path}`, import.meta.url))
const common = (options: StartOptions): string[] => ['--port', String(options.port), '--deadline', String(options.deadline)]
const password = (options: StartOptions): string[] => (options.password === undefined ? [] : ['--password', options.password])
const files = (options: StartOptions): string[] => (options.files === undefined ? [] : ['--files', options.files])
const pip = (packaged: string) => (folder: string) => [
  ['python3', '-m', 'venv', folder],
  [`${folder}/bin/pip`, 'install', '--quiet', '--disable-pip-version-check', '--prefer-binary', packaged],
]

const fixedTpdu = 'its TPDU size is fixed'
const notSettable = 'the adapter does not set it'

const libiec61850: Peer = {
  name: 'libiec61850',
  packaged: 'pyiec61850-ng==1.6.1.10',
  needs: ['python3', 'python3-venv'],
  install: pip('pyiec61850-ng==1.6.1.10'),
  proof: 'lib/*/site-packages/pyiec61850',
  server: {
    command: (folder, options) => [
      `${folder}/bin/python`,
      here('libiec61850/server.py'),
      '--model',
      options.model,
      ...common(options),
      ...password(options),
      ...files(options),
    ],
    lacks: {
      'server TPDU 256': fixedTpdu,
      'write-structure': 'no writes of whole data objects',
      unsupported: 'it has the service',
      journal: 'it has journals only with a database',
      'file-rename': 'switched off in how it is built',
      'file-directory-after': 'no renamed file',
    },
  },
  client: {
    command: (folder, options) => [`${folder}/bin/python`, '-B', here('libiec61850/client.py'), ...common(options)],
    lacks: { 'TPDU sizes': fixedTpdu },
  },
}

const namesOnly = 'its call for defining lists takes names only'

const icspacket: Peer = {
  name: 'icspacket',
  packaged: 'icspacket==0.3.1',
  needs: ['python3', 'python3-venv'],
  install: pip('icspacket==0.3.1'),
  proof: 'lib/*/site-packages/icspacket',
  client: {
    command: (folder, options) => [`${folder}/bin/python`, '-B', here('icspacket/client.py'), ...common(options)],
    lacks: {
      selectors: notSettable,
      'TPDU sizes': notSettable,
      'file-read-parts': 'its call goes on where moreFollows is sent; a server here leaves out what is the default',
      'obtain-parts': 'it sends a file in one part',
      'obtain-parts-read': 'it sends a file in one part',
      'file-delete': 'it sends a file in one part',
      'obtain-existing': 'what it does after a refusal is not defined',
      readJournal: 'no such call in the library',
      'list-define-element': namesOnly,
      'list-attributes-element': namesOnly,
      'list-read-element': namesOnly,
      'list-delete-element': namesOnly,
    },
  },
}

const node = (script: string): string[] => [process.execPath, '--conditions=source', '--import', import.meta.resolve('tsx'), here(script)]

const ours: Peer = {
  name: 'ours',
  packaged: 'this repository',
  needs: [],
  install: () => [],
  proof: '',
  server: {
    command: (_, options) => [
      ...node('ours/server.ts'),
      '--model',
      options.model,
      ...common(options),
      ...password(options),
      ...files(options),
      ...(options.tpdu === undefined ? [] : ['--tpdu', String(options.tpdu)]),
    ],
    lacks: {},
  },
  client: {
    command: (_, options) => [...node('ours/client.ts'), ...common(options)],
    lacks: {},
  },
}

const noConstraints = 'no reads of functional constraints'
const ownSelectors = 'it takes no selectors but its own'
const largeModel = 'it reads the model by getVariableAccessAttributes of whole logical nodes, whose answers are larger'
const javaPath = (folder: string): string => `${folder}/classes:${folder}/lib/*`

/** By the name that its packages had up to 1.8: those of 1.9 are not in every registry. */
const iec61850bean: Peer = {
  name: 'iec61850bean',
  packaged: 'com.beanit:openiec61850:1.8.0',
  needs: ['java', 'javac', 'mvn'],
  install: folder => [
    [
      'mvn',
      '-q',
      '-B',
      '-U',
      '-Dstyle.color=never',
      '-f',
      here('iec61850bean/pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${folder}/lib`,
    ],
  ],
  proof: 'lib/openiec61850*',
  prepare: folder => [
    [
      'javac',
      '-d',
      `${folder}/classes`,
      '-cp',
      `${folder}/lib/*`,
      ...['Lines', 'Values', 'Server', 'Client'].map(name => here(`iec61850bean/${name}.java`)),
    ],
  ],
  server: {
    command: (folder, options) => [
      'java',
      '-cp',
      javaPath(folder),
      'Server',
      '--scl',
      options.scl,
      '--values',
      options.values,
      ...common(options),
    ],
    lacks: {
      password: 'the server has no authentication',
      'files and journals': 'no file services, no journals',
      'server TPDU 256': fixedTpdu,
      'associate-selectors-custom': ownSelectors,
      'read-selectors-custom': ownSelectors,
      'associate-selectors-long': ownSelectors,
      'read-selectors-long': ownSelectors,
      'read-62-kB': noConstraints,
      'read-over-65000': noConstraints,
      ...Object.fromEntries(tpduSizes.map(size => [`read-large-tpdu-${size}`, noConstraints])),
      unsupported: 'announced, but requests are not answered',
      identify: 'announced, but requests are not answered',
      status: 'announced, but requests are not answered',
      conclude: 'not served: the connection is closed instead',
      'names-unknown-domain': 'answered with an empty list',
      'read-structure-of-structures': noConstraints,
      'read-large': noConstraints,
      'read-range': 'no alternate access but by index',
      'read-component': 'no alternate access but by index',
      'read-element-component': 'no alternate access but by index',
      'list-read': 'only with specificationWithResult',
      'list-read-domain': 'only with specificationWithResult',
      'list-define-association': 'only names that begin with @',
      'list-attributes-association': 'only names that begin with @',
      'list-read-association': 'only with specificationWithResult',
      'list-read-specified-association': 'only names that begin with @',
      'list-delete-association': 'only names that begin with @',
      'list-read-element': 'no elements of arrays in lists',
      'write-range': 'the connection is closed instead',
      'write-element-component': 'not answered',
      'list-define-unknown-member': 'not served',
    },
  },
  client: {
    command: (folder, options) => ['java', '-cp', javaPath(folder), 'Client', ...common(options)],
    lacks: {
      selectors: 'S-selectors have two octets, and it wants 00 01 back whatever it sent',
      'small PDU': largeModel,
      'PDU sizes': largeModel,
      'files and journals': 'the adapter does not drive its file calls yet; it has none for journals',
    },
  },
}

/** What two peers do not manage with each other, by `client → server` and step: not offered, and not our matter. */
export const between: { readonly [pair: string]: { readonly [step: string]: string } } = {
  'libiec61850 → iec61850bean': { 'associate-selectors-absent': ownSelectors, 'read-selectors-absent': ownSelectors },
  'icspacket → iec61850bean': { 'list-write': 'no such call in the client' },
  'iec61850bean → libiec61850': { 'list-read-specified-association': 'the client does not read the name the answer repeats' },
}

/** Every peer there is an adapter for. */
export const peers: readonly Peer[] = [ours, libiec61850, icspacket, iec61850bean]
