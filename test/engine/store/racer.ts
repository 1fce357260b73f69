// A process that tries to take the lock of a folder at the moments it is told, `ROUND MILLISECONDS` a line, says whether
// it `got` it or was `refused`, and lets go on `release`.
import { createInterface } from 'node:readline';
import { type Lock, takeLock } from '../../../engine/store/lock.ts';

const folder = process.argv[2] ?? '';
console.log('ready');
let lock: Lock | undefined;
let round = '';

for await (const line of createInterface({ input: process.stdin })) {
	if (line === 'release') {
		lock?.release();
		lock = undefined;
		console.log(`released ${round}`);
		continue;
	}
	const [number = '', start = '0'] = line.split(' ');
	round = number;
	while (Date.now() < Number(start));
	try {
		lock = takeLock(folder, { command: 'race' });
		console.log(`${round} got`);
	} catch {
		console.log(`${round} refused`);
	}
}
