// SPDX-License-Identifier: Apache-2.0
// ssb-db2: each event a signed message of one feed, each naming the one before. A batch is so many
// calls at once, answered when all are signed and handed to the log; the end of a row waits for the
// log to be written out. As the programs of peer.h, with the folder of node_modules before their
// arguments: MODULES FOLDER EVENTS SINGLES HUNDREDS THOUSANDS.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'

const [modules, folder, path, ...counts] = process.argv.slice(2)
const load = createRequire(modules + '/')
const caps = load('ssb-caps')
const { where, toAsyncIter } = load('ssb-db2/operators')
const [singles, hundreds, thousands] = counts.map(Number)
const total = singles + hundreds * 100 + thousands * 1000
const lines = readFileSync(path, 'utf8').split('\n').slice(0, total)
const keys = load('ssb-keys').generate()
const stack = load('secret-stack')({ caps }).use(load('ssb-db2')).call(null, { path: folder, keys })
const create = promisify(stack.db.create)
const flushed = () => new Promise((resolve) => stack.db.getLog().onDrain(resolve))

const rate = (count, begin) => (count / (performance.now() - begin)) * 1000
const publish = (line) => create({ content: { type: 'event', ...JSON.parse(line) } })
let next = 0
for (const [row, batches, size] of [['single', singles, 1], ['batch-100', hundreds, 100], ['batch-1000', thousands, 1000]]) {
  if (!batches) continue
  const begin = performance.now()
  for (let i = 0; i < batches; i++, next += size) {
    await Promise.all(lines.slice(next, next + size).map(publish))
  }
  await flushed()
  console.log(row, rate(batches * size, begin).toFixed(1))
}

const all = () => stack.db.query(where(null), toAsyncIter())
const kinds = new Map()
const lasts = new Map()
let begin = performance.now()
for await (const { value: { content } } of all()) {
  kinds.set(content.kind, (kinds.get(content.kind) ?? 0) + 1)
  lasts.set(content.content.subject, content.content.value)
}
console.log('replay', rate(total, begin).toFixed(1))

const values = []
for await (const message of all()) values.push(message.value)
values.sort((a, b) => a.sequence - b.sequence)
const format = stack.db.findFeedFormatByName('classic')
begin = performance.now()
await promisify(format.validateBatch)(values, null, null)
console.log('verify', rate(values.length, begin).toFixed(1))
if (values.length !== total) throw new Error(`${values.length} messages came back of ${total}`)
await promisify(stack.close)(true)
console.log('memory', process.resourceUsage().maxRSS)
process.exit(0)
