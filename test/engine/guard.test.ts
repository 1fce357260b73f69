// Files looked at again before results are recorded: what counts as changed, for which tasks, and how often is looked.
import { createHook } from 'node:async_hooks';
import { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { digestBytes } from '../../engine/digest.ts';
import { fileGuard } from '../../engine/guard.ts';
import type { KeyedFile } from '../../engine/inputs.ts';
import { stampOf } from '../../engine/stamp.ts';

function ground(t: ExecutionContext, { old = false } = {}) {
	const folder = mkdtempSync(join(tmpdir(), 'scanmake-guard-'));
	t.teardown(() => rmSync(folder, { recursive: true, force: true }));
	const file = (name: string): KeyedFile => {
		const path = join(folder, name);
		writeFileSync(path, name);
		return { name, path, digest: digestBytes(name) };
	};
	const [shared, a, b] = [file('shared'), file('a'), file('b')];
	const stamps = new Map([shared, a, b].map(({ path }) => [path, stampOf(statSync(path, { bigint: true }))]));
	const guard = fileGuard(
		(place) =>
			[
				{ shared: [shared], packages: [], own: undefined },
				{ shared: [], packages: [], own: (task: number) => (task === 0 ? [a] : [a, b]) },
			][place],
		{ stampOf: (path) => (old ? stamps.get(path) : undefined) },
	);
	return {
		guard,
		shared,
		path: (name: string) => join(folder, name),
		put: (name: string, text: string) => writeFileSync(join(folder, name), text),
		async look(place: number, ...tasks: readonly number[]) {
			await guard.turn();
			return guard.changed(place, () => tasks);
		},
	};
}

test('while no file changes nothing is said, and a rule without files is not looked at', async (t) => {
	for (const old of [true, false]) {
		const { look, guard } = ground(t, { old });
		t.is(await look(0, 0, 1), undefined);
		t.is(await look(1, 0, 1), undefined);
		t.is(await look(2, 0), undefined);
		t.false(guard.isSpoiled(0));
	}
});

test('a file of all tasks that has another content spoils the rule, for good', async (t) => {
	const { look, put, guard } = ground(t);
	put('shared', 'SHARED');
	t.deepEqual(await look(0, 4, 5), ['shared', 'shared']);
	t.true(guard.isSpoiled(0));
	put('shared', 'shared');
	t.deepEqual(await look(0, 6), ['shared'], 'what ran in between may have read the other content');
	t.false(guard.isSpoiled(1));
});

test('a file of single tasks that has changed counts for these alone', async (t) => {
	const { look, put, guard } = ground(t);
	put('b', 'B');
	t.deepEqual(await look(1, 0, 1, 0), [undefined, 'b', undefined]);
	t.false(guard.isSpoiled(1));
	put('a', 'A');
	t.deepEqual(await look(1, 0, 1), ['a', 'a']);
});

test('a file that is gone, or is none any more, has changed', async (t) => {
	const { look, path } = ground(t);
	rmSync(path('shared'));
	t.deepEqual(await look(0, 0), ['shared']);
	rmSync(path('b'));
	renameSync(path('a'), path('b'));
	t.deepEqual(await look(1, 1), ['a']);
});

test('a file that was only touched, or written anew with the same bytes, has not changed', async (t) => {
	const { look, path, put } = ground(t, { old: true });
	utimesSync(path('shared'), 1, 1);
	t.is(await look(0, 0), undefined);
	put('shared', 'shared');
	t.is(await look(0, 0), undefined);
});

test('a file that is younger than two seconds is read again, whatever its times say; an older one is not', async (t) => {
	for (const old of [true, false]) {
		const { look, shared } = ground(t, { old });
		t.is(await look(0, 0), undefined);
		// as if the file had changed without a trace in its times
		shared.digest.fill(0);
		t.deepEqual(await look(0, 0), old ? undefined : ['shared']);
	}
});

test('in one turn a file is looked at once, in the next one anew', async (t) => {
	const { guard, look, put } = ground(t);
	t.is(await look(0, 0), undefined);
	put('shared', 'other');
	t.is(await guard.changed(0, () => [1]), undefined);
	t.deepEqual(await look(0, 1), ['shared']);
});

test('tasks whose files look as they did cost no promise each', async (t) => {
	const { guard } = ground(t, { old: true });
	await guard.turn();
	const tasks = Array.from({ length: 10_000 }, (_, i) => i % 2);
	let promises = 0;
	const hook = createHook({
		init: (_, type) => {
			if (type === 'PROMISE') promises++;
		},
	}).enable();
	const changed = await guard.changed(1, () => tasks);
	hook.disable();
	t.is(changed, undefined);
	t.true(promises < 1000, `${promises} promises`);
});
