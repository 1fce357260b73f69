// A process that writes to a store as it is told on standard input, one line a deed: `commit N` records tasks up to N,
// `forget N` forgets the N-th, `collect N` keeps the first N alone, `halve N` every second of N, `churn N` writes the same
// fact N times.
import { createInterface } from 'node:readline';
import { openStore } from '../../../engine/store/records.ts';
import { batchOf, columnOf } from './samples.ts';

const store = await openStore({ folder: process.argv[2] ?? '', mode: 'write' });
console.log('opened');
let known = 0;

for await (const line of createInterface({ input: process.stdin })) {
	const [deed, text] = line.split(' ');
	const number = Number(text);
	if (deed === 'commit') {
		store.commit(batchOf('task', number).slice(known), []);
		known = number;
	}
	if (deed === 'forget') store.forget([batchOf('task', number)[number - 1]!.key]);
	if (deed === 'collect' || deed === 'halve') {
		const kept = batchOf('task', number).filter((_, i) => deed === 'collect' || i % 2 === 0);
		await store.collect({ reachable: [columnOf(kept)], now: 1_900_000_000_000, keepDays: 30 });
	}
	if (deed === 'churn') {
		for (let i = 0; i < number; i++) store.putFacts(new Map([['count', Buffer.from(String(i))]]));
		store.putFacts(new Map([['churned', Uint8Array.of(1)]]));
	}
	console.log(`done ${line}.`);
}
