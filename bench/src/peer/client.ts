import type { MmsClient } from '@x/mms'
import { connect } from '@x/mms/node'
import { answerParent, cpuTime } from '../processes.js'
import type { Done, Task } from './protocol.js'

/** Our client: does each task that it is sent, on an association of its own, and says how often. */
const address = { host: '127.0.0.1', port: Number(process.argv[2]) }
answerParent('ready', async (task: Task): Promise<Done> => {
  const client = await connect({ ...address, initiate: { maxServOutstanding: 10 } })
  const begin = performance.now()
  const cpu = cpuTime()
  const count = await repeat(client, task, () => performance.now() - begin < 1_000 * task.seconds)
  const done = { count, seconds: (performance.now() - begin) / 1_000, cpu: (cpuTime() - cpu) / 1e6 }
  await client.close()
  return done
})

async function repeat(client: MmsClient, task: Task, goesOn: () => boolean): Promise<number> {
  let count = 0
  switch (task.task) {
    case 'read':
    case 'read ahead': {
      const name = `${task.domain}/${task.item}`
      const readOn = async () => {
        for (; goesOn(); count++) {
          const [result] = await client.read([name])
          if (result?.type !== 'success') throw new TypeError('a read failed')
        }
      }
      await Promise.all(Array.from({ length: 'outstanding' in task ? task.outstanding : 1 }, readOn))
      return count
    }
    case 'list':
      for (; goesOn(); count++) {
        const results = await client.readVariableList(`${task.domain}/${task.list}`)
        if (results.length !== task.members) throw new TypeError('members are missing')
      }
      return count
    case 'file': {
      do {
        let size = 0
        for await (const part of client.files.read(task.file)) size += part.length
        if (size !== task.size) throw new TypeError('octets of a file are missing')
        count += size / 1e6
      } while (goesOn())
      return count
    }
    case 'browse':
      do {
        const variables = await browse(client)
        if (variables !== task.variables) throw new TypeError(`${variables} variables`)
        count += 1
      } while (goesOn())
      return count
    default:
      throw new TypeError(`no task ${task.task}`)
  }
}

/** Names of all variables, then the type and the value of each, a request for each, as many at a time as were agreed. */
async function browse(client: MmsClient): Promise<number> {
  let count = 0
  for (const domain of await client.domainNames()) {
    const names = (await client.variableNames(domain)).values()
    const next = async () => {
      for (const item of names) {
        const name = `${domain}/${item}`
        const [{ typeDescription }, [value]] = await Promise.all([client.getVariableAccessAttributes(name), client.read([name])])
        if (typeDescription === undefined || value?.type !== 'success') throw new TypeError('a type or a value is missing')
        count += 1
      }
    }
    await Promise.all(Array.from({ length: client.maxOutstanding }, next))
  }
  return count
}
