import { connectTls, listenTls, type SecurityEvent } from '@x/tls'

// Certificate and key were made for this page, and everybody has them: never use them elsewhere. docs/guides/tls.md says how to make others.
const certificate = `-----BEGIN CERTIFICATE-----
MIIBSjCB8qADAgECAgEBMAoGCCqGSM49BAMCMBIxEDAOBgNVBAMTB2V4YW1wbGUw
IBcNMjYwMTAxMDAwMDAwWhgPMjEyNjAxMDEwMDAwMDBaMBIxEDAOBgNVBAMTB2V4
YW1wbGUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT2RteOR0EfMMJhLbGKZOur
8AIrhE7ZJztcIXsyDgzznfA72Elv3fk0ZvWUzLkdzXUvFCW7/cauUOcmg08q5YBY
ozcwNTAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwFAYDVR0RBA0wC4IJ
bG9jYWxob3N0MAoGCCqGSM49BAMCA0cAMEQCIDIdSjRSyPwix5qkmWjJULFnE9++
JbJydDpqBvhHoYltAiA/eWzK2FE4NDba81OjEjIlDVk086vvGDzJJn/9QbwVwg==
-----END CERTIFICATE-----`
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPFRSf0DpfQUWFHi8
oe3NYk6e85s4GplmmlWNxTtMYy+hRANCAAT2RteOR0EfMMJhLbGKZOur8AIrhE7Z
JztcIXsyDgzznfA72Elv3fk0ZvWUzLkdzXUvFCW7/cauUOcmg08q5YBY
-----END PRIVATE KEY-----`
const options = { host: '127.0.0.1', certificate, key, knownCertificates: [certificate] } // the only peers let in; with an authority: ca

await using server = await listenTls({ ...options, port: 0 }, channel => {
  channel.onData = octets => channel.write(octets) // an echo
})

const channel = await connectTls({ ...options, port: server.port })
channel.write(new TextEncoder().encode('hello'))
await new Promise<void>(resolve => {
  channel.onData = octets => resolve(console.log(new TextDecoder().decode(octets)))
})
const { protocol, peerCertificate, authorizedBy } = channel.security!
console.log(`${protocol} with ${peerCertificate.subject}, trusted by its ${authorizedBy}`)
channel.end()

const onSecurityEvent = (event: SecurityEvent) => console.log(`${event.severity} ${event.id}: ${event.text}`)
const stricter = { ...options, port: server.port, subjects: ['CN=somebody'], onSecurityEvent }
await connectTls(stricter).catch((error: Error) => console.log(error.name))
