// Which files count, against a model: drawn shell lines, drawn files, drawn edits.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { list, shell } from '../../rules/index.ts';
import { type AnyWord, programProblems } from '../../rules/recipe.ts';
import { seeded } from '../seeded.ts';
import { put, ruleOf, standsOf } from './keyed.ts';

const names = ['a', 'b', 'd/a', 'd/b'] as const;

/** A piece of a shell line, and what it makes of a set: files that it reads, and files that it writes to. */
interface Piece {
	readonly text: readonly string[];
	readonly words: readonly AnyWord[];
	read?(set: Row): string[];
	written?: readonly string[];
}

interface Row {
	readonly f: string;
	readonly g?: string;
}

const rows: readonly Row[] = [{ f: 'a', g: 'd/a' }, { f: 'a' }, { f: 'b', g: 'b' }, { f: 'b' }];
const f: AnyWord = { kind: 'param', name: 'f' };
const g: AnyWord = { kind: 'given', name: 'g', words: [{ kind: 'param', name: 'g' }] };

const pieces = (name: string): readonly Piece[] => [
	{ text: [`cat ${name}; `], words: [], read: () => [name] },
	{ text: [`cat "./${name}"; `], words: [], read: () => [name] },
	{ text: [`X='${name}' true; `], words: [], read: () => [name] },
	{ text: [`sort <${name} | cat; `], words: [], read: () => [name] },
	{ text: [`echo $(cat ${name})\n`], words: [], read: () => [name] },
	{ text: [`true # ${name}\n`], words: [] },
	{ text: [`cat <<E\n${name}\nE\n`], words: [] },
	{ text: [`echo ${name}x x${name} '${name}x y'; `], words: [] },
	{ text: [`sh -c 'cat ${name}'; `], words: [], read: () => [name] },
	{ text: [`date >${name}; `], words: [], written: [name] },
	{ text: [`date 2>> "${name}"; `], words: [], written: [name] },
	{ text: ['cat ', '; '], words: [f], read: (set) => [set.f] },
	{ text: ['cat d/', '; '], words: [f], read: (set) => [`d/${set.f}`] },
	{ text: ['cat ', '; '], words: [g], read: (set) => (set.g === undefined ? [] : [set.g]) },
	{ text: ['date > ', '; '], words: [f], written: ['a', 'b'] },
	{ text: ['cat < ', '; '], words: [name], read: () => [name] },
	{ text: ['cat > ', '; '], words: [{ kind: 'out', name: 'a' }] },
];

test('which keys an edit changes is as a model of drawn shell lines says', async (t) => {
	const state = fc.record(Object.fromEntries(names.map((name) => [name, fc.constantFrom(undefined, '1', '2')])));
	const piece = fc
		.tuple(fc.constantFrom(...names), fc.nat(pieces('').length - 1))
		.map(([name, i]) => pieces(name)[i] as Piece);
	await fc.assert(
		fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 4 }), state, state, async (line, before, after) => {
			const folder = mkdtempSync(join(tmpdir(), 'scanmake-inputs-'));
			try {
				const written = new Set(line.flatMap((one) => one.written ?? []));
				const inputsOf = (set: Row, files: Readonly<Record<string, string | undefined>>) => {
					const shared = line.flatMap((one) => one.read?.(set) ?? []).filter((name) => !written.has(name));
					return [...new Set(shared)]
						.sort()
						.flatMap((name) => (files[name] === undefined ? [] : [[name, files[name]]]));
				};
				const raw = line.reduce<string[]>(
					(text, one) => [...text.slice(0, -1), (text.at(-1) ?? '') + one.text[0], ...one.text.slice(1)],
					[''],
				);
				const words = line.flatMap((one) => one.words);
				const made = shell(Object.assign([...raw], { raw }), ...(words as never[]));
				t.deepEqual(programProblems(made as never), []);
				const rule = ruleOf(made, list(rows as never));
				const show = async (files: Readonly<Record<string, string | undefined>>) => {
					for (const name of names) rmSync(join(folder, name), { force: true });
					put(
						folder,
						Object.fromEntries(Object.entries(files).flatMap(([name, text]) => (text ? [[name, text]] : []))),
					);
					return standsOf(folder, rule);
				};
				const [old, now] = [await show(before), await show(after)];
				const expected = rows.map(
					(set) => JSON.stringify(inputsOf(set, before)) !== JSON.stringify(inputsOf(set, after)),
				);
				const found = rows.map((_, row) => old.keys[row] !== now.keys[row]);
				t.deepEqual(found, expected, JSON.stringify({ raw, before, after }));
				t.is(old.sweep !== now.sweep, expected.includes(true));
			} finally {
				rmSync(folder, { recursive: true, force: true });
			}
		}),
		seeded(150),
	);
});
