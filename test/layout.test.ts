import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import test from 'ava';

/** The project's folder: this file runs as dist/test/layout.test.js. */
const root = join(import.meta.dirname, '..', '..');

interface Source {
	/** Relative to the project's folder. */
	readonly path: string;
	readonly text: string;
	/** What it imports: a file of the project relative to the project's folder, or a package or `node:` module as written. */
	readonly imports: readonly string[];
}

// What code may import by: from '…', import '…', import('…'), require('…'), createRequire(import.meta.url)('…').
const specifier =
	/(?:\bfrom|\bimport|\b(?:import|require)\s*\(|createRequire\(import\.meta\.url\)\()\s*'([\w@.:/-]+)'/g;

function sourcesOf(room: string): Source[] {
	return readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.sort()
		.map((name) => {
			const path = join(room, name);
			const text = readFileSync(join(root, path), 'utf8');
			const imports = [...bare(text).matchAll(specifier)].map(([, what = '']) =>
				what.startsWith('.') ? relative(root, resolve(root, dirname(path), what)) : what,
			);
			return { path, text, imports };
		});
}

/** The text without comments. */
function bare(text: string): string {
	return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

const rules = sourcesOf('rules');
const engine = sourcesOf('engine');
const cli = sourcesOf('cli');
const sources = [...rules, ...engine, ...cli];
const all = [...sources, ...['test', 'bench', 'fixtures', 'tools'].flatMap(sourcesOf)];

const isOwn = (what: string) => what.endsWith('.ts');
const room = (path: string) => path.split('/')[0];

/** The imports that `isWrong`, as `file imports what`. */
const offences = (files: readonly Source[], isWrong: (what: string, file: Source) => boolean) =>
	files.flatMap((file) =>
		file.imports.filter((what) => isWrong(what, file)).map((what) => `${file.path} imports ${what}`),
	);

test('the sources are found, and their imports with them', (t) => {
	t.true(rules.length > 10 && engine.length > 30 && cli.length > 10);
	t.true(engine.every(({ path, imports }) => imports.length > 0 || !/\bimport\b/.test(path)));
	t.true(engine.find(({ path }) => path === 'engine/graph.ts')?.imports.includes('@dagrejs/graphlib'));
	t.true(engine.find(({ path }) => path === 'engine/run.ts')?.imports.includes('engine/bundle.ts'));
});

test('rules import themselves alone, and of Node node:crypto', (t) => {
	t.deepEqual(
		offences(rules, (what) => (isOwn(what) ? room(what) !== 'rules' : what !== 'node:crypto')),
		[],
	);
});

test('the engine imports rules and itself, never the command line', (t) => {
	t.deepEqual(
		offences(engine, (what) => isOwn(what) && !['rules', 'engine'].includes(room(what) ?? '')),
		[],
	);
});

test('nothing that is shipped imports a test, a benchmark or a fixture', (t) => {
	t.deepEqual(
		offences(sources, (what) => isOwn(what) && !['rules', 'engine', 'cli'].includes(room(what) ?? '')),
		[],
	);
});

test('workers import no store, whatever they import by way of others', (t) => {
	const byPath = new Map(sources.map((source) => [source.path, source]));
	const reached = new Map<string, string>();
	const open = engine.filter(({ path }) => path.startsWith('engine/workers/')).map(({ path }) => path);
	for (const path of open) {
		for (const what of byPath.get(path)?.imports ?? []) {
			if (!isOwn(what) || reached.has(what) || isTypeOnly(byPath.get(path)?.text ?? '', what)) continue;
			reached.set(what, path);
			open.push(what);
		}
	}
	t.deepEqual(
		[...reached].filter(([what]) => what.startsWith('engine/store/')),
		[],
	);
});

/** Whether a file imports nothing but types from another. */
function isTypeOnly(text: string, what: string): boolean {
	const name = (what.split('/').at(-1) ?? what).replace('.', '\\.');
	const found = [...bare(text).matchAll(new RegExp(`\\b(import|export)\\b([^;]*?)from '[^']*${name}'`, 'g'))];
	return found.length > 0 && found.every(([, , names = '']) => /^\s+type\b/.test(names));
}

test('each package is imported by exactly one file', (t) => {
	const users = new Map<string, string[]>();
	for (const { path, imports } of sources)
		for (const what of new Set(imports))
			if (!isOwn(what) && !what.startsWith('node:') && what !== 'scanmake')
				users.set(what, [...(users.get(what) ?? []), path]);
	t.deepEqual(
		[...users].filter(([, paths]) => paths.length > 1),
		[],
	);
	const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
		dependencies: Readonly<Record<string, string>>;
	};
	t.deepEqual([...users.keys()].sort(), Object.keys(dependencies).sort(), 'and what is imported is what is installed');
});

test('no source file has more than 300 lines', (t) => {
	t.deepEqual(
		sources.filter(({ text }) => text.trimEnd().split('\n').length > 300).map(({ path }) => path),
		[],
	);
});

test('every source file opens with a comment that says what it is', (t) => {
	t.deepEqual(
		sources.filter(({ text }) => !/^(#!.*\n)?\/\/ \S/.test(text)).map(({ path }) => path),
		[],
	);
});

test('nothing is of type any, and no rule of the compiler or the linter is switched off', (t) => {
	const isAny = /(?:[:<|&]|\bas|=>)\s*any\b|,\s*any\s*[>\]]|\bany\[\]/;
	const texts = all.map(({ path, text }) => ({
		path,
		code: bare(text).replace(/'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, "''"),
		text,
	}));
	t.deepEqual(
		texts.filter(({ code }) => isAny.test(code)).map(({ path }) => path),
		[],
	);
	const switches = /(?:^|[;{}),])\s*\/[/*]\s*@?(?:biome|ts)-(?:ignore|nocheck)/m;
	t.deepEqual(
		texts.filter(({ text }) => switches.test(text)).map(({ path }) => path),
		[],
	);
});
