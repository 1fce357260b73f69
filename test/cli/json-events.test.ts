import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { UserError } from '../../engine/errors.ts';
import type { EngineEvent } from '../../engine/events.ts';
import { output, report, scanmake, target } from './fake.ts';

/** A file of the project; empty where the sources are not beside dist. */
function text(file: string): string {
	const path = fileURLToPath(new URL(`../../../${file}`, import.meta.url));
	return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

const events: readonly EngineEvent[] = [
	{ kind: 'worked', what: 'load', seconds: 0.2, at: 1000.5 },
	{ kind: 'planned', targets: [{ name: 'spikes', rule: 'simulate', tasks: 2 }] },
	{ kind: 'notice', message: 'line one\nline two' },
];

const linesOf = (stdout: string): readonly Record<string, unknown>[] =>
	stdout
		.trimEnd()
		.split('\n')
		.map((line) => JSON.parse(line) as Record<string, unknown>);

test('--json-events writes each event as a line, between who speaks and the report of --json', async (t) => {
	const build = async () => report([target('spikes', { tasks: 2, ran: 2 })]);
	const { stdout, status, stderr } = await scanmake('spikes --json-events', { events, build });
	t.is(status, 0);
	const lines = linesOf(stdout);
	t.is(lines[0]?.['kind'], 'scanmake');
	t.is(lines[0]?.['command'], 'scanmake spikes --json-events');
	t.regex(String(lines[0]?.['version']), /^\d+\.\d+\.\d+/);
	t.deepEqual(lines.slice(1, -1), events);
	const json = await scanmake('spikes --json', { events, build });
	t.deepEqual(lines.at(-1), { kind: 'ended', report: JSON.parse(json.stdout) });
	t.is(stderr, json.stderr, 'a person reads the same');
});

test('the last line is there, and says why, where scanmake could not start', async (t) => {
	const fails = new UserError('scanfile', [{ message: 'zip has 3 and 4 values.', file: 'Scanfile.ts', line: 12 }]);
	const { stdout, status, stderr } = await scanmake('--json-events', { fails });
	t.is(status, 2);
	t.deepEqual(linesOf(stdout).at(-1), { kind: 'ended', report: { ok: false, problems: fails.problems } });
	t.is(stderr, 'Scanfile.ts:12: zip has 3 and 4 values.\n');
});

test('--json-events does not go with --json, nor --keep, --trace and --json-events with --dry-run', async (t) => {
	for (const [line, words] of [
		['--json --json-events', /both write to standard output; give one of them/],
		['--dry-run --json-events', /--json-events is about a build, and --dry-run runs nothing/],
		['--dry-run --keep', /--keep is about a build/],
		['--dry-run --trace x.json', /--trace is about a build/],
		['plan --json-events', /--json-events is no option of scanmake plan/],
		['--trace', /^--trace needs a value/],
	] as const) {
		const { status, stderr, stdout, asked } = await scanmake(line);
		t.is(status, 2, line);
		t.regex(line.includes('--json ') ? stdout : stderr, words, line);
		t.deepEqual(asked, [], line);
	}
});

test('a reader that has gone away stops neither the events nor the build', async (t) => {
	const stdout = output();
	stdout.stream.destroy();
	const { status, asked } = await scanmake('--json-events', { events }, { stdout });
	t.is(status, 0);
	t.deepEqual(asked, ['open write', 'build', 'close']);
});

test('docs/events.md has every kind of event with every field', (t) => {
	const source = text('engine/events.ts');
	const page = text('docs/events.md');
	if (source === '') return void t.pass('skipped: the sources are not beside dist');
	const union = source.slice(source.indexOf('export type EngineEvent'), source.indexOf('/** Takes events'));
	const parts = union.split(/\n\t\| /).slice(1);
	t.true(parts.length >= 8, 'the union is read');
	for (const part of parts) {
		const kind = /readonly kind: '([\w-]+)'/.exec(part)?.[1] ?? '';
		const row = page.split('\n').find((line) => line.startsWith(`| \`${kind}\` |`));
		t.truthy(row, `${kind} has a row`);
		for (const [, field = ''] of part.matchAll(/readonly (\w+)\??:/g)) {
			if (field === 'kind') continue;
			t.regex(row ?? '', new RegExp(`\\b${field}\\b`), `${kind}: ${field}`);
		}
	}
	for (const kind of ['scanmake', 'ended']) t.true(page.includes(`| \`${kind}\` |`), kind);
});

test('docs/events.md has every kind of failure with every field', (t) => {
	const source = text('engine/outcome.ts');
	const page = text('docs/events.md').split('## Failures')[1] ?? '';
	if (source === '') return void t.pass('skipped: the sources are not beside dist');
	const union = source.slice(source.indexOf('export type Failure'), source.indexOf('/** A file that a task wrote'));
	const parts = union.split(/\n\t\| /).slice(1);
	t.true(parts.length >= 18, 'the union is read');
	for (const part of parts) {
		const kind = /readonly kind: '([\w-]+)'/.exec(part)?.[1] ?? '';
		const row = page.split('\n').find((line) => line.startsWith(`| \`${kind}\` |`));
		t.truthy(row, `${kind} has a row`);
		for (const [, field = ''] of part.matchAll(/readonly (\w+)\??:/g))
			if (field !== 'kind') t.regex(row ?? '', new RegExp(`\\b${field}\\b`), `${kind}: ${field}`);
	}
});
