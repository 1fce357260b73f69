// Which declarations, statements, packages and values of a recipe are other than they were. Knows only their names and
// digests; where none of them differs, what they refer to or their order does.
import type { Part } from '../code/reach.ts';
import type { ChangedPart } from './cause.ts';

interface Recipe {
	readonly run: string;
	readonly parts: readonly Part[];
}

/** A part as it was and as it is; at least one of them. */
interface Pair {
	readonly gone: Part | undefined;
	readonly come: Part | undefined;
}

/** At least one part: what runs differs. */
export function changedParts(before: Recipe, now: Recipe): readonly ChangedPart[] {
	const changed = withoutIdle(joined(pairsOf(before.parts, now.parts)));
	if (changed.length === 0) return [{ how: 'changed', kind: 'order', file: now.parts[0]?.file ?? '', name: now.run }];
	const pathOf = paths(now.parts);
	return changed.flatMap((pair) => changeOf(pair, pathOf)).sort((a, b) => rank(a) - rank(b));
}

/** What differs under one name. */
function pairsOf(before: readonly Part[], now: readonly Part[]): readonly Pair[] {
	const [old, present] = [byName(before), byName(now)];
	const pairs: Pair[] = [];
	for (const name of new Set([...present.keys(), ...old.keys()])) {
		const [left = [], right = []] = [old.get(name), present.get(name)];
		// several statements may begin alike: those that are still there are set aside
		const [gone, come] = [without(left, right), without(right, left)];
		for (let at = 0; at < Math.max(gone.length, come.length); at++) pairs.push({ gone: gone[at], come: come[at] });
	}
	return pairs;
}

/** Joins what went and what came: a declaration in another file, statements of one file, which have no name but their text. */
function joined(pairs: readonly Pair[]): readonly Pair[] {
	const come = pairs.flatMap((pair) => (pair.gone === undefined && pair.come !== undefined ? [pair.come] : []));
	const taken = new Map<Part, Part>();
	for (const { gone, come: now } of pairs) {
		if (gone === undefined || now !== undefined || gone.kind === 'file') continue;
		const isSame = (other: Part) => other.kind === gone.kind && fits(gone, other) && !taken.has(other);
		const found = come.find((other) => isSame(other) && other.digest === gone.digest) ?? come.find(isSame);
		if (found !== undefined) taken.set(found, gone);
	}
	const gone = new Set(taken.values());
	return pairs.flatMap((pair) => {
		if (pair.come !== undefined && taken.has(pair.come)) return [{ gone: taken.get(pair.come), come: pair.come }];
		return pair.gone !== undefined && gone.has(pair.gone) ? [] : [pair];
	});
}

const fits = (gone: Part, come: Part): boolean =>
	gone.kind === 'statement' ? come.file === gone.file : come.name === gone.name;

/** Without what explains nothing beside others: text that only went elsewhere, a package whose version is the same. */
function withoutIdle(pairs: readonly Pair[]): readonly Pair[] {
	const busy = pairs.filter((pair) => !isMove(pair) && !isSameVersion(pair));
	return busy.length > 0 ? busy : pairs;
}

function isMove({ gone, come }: Pair): boolean {
	return gone !== undefined && come !== undefined && gone.file !== come.file && gone.digest === come.digest;
}

function isSameVersion({ gone, come }: Pair): boolean {
	return come?.kind === 'package' && gone?.shown !== undefined && gone.shown === come.shown;
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

/** How a part is reached, by the names of those that led to it, without the first. */
function paths(parts: readonly Part[]): (part: Part) => readonly string[] {
	const places = new Map(parts.map((part) => [`${part.file}: ${part.name}`, part]));
	const leadingTo = ({ by }: Part) => (by === undefined ? undefined : places.get(by));
	return (end) => {
		if (end.kind === 'package') return end.by === undefined ? [] : [end.by];
		const path: string[] = [];
		const seen = new Set([end]);
		for (let part = leadingTo(end); part !== undefined && !seen.has(part); part = leadingTo(part)) {
			seen.add(part);
			path.unshift(part.name);
		}
		return path;
	};
}

function changeOf({ gone, come }: Pair, pathOf: (part: Part) => readonly string[]): ChangedPart[] {
	const part = come ?? gone;
	if (part === undefined) return [];
	const how = gone === undefined ? 'added' : come === undefined ? 'removed' : 'changed';
	const path = come === undefined ? [] : pathOf(come);
	const isElsewhere = gone !== undefined && come !== undefined && gone.file !== come.file;
	const [before, after] = shownOf({ gone, come });
	return [
		{
			...{ how, kind: part.kind ?? 'declaration', file: part.file, name: part.name },
			...(before === undefined ? {} : { before }),
			...(after === undefined ? {} : { after }),
			...(isElsewhere ? { movedFrom: gone.file } : {}),
			...(path.length === 0 ? {} : { path }),
		},
	];
}

function shownOf(pair: Pair): readonly [before: string | undefined, after: string | undefined] {
	const { gone, come } = pair;
	if (isMove(pair)) return [gone?.file, come?.file];
	if (gone?.kind === 'statement' && come !== undefined && gone.name !== come.name) return [gone.name, come.name];
	return [gone?.shown, come?.shown];
}

const kinds: readonly ChangedPart['kind'][] = [
	...(['words', 'declaration', 'statement', 'value', 'variable', 'package', 'number', 'file', 'order'] as const),
];
const hows: readonly ChangedPart['how'][] = ['changed', 'added', 'removed'];

/** What was edited comes before what came and went with it, and a declaration before the file that it stands in. */
function rank({ kind, how }: ChangedPart): number {
	return kinds.indexOf(kind) * hows.length + hows.indexOf(how);
}
