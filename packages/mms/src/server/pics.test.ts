import { expect, test } from 'vitest'
import { model } from '../../test/pair.js'
import { picsOf } from './pics.js'
import { MmsServer } from './server.js'

const served = (server: MmsServer) =>
  picsOf(server)
    .confirmed.filter(service => service.served)
    .map(({ name }) => name)

test('a PICS names all 86 confirmed, 23 additional and 3 unconfirmed services, each once', () => {
  const { additional, confirmed, unconfirmed } = picsOf(new MmsServer({ model: model() }))
  expect([confirmed, additional, unconfirmed].map(services => new Set(services.map(({ name }) => name)).size)).toEqual([86, 23, 3])
})

test('M-04: a PICS states what has a handler, and nothing else', () => {
  const usual = served(new MmsServer({ model: model() }))
  expect(usual).toContain('read')
  expect(usual).not.toContain('takeControl')
  const changed = new MmsServer({
    model: model(),
    handlers: { read: false, takeControl: () => ({ reject: { type: 'confirmedRequestPDU', value: 'other' } }) },
  })
  expect(served(changed)).toEqual([...usual.filter(name => name !== 'read'), 'takeControl'].sort((a, b) => order(a) - order(b)))
})

test('M-04: a PICS tells the services that a server asks its clients for from those that it answers', () => {
  const { confirmed, additional } = picsOf(new MmsServer({ model: model(), services: 'all' }))
  const asked = [...confirmed, ...additional].filter(service => service.asked)
  expect(asked.map(({ name }) => name)).toEqual([
    'downloadSegment',
    'terminateDownloadSequence',
    'requestDomainDownload',
    'requestDomainUpload',
    'unitControlLoadSegment',
  ])
  expect(asked.some(service => service.served)).toBe(false)
  expect(picsOf(new MmsServer({ model: model() })).confirmed.some(service => service.asked)).toBe(false)
})

const order = (name: string) => picsOf(new MmsServer({ model: model() })).confirmed.findIndex(service => service.name === name)
