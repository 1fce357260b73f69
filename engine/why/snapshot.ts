// What a build leaves for `why`, by the name of each rule: the text that all its keys begin with and what it is made of,
// its rows, and where the keys are. A few kilobytes a build; nothing for a task beyond what sweeps keep anyway.
// Written at the end of a build, where it differs. Knows nothing of how two of them are compared.
import { inspect } from 'node:util';
import { isProgram } from '../../rules/recipe.ts';
import type { Rule } from '../../rules/rule.ts';
import type { Part } from '../code/reach.ts';
import { digestBytes, hex } from '../digest.ts';
import { UserError } from '../errors.ts';
import { filesText, taskFiles } from '../inputs.ts';
import type { OpenedScan } from '../opened.ts';
import type { Plan } from '../plan.ts';
import type { Standings } from '../standing.ts';
import type { Store } from '../store/store.ts';
import { encodeValue } from '../value.ts';
import { shapeBytes, stateBytes, textBytes, textsOf } from './shape.ts';

/** Where the keys of a rule's tasks are: all of them in a sweep, or those that were done, and the state of each. */
export type KeyPlace =
	| { readonly kind: 'sweep'; readonly name: string }
	| { readonly kind: 'reached'; readonly name: string; readonly states: string };

/** A rule's rows and keys, as its consumers need them, too. */
export interface RowsPlace {
	/** The digest of its rows. */
	readonly shape: string;
	readonly keys: KeyPlace;
}

/** By name: what the digests of scripts are made of. */
export type Scripts = Readonly<Record<string, readonly Part[]>>;

/** An input as it was: its rows, and the column with what was known of its rule. */
export interface InputPlace extends RowsPlace {
	readonly name: string;
	readonly rule: string;
	/** Missing in what older versions left. */
	readonly known?: string;
}

/** A rule as the last build left it. */
export interface RuleSnapshot extends RowsPlace {
	readonly format: typeof snapshotFormat;
	readonly rule: Rule['kind'];
	readonly by: readonly string[];
	readonly prefix: string;
	/** The name of the function that was given as `run`; empty for a program. */
	readonly run: string;
	readonly parts: readonly Part[];
	/** Plain values in `uses` as people read them, by their digest. */
	readonly values: Readonly<Record<string, string>>;
	/** Scripts that a command names, with what they reach. Missing in what older versions left. */
	readonly scripts?: Scripts;
	readonly inputs: readonly InputPlace[];
	/** The column with the text of the files that each task's parameters name; undefined: none does. */
	readonly files?: string;
	/** The build's number; 0 where it had nothing to do and was not recorded. */
	readonly build: number;
}

/** Raised when snapshots are written differently: older ones count as missing. */
const snapshotFormat = 1;

/** What a build works on. */
export interface Ground {
	readonly scan: OpenedScan;
	readonly stands: Standings;
	readonly store: Store;
}

/** How a build ended, as far as its rules are concerned. */
export interface Ended {
	/** Undefined: there was nothing to do. */
	readonly planned: Plan | undefined;
	/** Names of the sweeps of finished rules. */
	sweepNameOf(place: number): Uint8Array | undefined;
	readonly build: number;
}

/** Leaves what `why` will compare with. On a full disk nothing is left: results matter more. */
export function leaveSnapshots(ground: Ground, places: readonly number[], ended: Ended): void {
	const { scan, store } = ground;
	const left = new Map<number, Left>();
	const facts = new Map<string, Uint8Array>();
	try {
		for (const place of places) {
			const columns = new Map<string, () => Uint8Array>();
			const body = bodyOf(ground, place, ended, { left, columns });
			if (body === undefined) continue;
			const digest = digestBytes(JSON.stringify(body));
			const text = (): string => {
				const values = shownValues(scan.rules[place] as Rule);
				const scripts = scriptsOf(ground.stands, place);
				return JSON.stringify({ ...body, values, scripts, build: ended.build } satisfies RuleSnapshot);
			};
			const known = `rule ${hex(digest)}`;
			left.set(place, { rows: { shape: body.shape, keys: body.keys, known }, text, columns });
			const name = scan.nameOf(place);
			const before = store.fact(lastFact(name));
			if (before !== undefined && Buffer.compare(before, digest) === 0) continue;
			store.putSnapshot(name, { text: text(), columns: [...columns.keys()] }, columns);
			facts.set(lastFact(name), digest);
		}
		if (facts.size > 0) store.putFacts(facts);
	} catch (error) {
		if (!(error instanceof UserError && error.kind === 'disk')) throw error;
	}
}

/** What was left of one rule, with all columns that it speaks of. */
interface Left {
	readonly rows: RowsPlace & { readonly known: string };
	readonly text: () => string;
	readonly columns: ReadonlyMap<string, () => Uint8Array>;
}

/** What was left so far, and the columns that this rule's snapshot speaks of. */
interface Gathered {
	readonly left: ReadonlyMap<number, Left>;
	readonly columns: Map<string, () => Uint8Array>;
}

