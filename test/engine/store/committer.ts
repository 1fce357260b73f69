// A process that writes to a store until it is killed or its disk is full. Each line it prints is a promise:
// "committed N": tasks 0 … N-1 are recorded; "swept N": the sweep named N tells of the first N tasks.
// Arguments: folder, number of the first task, size of a commit, bytes of a log beside each result.

import { writeSync } from 'node:fs';
import { UserError } from '../../../engine/errors.ts';
import { openStore } from '../../../engine/store/records.ts';
import { batchOf, columnOf, digestOf } from './samples.ts';

const [folder = '', first = '0', size = '100', logBytes = '0'] = process.argv.slice(2);
const say = (line: string) => writeSync(1, `${line}\n`);

try {
	const store = await openStore({ folder, mode: 'write', command: 'commit for ever' });
	say('opened');
	const all = batchOf('task', Number(first));
	for (let round = 0; ; round++) {
		const batch = batchOf('task', all.length + Number(size), { log: 'x'.repeat(Number(logBytes)) }).slice(all.length);
		store.commit(batch, []);
		all.push(...batch);
		say(`committed ${all.length}`);
		if (round % 3 === 2) {
			const sweep = { generation: store.generation(), tasks: all.length, digest: digestOf(`${all.length}`), usedAt: 1 };
			store.putSweep(digestOf(`sweep ${all.length}`), sweep, columnOf(all));
			say(`swept ${all.length}`);
		}
	}
} catch (error) {
	if (!(error instanceof UserError)) throw error;
	say(`${error.kind}: ${error.message}`);
}
