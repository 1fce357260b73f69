// Which declarations, statements, packages and values of a recipe are other than they were. Knows only their names and
// digests; where none of them differs, what they refer to or their order does.
import type { Part } from '../code/reach.ts';
import type { ChangedPart } from './cause.ts';

interface Recipe {
	readonly run: string;
	readonly parts: readonly Part[];
}

/** At least one part: what runs differs. */
export function changedParts(before: Recipe, now: Recipe): readonly ChangedPart[] {
	const old = byName(before.parts);
	const present = byName(now.parts);
	const changed: ChangedPart[] = [];
	for (const name of new Set([...present.keys(), ...old.keys()])) {
		const [left = [], right = []] = [old.get(name), present.get(name)];
		// several statements may begin alike: those that are still there are set aside
		const gone = without(left, right);
		const come = without(right, left);
		for (let at = 0; at < Math.max(gone.length, come.length); at++) changed.push(...changeOf(gone[at], come[at]));
	}
	if (changed.length > 0) return rewritten(moved(changed)).sort((a, b) => rank(a) - rank(b));
	return [{ how: 'changed', kind: 'order', file: now.parts[0]?.file ?? '', name: now.run }];
}

/** A declaration that went from one file and came in another, where nothing else explains: it is named once, as it is now. */
function moved(changes: readonly ChangedPart[]): ChangedPart[] {
	const come = new Map(
		changes.filter(({ how }) => how === 'added').map((change) => [`${change.kind} ${change.name}`, change]),
	);
	const gone = changes.filter(
		({ how, kind, name }) => how === 'removed' && kind !== 'file' && come.has(`${kind} ${name}`),
	);
	const both = new Map(gone.map((change) => [come.get(`${change.kind} ${change.name}`), change]));
	return changes.flatMap((change): ChangedPart[] => {
		const from = both.get(change);
		if (from !== undefined) return [{ ...change, how: 'changed', before: from.file, after: change.file }];
		return gone.includes(change) ? [] : [change];
	});
}

/** Statements have no name but their text: one that went and one that came in the same file are one that changed. */
function rewritten(changes: readonly ChangedPart[]): ChangedPart[] {
	const come = changes.filter(({ kind, how }) => kind === 'statement' && how === 'added');
	const pairs = new Map<ChangedPart, ChangedPart>();
	for (const gone of changes) {
		if (gone.kind !== 'statement' || gone.how !== 'removed') continue;
		const now = come.find((change) => change.file === gone.file && !pairs.has(change));
		if (now !== undefined) pairs.set(now, gone);
	}
	const gone = new Set(pairs.values());
	return changes.flatMap((change): ChangedPart[] => {
		const before = pairs.get(change)?.name;
		if (before !== undefined) return [{ ...change, how: 'changed', before, after: change.name }];
		return gone.has(change) ? [] : [change];
	});
}

function byName(parts: readonly Part[]): ReadonlyMap<string, readonly Part[]> {
	const found = new Map<string, Part[]>();
	for (const part of parts) {
		const name = JSON.stringify([part.kind ?? 'declaration', part.file, part.name]);
		const same = found.get(name);
		if (same === undefined) found.set(name, [part]);
		else same.push(part);
	}
	return found;
}

/** The parts that the others do not have. */
function without(parts: readonly Part[], others: readonly Part[]): readonly Part[] {
	const left = others.map(({ digest, shown }) => `${digest} ${shown}`);
	return parts.filter(({ digest, shown }) => {
		const at = left.indexOf(`${digest} ${shown}`);
		if (at >= 0) left.splice(at, 1);
		return at < 0;
	});
}

function changeOf(gone: Part | undefined, come: Part | undefined): ChangedPart[] {
	const part = come ?? gone;
	if (part === undefined) return [];
	const how = gone === undefined ? 'added' : come === undefined ? 'removed' : 'changed';
	return [
		{
			...{ how, kind: part.kind ?? 'declaration', file: part.file, name: part.name },
			...(gone?.shown === undefined ? {} : { before: gone.shown }),
			...(come?.shown === undefined ? {} : { after: come.shown }),
		},
	];
}

const kinds: readonly ChangedPart['kind'][] = [
	...(['words', 'declaration', 'statement', 'value', 'variable', 'package', 'number', 'file', 'order'] as const),
];
const hows: readonly ChangedPart['how'][] = ['changed', 'added', 'removed'];

/** What was edited comes before what came and went with it, and a declaration before the file that it stands in. */
function rank({ kind, how }: ChangedPart): number {
	return kinds.indexOf(kind) * hows.length + hows.indexOf(how);
}
