// What a killed process left is removed by whoever takes over its lock, and only then. Knows what `openStore` gives.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { openStore } from '../../../engine/store/records.ts';
import { ownFolder } from './samples.ts';

const left = [
	'card.json.4711',
	'format.json.new',
	'blobs/tmp/0b1c',
	'scanfiles/ab/bundle.json.4711.x8k2',
	'results/figure/plot.svg.4711.part',
	'work/3/1-0/trace.bin',
];
const others = ['scanfiles/ab/bundle.json', 'results/figure/plot.svg', 'work/2/index.jsonl', 'work/2/1-0/trace.bin'];

function put(folder: string, name: string, text = ''): void {
	mkdirSync(dirname(join(folder, name)), { recursive: true });
	writeFileSync(join(folder, name), text);
}

/** Who held a lock and has died. */
function dead(id: string): string {
	const { pid } = spawnSync(process.execPath, ['-e', '0']);
	return JSON.stringify({ id, pid, host: hostname(), user: '', since: 0, command: '' });
}

test('what a killed process left is removed by the next that writes; what is whole, or was to be kept, stays', async (t) => {
	const folder = ownFolder(t);
	await (await openStore({ folder, mode: 'write' })).close();
	for (const name of [...left, ...others]) put(folder, name);
	await (await openStore({ folder, mode: 'write' })).close();
	t.true(
		[...left, ...others].every((name) => existsSync(join(folder, name))),
		'after an orderly end nothing is looked for',
	);
	put(folder, 'lock', dead('one'));
	await (await openStore({ folder, mode: 'read' })).close();
	t.true(
		left.every((name) => existsSync(join(folder, name))),
		'who reads writes nothing',
	);
	await (await openStore({ folder, mode: 'write' })).close();
	t.deepEqual(
		left.filter((name) => existsSync(join(folder, name))),
		[],
	);
	t.true(others.every((name) => existsSync(join(folder, name))));
});

test('names of locks that died before they had one are removed; those of the living stay', async (t) => {
	const folder = ownFolder(t);
	put(folder, 'lock-one', dead('one'));
	put(folder, 'lock.two', dead('two'));
	put(folder, 'lock-half', '{"id":');
	put(folder, 'lock-three', dead('three').replace(/"pid":\d+/, `"pid":${process.pid}`));
	await (await openStore({ folder, mode: 'write' })).close();
	t.deepEqual(
		readdirSync(folder)
			.filter((name) => name.startsWith('lock'))
			.sort(),
		['lock-half', 'lock-three'],
		'one that is half written may be being written',
	);
});
