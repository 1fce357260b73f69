// Which items of a bundle can change what a name holds, when the bundle is evaluated: semantics of top-level code.
// Follows calls into functions of the bundle; what leaves the bundle is taken to do anything.
// Knows nothing of rules or identities.
import { type Aliases, aliasesOf, type Root } from './aliases.ts';
import { type Effects, effectsReader, type ItemEffects } from './effects.ts';
import { passiveGlobals } from './exempt.ts';
import type { Code, Item } from './items.ts';
import type { Mention } from './mentions.ts';
import type { Binding } from './scopes.ts';
import type { AnyNode } from './syntax.ts';

/** What evaluating a bundle does to its names and to the world. */
export interface Changes {
	/** Items that may change what a name or a package (`package:…`) holds, in the order in which they run. */
	changing(root: Binding | string): readonly Item[];
	/** Items that write to what no file of the bundle declares: they count for every function. */
	readonly worldWriters: readonly Item[];
	/** Statements that call packages, Node or the language for an effect that cannot be followed. */
	readonly outsiders: readonly Item[];
	/** Reads of the world by which an item's names get their value: in its own text, and in functions that it calls. */
	impurityOf(item: Item): { readonly direct: readonly Mention[]; readonly indirect: readonly Mention[] };
	/** Reads of the world in the functions that an item declares. */
	laterMentions(item: Item): readonly Mention[];
	/** Reads of the world in any expression: when it is evaluated, and when functions in it are called. */
	mentionsIn(expression: AnyNode): { readonly now: readonly Mention[]; readonly later: readonly Mention[] };
	/** Names whose value is not in the text: the bundle hands them out. */
	readonly impureNames: readonly Binding[];
}

/** Reads the changes off a bundle. */
export function changesOf(code: Code): Changes {
	const aliases = aliasesOf(code);
	const reader = effectsReader(code, aliases);
	const effects = code.items.map((item) => reader.ofItem(item.node));
	const changing = new Map<Root, Item[]>();
	const patches = patchesOf(code, effects, aliases);
	const worldWriters: Item[] = [];
	const outsiders: Item[] = [];
	const impurities = code.items.map((item) => impurity(item, effects, patches, code));
	const impureNames = new Set<Binding>();

	for (const item of code.items) {
		const own = effects[item.index];
		if (item.isHelper || own === undefined) continue;
		const { direct, indirect } = impurities[item.index] ?? nothing;
		const isImpure = direct.length + indirect.length > 0;
		if (isImpure) for (const name of item.names) impureNames.add(name);
		if (!own.now.acts) continue;
		const all = executed(item, effects, patches, code);
		const touched = touchedBy(all, aliases);
		for (const root of touched) {
			if (typeof root !== 'string' && 'type' in root) continue;
			if (typeof root !== 'string' && (!root.isTop || item.names.includes(root))) continue;
			const list = changing.get(root);
			if (list === undefined) changing.set(root, [item]);
			else list.push(item);
			if (isImpure && typeof root !== 'string' && code.itemOf(root)) impureNames.add(root);
		}
		if (writesWorld(all, aliases)) worldWriters.push(item);
		if (item.isStatement && all.some(({ callsOutside }) => callsOutside)) outsiders.push(item);
	}
	return {
		changing: (root) => changing.get(root) ?? [],
		worldWriters,
		outsiders,
		impurityOf: (item) => impurities[item.index] ?? nothing,
		laterMentions: (item) => effects[item.index]?.later.mentions ?? [],
		mentionsIn: (expression) => {
			const { now, later } = reader.ofItem(expression);
			return { now: now.mentions, later: later.mentions };
		},
		impureNames: [...impureNames],
	};
}

const nothing = { direct: [], indirect: [] };

type Patches = ReadonlyMap<Root, readonly Effects[]>;

/** Functions that a statement assigns, by the name that it assigns to or into. */
function patchesOf(code: Code, effects: readonly ItemEffects[], aliases: Aliases): Patches {
	const patches = new Map<Root, Effects[]>();
	for (const item of code.items) {
		const own = effects[item.index];
		if (own === undefined || !item.isStatement) continue;
		for (const root of [...own.now.assigned, ...aliases.closure(own.now.written)]) {
			const list = patches.get(root);
			if (list === undefined) patches.set(root, [own.later]);
			else list.push(own.later);
		}
	}
	return patches;
}

/** The effects of an item's execution: its own, and those of the functions of all that it mentions, which it may call. */
function executed(item: Item, effects: readonly ItemEffects[], patches: Patches, code: Code): Effects[] {
	const own = effects[item.index]?.now;
	if (own === undefined) return [];
	const all = [own];
	const seen = new Set<Binding>(item.names);
	for (const { names } of all) {
		for (const name of names) {
			if (seen.has(name)) continue;
			seen.add(name);
			const mentioned = code.itemOf(name);
			if (mentioned === undefined || mentioned.isHelper) continue;
			const other = effects[mentioned.index];
			// What an initialiser mentions may be called through its value; what it did itself is done.
			if (other !== undefined) all.push(other.later, { ...emptied, names: other.now.names });
			all.push(...(patches.get(name) ?? []));
		}
	}
	return all;
}

const emptied: Effects = {
	...{ names: new Set(), assigned: new Set(), written: new Set(), called: new Set(), given: new Set(), stored: new Set() },
	...{ mentions: [], acts: false, callsOutside: false },
};

function touchedBy(all: readonly Effects[], aliases: Aliases): ReadonlySet<Root> {
	const into = all.flatMap(({ written, called, given }) => [...written, ...called, ...given]);
	const touched = new Set<Root>(aliases.closure(into));
	for (const { assigned } of all) for (const root of assigned) touched.add(root);
	return touched;
}

function writesWorld(all: readonly Effects[], aliases: Aliases): boolean {
	const written = aliases.closure(all.flatMap((one) => [...one.written, ...one.assigned]));
	const given = aliases.closure(all.flatMap((one) => [...one.given]));
	return (
		[...written].some((root) => typeof root === 'string') ||
		[...given].some((root) => typeof root === 'string' && !root.startsWith('package:') && !passiveGlobals.has(root))
	);
}

/** Helpers of the bundler read nothing; an alias of a `node:` function is no read. */
function impurity(
	item: Item,
	effects: readonly ItemEffects[],
	patches: Patches,
	code: Code,
): ReturnType<Changes['impurityOf']> {
	const own = effects[item.index]?.now;
	if (own === undefined || item.isHelper) return nothing;
	const direct = own.mentions.filter(({ kind }) => own.acts || kind !== 'module');
	if (!own.acts) return { direct, indirect: [] };
	const indirect = executed(item, effects, patches, code).flatMap((one) => (one === own ? [] : one.mentions));
	return { direct, indirect };
}
