// What of one task differs between two walks that make its key: the same walk, over the rows as they were and as they are.
// Whole lines are compared, so the explanation cannot disagree with the key. Knows nothing of what the rule's tasks share.
import type { KeyMaker } from '../key.ts';
import { manifestWriter } from '../key.ts';
import type { Cause } from './cause.ts';
import { fileCauses, type KnownScripts } from './files.ts';

/** What the lines do not say. */
interface Aside {
	readonly modes: readonly [before: string, now: string];
	readonly scripts: KnownScripts;
}

/** What differs in one task; empty where all lines of its own are the same. `isDetailed`: with the digests of inputs. */
export type RowComparer = (task: number, before: number, isDetailed: boolean) => readonly Cause[];

const none: readonly Cause[] = [];

/** Compares tasks with the same canonical parameters, as the two makers, which have no prefix, write them. */
export function rowComparer(before: KeyMaker, now: KeyMaker, scripts: KnownScripts): RowComparer {
	// seeds are made of the parameters: made in the same way, they are the same, and hashes are spared
	const isSameMode = before.layout.seeds === now.layout.seeds;
	const [writeOld, writeNow] = [before, now].map((maker) =>
		manifestWriter(isSameMode ? { ...maker, layout: { ...maker.layout, seeds: 'none' } } : maker),
	) as [ReturnType<typeof manifestWriter>, ReturnType<typeof manifestWriter>];
	const [old, present]: [string[], string[]] = [[], []];
	const [takeOld, takeNow] = [(piece: string) => void old.push(piece), (piece: string) => void present.push(piece)];
	const aside: Aside = { modes: [before.layout.seeds, now.layout.seeds], scripts };
	const known = new Map<string, readonly Cause[]>();
	const isAsBefore = isSameMode ? sameInputs(before, now) : undefined;
	return (task, row, isDetailed) => {
		if (isAsBefore?.(task, row) === true) return none;
		old.length = 0;
		present.length = 0;
		writeOld(row, takeOld);
		writeNow(task, takeNow);
		if (isSame(old, present)) return none;
		const likeness = isDetailed ? undefined : changedInputs(old, present);
		if (isDetailed) return differences(old, present, aside);
		if (likeness === undefined) return differences(old, present, aside).map(withoutDigests);
		let causes = known.get(likeness);
		if (causes === undefined) {
			causes = differences(old, present, aside).map(withoutDigests);
			known.set(likeness, causes);
		}
		return causes;
	};
}

/** Whether a task takes the same digests under the same names: its lines are the same then. Spares most tasks their text. */
function sameInputs(before: KeyMaker, now: KeyMaker): ((task: number, row: number) => boolean) | undefined {
	if (before.files !== undefined || now.files !== undefined || before.inputs.length !== now.inputs.length)
		return undefined;
	const pairs: {
		readonly old: Int32Array;
		readonly oldRows: Int32Array;
		readonly present: Int32Array;
		readonly rows: Int32Array;
	}[] = [];
	for (const { link, table } of now.inputs) {
		const other = before.inputs.find((input) => input.link.name === link.name);
		if (other === undefined || link.kind !== 'one' || other.link.kind !== 'one') return undefined;
		pairs.push({
			old: words(other.table.digests),
			oldRows: other.link.rows,
			present: words(table.digests),
			rows: link.rows,
		});
	}
	return (task, row) => {
		for (const { old, oldRows, present, rows } of pairs) {
			const [left, right] = [oldRows[row]! * digestWords, rows[task]! * digestWords];
			for (let at = 0; at < digestWords; at++) if (old[left + at] !== present[right + at]) return false;
		}
		return true;
	};
}

const digestWords = 8;
const words = ({ buffer, byteOffset, byteLength }: Uint8Array) => new Int32Array(buffer, byteOffset, byteLength / 4);