function bodyOf(
	{ scan, stands }: Ground,
	place: number,
	ended: Ended,
	{ left, columns }: Gathered,
): Omit<RuleSnapshot, 'values' | 'scripts' | 'build'> | undefined {
	const rule = scan.rules[place] as Rule;
	const shape = stands.shapeOf(place);
	const keys = keyPlace(ended, place, stands, columns);
	if (keys === undefined) return undefined;
	columns.set(shapeColumn(shape), () => shapeBytes(scan.expansion.layout(place)));
	const inputs = scan.inputsOf(place).flatMap(({ name, place: upstream }) => {
		const known = left.get(upstream);
		if (known === undefined) return [];
		// why an upstream task ran again is asked when its own rule has been left anew: it is left here, too, as it was
		for (const [column, make] of known.columns) columns.set(column, make);
		columns.set(known.rows.known, () => textBytes(1, known.text));
		return [{ name, rule: scan.nameOf(upstream), ...known.rows }];
	});
	return {
		...{ format: snapshotFormat, rule: rule.kind, by: rule.by ?? [], prefix: stands.prefixOf(place), shape, keys },
		run: runName(rule),
		parts: scan.loaded.identities[place]?.parts ?? [],
		inputs,
		...filesColumn(scan, place, stands, columns),
	};
}

function filesColumn(
	scan: OpenedScan,
	place: number,
	stands: Standings,
	columns: Map<string, () => Uint8Array>,
): Pick<RuleSnapshot, 'files'> {
	const { made } = stands.filesOf(place);
	const { recipe } = scan.rules[place] as Rule;
	if (made.size === 0 || !isProgram(recipe)) return {};
	// the words and the rows say which task has which of them
	const all = `${stands.prefixOf(place)}${stands.shapeOf(place)} ${filesText([...made.values()].flat())}`;
	const files = `files ${hex(digestBytes(all))}`;
	columns.set(files, () => {
		const layout = scan.expansion.layout(place);
		const own = taskFiles(recipe, made, layout);
		return textBytes(layout.size, (row) => own?.(row).text ?? '');
	});
	return { files };
}

/** The snapshot of a rule; undefined: none, a damaged one or one of another format. */
export function snapshotOf(store: Store, name: string): RuleSnapshot | undefined {
	return readSnapshot(store.snapshot(name)?.text);
}

/** The snapshot of an input's rule as it was for who took the input. */
export function snapshotOfInput(store: Store, { known }: InputPlace): RuleSnapshot | undefined {
	const bytes = known === undefined ? undefined : store.snapshotColumn(known);
	return readSnapshot(bytes && textsOf(bytes)?.(0));
}

function readSnapshot(text: string | undefined): RuleSnapshot | undefined {
	if (text === undefined) return undefined;
	const snapshot = JSON.parse(text) as RuleSnapshot;
	return snapshot.format === snapshotFormat ? snapshot : undefined;
}

/** The name under which the rows of a shape are kept. */
export function shapeColumn(shape: string): string {
	return `shape ${shape}`;
}

// Says which snapshot was the last: all that a build with nothing to do looks at.
const lastFact = (name: string): string => `snapshot ${name}`;

function keyPlace(
	{ planned, sweepNameOf }: Ended,
	place: number,
	stands: Standings,
	columns: Map<string, () => Uint8Array>,
): KeyPlace | undefined {
	const sweep = sweepNameOf(place);
	if (sweep !== undefined) return { kind: 'sweep', name: hex(sweep) };
	const table = planned?.laneOf(place)?.table;
	if (table === undefined) return undefined;
	// which keys they are is in the prefix, the shape and the inputs: the states alone say what is new
	const states = `states ${hex(digestBytes(table.states))}`;
	columns.set(states, () => stateBytes(table.states));
	return { kind: 'reached', name: hex(reachedName(stands, place)), states };
}

/** The name under which the keys are kept that an unfinished rule reached. */
export function reachedName(stands: Standings, place: number): Uint8Array {
	return digestBytes(`reached ${stands.prefixOf(place)}${stands.shapeOf(place)}`);
}

/** The name of the function that a rule was given as `run`; empty for a program. */
export function runName({ recipe }: Rule): string {
	if (recipe.kind === 'function') return recipe.run.name;
	return recipe.kind === 'python' ? recipe.name : '';
}

/** The scripts that a rule's commands name. */
export function scriptsOf(stands: Standings, place: number): Scripts {
	return Object.fromEntries(stands.filesOf(place).scripts.map(({ name, parts = [] }) => [name, parts]));
}

const shownSize = 60;

/** Plain values of `uses` in short, by digest. */
export function shownValues(rule: Rule): Record<string, string> {
	const values: Record<string, string> = {};
	for (const used of rule.options.uses) {
		if (typeof used === 'string' || used.kind !== 'value') continue;
		const text = inspect(used.value, {
			depth: 2,
			maxArrayLength: 8,
			maxStringLength: shownSize,
			breakLength: Infinity,
		});
		values[hex(digestBytes(encodeValue(used.value)))] =
			text.length <= shownSize ? text : `${text.slice(0, shownSize)}…`;
	}
	return values;
}
