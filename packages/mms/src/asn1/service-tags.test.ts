import { encode, type Type } from '@x/ber'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { confirmedServiceNames, serviceSupportBits } from '../service-names.js'
import { ConfirmedServiceRequest, ConfirmedServiceResponse, confirmedServices } from '../services.js'
import { arbitraryOf } from '../testing/arbitrary.js'
import { AdditionalServiceRequest, AdditionalServiceResponse } from './additional-service.js'

// biome-ignore lint/suspicious/noExplicitAny: a type of anything
type AnyType = Type<any>

/**
 * The services of ISO 9506-2:2003, written down a second time, from the tags that three published modules agree on: number, support bit,
 * name, and whether the element of the request and of the response is primitive (p) or constructed (c).
 */
const confirmed = `
0 0 status p c
1 1 getNameList c c
2 2 identify p c
3 3 rename c p
4 4 read c c
5 5 write c c
6 6 getVariableAccessAttributes c c
7 7 defineNamedVariable c p
8 8 defineScatteredAccess c p
9 9 getScatteredAccessAttributes c c
10 10 deleteVariableAccess c c
11 11 defineNamedVariableList c p
12 12 getNamedVariableListAttributes c c
13 13 deleteNamedVariableList c c
14 14 defineNamedType c p
15 15 getNamedTypeAttributes c c
16 16 deleteNamedType c c
17 17 input c p
18 18 output c p
19 19 takeControl c c
20 20 relinquishControl c p
21 21 defineSemaphore c p
22 22 deleteSemaphore c p
23 23 reportSemaphoreStatus c c
24 24 reportPoolSemaphoreStatus c c
25 25 reportSemaphoreEntryStatus c c
26 26 initiateDownloadSequence c p
27 27 downloadSegment p c
28 28 terminateDownloadSequence c p
29 29 initiateUploadSequence p c
30 30 uploadSegment p c
31 31 terminateUploadSequence p p
32 32 requestDomainDownload c p
33 33 requestDomainUpload c p
34 34 loadDomainContent c p
35 35 storeDomainContent c p
36 36 deleteDomain p p
37 37 getDomainAttributes p c
38 38 createProgramInvocation c p
39 39 deleteProgramInvocation p p
40 40 start c p
41 41 stop c p
42 42 resume c p
43 43 reset c p
44 44 kill c p
45 45 getProgramInvocationAttributes p c
46 46 obtainFile c p
47 47 defineEventCondition c p
48 48 deleteEventCondition c p
49 49 getEventConditionAttributes c c
50 50 reportEventConditionStatus c c
51 51 alterEventConditionMonitoring c p
52 52 triggerEvent c p
53 53 defineEventAction c p
54 54 deleteEventAction c p
55 55 getEventActionAttributes c c
56 56 reportEventActionStatus c p
57 57 defineEventEnrollment c p
58 58 deleteEventEnrollment c p
59 59 alterEventEnrollment c c
60 60 reportEventEnrollmentStatus c c
61 61 getEventEnrollmentAttributes c c
62 62 acknowledgeEventNotification c p
63 63 getAlarmSummary c c
64 64 getAlarmEnrollmentSummary c c
65 65 readJournal c c
66 66 writeJournal c p
67 67 initializeJournal c p
68 68 reportJournalStatus c c
69 69 createJournal c p
70 70 deleteJournal c p
71 71 getCapabilityList c c
72 72 fileOpen c c
73 73 fileRead p c
74 74 fileClose p p
75 75 fileRename c p
76 76 fileDelete c p
77 77 fileDirectory c c
78 - additionalService c c
80 85 getDataExchangeAttributes c c
81 86 exchangeData c c
82 87 defineAccessControlList c p
83 88 getAccessControlListAttributes c c
84 89 reportAccessControlledObjects c c
85 90 deleteAccessControlList p p
86 91 changeAccessControl c c
`
/** The services inside additionalService: number, name, form of the request and of the response. */
const additional = `
0 vMDStop p p
1 vMDReset p c
2 select c p
3 alterPI c p
4 initiateUCLoad p p
5 uCLoad p c
6 uCUpload c c
7 startUC c p
8 stopUC p p
9 createUC c p
10 addToUC c p
11 removeFromUC c p
12 getUCAttributes p c
13 loadUCFromFile c p
14 storeUCToFile c p
15 deleteUC p p
16 defineECL c p
17 deleteECL c p
18 addECLReference c p
19 removeECLReference c p
20 getECLAttributes c c
21 reportECLStatus c c
22 alterECLMonitoring c p
`
const rows = (text: string) =>
  text
    .trim()
    .split('\n')
    .map(line => line.split(' '))

/** Identifier octets of [tag] in that form. */
function identifier(tag: number, form: string): number[] {
  const first = form === 'c' ? 0xa0 : 0x80
  return tag < 31 ? [first | tag] : [first | 31, tag]
}

/** The first octets of some values of one alternative; all begin alike. */
function begins(choice: AnyType, name: string, type: AnyType): number[][] {
  const samples = fc.sample(arbitraryOf(type), { numRuns: 5, seed: 1 }) as unknown[]
  return samples.map(value => [...encode(choice, { type: name, value } as never).subarray(0, 2)])
}

function alternative({ shape }: AnyType, name: string): AnyType {
  if (shape.kind !== 'choice') throw new Error('not a CHOICE')
  return shape.alternatives.find(one => one.key === name)!.type()
}

describe('M-07: tags of the services', () => {
  test.each(rows(confirmed))('confirmed service %s, bit %s: %s', (tag, bit, name, request, response) => {
    const types = confirmedServices[name as keyof typeof confirmedServices]
    for (const [choice, type, form] of [
      [ConfirmedServiceRequest, types.request, request],
      [ConfirmedServiceResponse, types.response, response],
    ] as const) {
      const expected = identifier(Number(tag), form!)
      for (const first of begins(choice, name!, type)) expect(first.slice(0, expected.length)).toEqual(expected)
    }
    // The standard calls the service of tag 86 changeAccessControl and its bit alterAccessControl.
    const bitName = name === 'changeAccessControl' ? 'alterAccessControl' : name
    expect(serviceSupportBits[Number(bit)]).toBe(bit === '-' ? undefined : bitName)
  })

  test.each(rows(additional))('additional service %s: %s', (tag, name, request, response) => {
    for (const [choice, form] of [
      [AdditionalServiceRequest, request],
      [AdditionalServiceResponse, response],
    ] as const) {
      const type = alternative(choice, name!)
      const expected = identifier(Number(tag), form!)
      for (const first of begins(choice, name!, type)) expect(first.slice(0, expected.length)).toEqual(expected)
    }
  })

  test('none is left out', () => {
    expect(rows(confirmed).map(row => row[2])).toEqual(confirmedServiceNames.map(({ name }) => name))
    expect(rows(additional)).toHaveLength(23)
  })
})