/** The names of inputs with other digests; undefined where something else differs, too. Looks at no line twice: the hot path. */
function changedInputs(old: readonly string[], present: readonly string[]): string | undefined {
	if (old.length !== present.length) return undefined;
	let names = '';
	for (let at = 0; at < old.length; at++) {
		const [left, right] = [old[at]!, present[at]!];
		if (left === right) continue;
		const end = left.length - inputTail;
		if (!left.startsWith('input "') || end < 0 || left.slice(0, end) !== right.slice(0, end)) return undefined;
		names += left.slice(0, end);
	}
	return names;
}

// a space, 64 digits, the end of the line
const inputTail = 66;

function withoutDigests(cause: Cause): Cause {
	return cause.kind === 'input' ? { kind: 'input', name: cause.name, how: cause.how } : cause;
}

function isSame(old: readonly string[], present: readonly string[]): boolean {
	if (old.length !== present.length) return false;
	for (let at = 0; at < old.length; at++) if (old[at] !== present[at]) return false;
	return true;
}

/** Lines that begin with the same words belong together; those of a group's rows to the line before them. */
function sections(pieces: readonly string[]): ReadonlyMap<string, readonly string[]> {
	const found = new Map<string, string[]>();
	let rows: string[] = [];
	for (const piece of pieces) {
		for (const line of piece.trimEnd().split('\n')) {
			if (line.startsWith('row ')) {
				rows.push(line);
				continue;
			}
			const [, name = line, rest = ''] = /^([\w-]+(?: "(?:[^"\\]|\\.)*")?) ?(.*)$/s.exec(line) ?? [];
			rows = [rest];
			found.set(name, rows);
		}
	}
	return found;
}

function differences(old: readonly string[], present: readonly string[], { modes, scripts }: Aside): readonly Cause[] {
	const [left, right] = [sections(old), sections(present)];
	const causes: Cause[] = [];
	for (const name of new Set([...right.keys(), ...left.keys()])) {
		const [before, now] = [left.get(name), right.get(name)];
		if (before !== undefined && now !== undefined && isSame(before, now)) continue;
		if (name === 'parameter-files') causes.push(...fileCauses(before?.[0], now?.[0], scripts));
		else causes.push(difference(name, before, now, modes));
	}
	return causes;
}

function difference(
	section: string,
	before: readonly string[] | undefined,
	now: readonly string[] | undefined,
	[oldMode, mode]: Aside['modes'],
): Cause {
	const [, kind = '', quoted = '""'] = /^(\w+)(?: (.*))?$/s.exec(section) ?? [];
	const name = JSON.parse(quoted) as string;
	const how = before === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
	if (kind === 'seed') return { kind: 'seed', before: oldMode, after: mode };
	if (kind === 'input') {
		const digests = { ...(before && { before: before[0] ?? '' }), ...(now && { after: now[0] ?? '' }) };
		return { kind: 'input', name, how, ...digests };
	}
	if ((kind === 'rows' || kind === 'table') && before !== undefined && now !== undefined) {
		return before[0] === now[0] ? rowsDifference(name, before, now) : { kind: 'seed', before: oldMode, after: mode };
	}
	if (kind === 'rows' || kind === 'table') return { kind: 'input', name, how };
	return { kind: 'keys', name: kind };
}

/** `row {…} digest`: by the parameters. */
function rowsDifference(name: string, before: readonly string[], now: readonly string[]): Cause {
	const old = new Map(before.slice(1).map(split));
	let [changed, added] = [0, 0];
	let last = -1;
	let isReordered = false;
	const places = new Map([...old.keys()].map((params, place) => [params, place]));
	for (const line of now.slice(1)) {
		const [params, digest] = split(line);
		const known = old.get(params);
		if (known === undefined) {
			added++;
			continue;
		}
		if (known !== digest) changed++;
		const place = places.get(params) ?? 0;
		if (place < last) isReordered = true;
		last = place;
	}
	const removed = old.size - (now.length - 1 - added);
	return { kind: 'rows', name, changed, added, removed, isReordered };
}

function split(line: string): [params: string, digest: string] {
	const at = line.lastIndexOf(' ');
	return [line.slice(4, at), line.slice(at + 1)];
}
