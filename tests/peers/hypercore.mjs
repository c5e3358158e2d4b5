// SPDX-License-Identifier: Apache-2.0
// hypercore: one signature a call of append, no fsync. As the programs of peer.h, with the folder
// of node_modules before their arguments: MODULES FOLDER EVENTS SINGLES HUNDREDS THOUSANDS.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const [modules, folder, path, ...counts] = process.argv.slice(2)
const Hypercore = createRequire(modules + '/')('hypercore')
const [singles, hundreds, thousands] = counts.map(Number)
const total = singles + hundreds * 100 + thousands * 1000
const lines = readFileSync(path, 'utf8').split('\n').slice(0, total)
const core = new Hypercore(folder + '/core', { valueEncoding: 'binary' })
await core.ready()

const rate = (count, begin) => (count / (performance.now() - begin)) * 1000
let next = 0
for (const [row, batches, size] of [['single', singles, 1], ['batch-100', hundreds, 100], ['batch-1000', thousands, 1000]]) {
  if (!batches) continue
  const begin = performance.now()
  for (let i = 0; i < batches; i++, next += size) {
    await core.append(lines.slice(next, next + size).map((line) => Buffer.from(line)))
  }
  console.log(row, rate(batches * size, begin).toFixed(1))
}

const kinds = new Map()
const lasts = new Map()
let begin = performance.now()
for (let i = 0; i < core.length; i++) {
  const event = JSON.parse((await core.get(i)).toString())
  kinds.set(event.kind, (kinds.get(event.kind) ?? 0) + 1)
  lasts.set(event.content.subject, event.content.value)
}
console.log('replay', rate(total, begin).toFixed(1))
await core.close()
console.log('memory', process.resourceUsage().maxRSS)
