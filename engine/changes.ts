// Which items of a bundle can change what a name holds, when the bundle is evaluated: semantics of top-level code.
// Follows calls into functions of the bundle; what leaves the bundle is taken to do anything.
// Knows nothing of rules or identities.
import { type Aliases, aliasesOf, type Root } from './aliases.ts';
import { type Effects, effectsReader, type ItemEffects, noEffects } from './effects.ts';
import { passiveGlobals } from './exempt.ts';
import type { Code, Item } from './items.ts';
import type { Mention } from './mentions.ts';
import type { Binding } from './scopes.ts';
import { type AnyNode, childrenOf } from './syntax.ts';

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
	const patches = patchesOf(code, effects, aliases);
	const implicit = new Set(code.items.filter((item) => !item.isHelper && hasImplicitCalls(item.node)));
	const executions = code.items.map((item) => execution(item, { code, effects, patches, implicit }));
	const changing = new Map<Root, Item[]>();
	const worldWriters: Item[] = [];
	const outsiders: Item[] = [];
	const impurities = code.items.map((item) => impurity(item, executions[item.index]));
	const impureNames = new Set<Binding>();

	for (const item of code.items) {
		const { all, acts } = executions[item.index] ?? idle;
		if (item.isHelper) continue;
		const { direct, indirect } = impurities[item.index] ?? nothing;
		const isImpure = direct.length + indirect.length > 0;
		if (isImpure) for (const name of item.names) impureNames.add(name);
		if (!acts) continue;
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

/** What happens when an item is executed: its own effects first, then those of the functions that it may call. */
interface Execution {
	readonly all: readonly Effects[];
	readonly acts: boolean;
}

const idle: Execution = { all: [], acts: false };

interface Bundle {
	readonly code: Code;
	readonly effects: readonly ItemEffects[];
	readonly patches: Patches;
	/** Items with functions that are called without a call: accessors, iterators, conversions. */
	readonly implicit: ReadonlySet<Item>;
}

/** Follows all that an item mentions: it may call any of it. */
function execution(item: Item, { code, effects, patches, implicit }: Bundle): Execution {
	const own = effects[item.index]?.now;
	if (own === undefined || item.isHelper) return idle;
	const all = [own];
	const seen = new Set<Binding>(item.names);
	let meetsImplicit = false;
	for (const { names, targets } of all) {
		// A setter is called by an assignment.
		for (const name of implicit.size > 0 ? [...names, ...targets] : names) {
			if (seen.has(name)) continue;
			seen.add(name);
			const mentioned = code.itemOf(name);
			if (mentioned === undefined || mentioned.isHelper) continue;
			meetsImplicit ||= implicit.has(mentioned);
			const other = effects[mentioned.index];
			// What an initialiser mentions may be called through its value; what it did itself is done.
			if (other !== undefined) all.push(other.later, { ...noEffects(), names: other.now.names });
			all.push(...(patches.get(name) ?? []));
		}
	}
	return { all, acts: own.acts || (own.mayCall && meetsImplicit) };
}

/** Whether a text declares functions that the language calls by itself. */
function hasImplicitCalls(node: AnyNode): boolean {
	const isMember = node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
	if (isMember) {
		if ('kind' in node && (node.kind === 'get' || node.kind === 'set')) return true;
		if (node.key.type === 'Identifier' && !node.computed && /^(toString|valueOf|toJSON|then)$/.test(node.key.name))
			return true;
		if (node.computed && node.key.type !== 'Literal') return true;
	}
	return childrenOf(node).some(hasImplicitCalls);
}

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
function impurity(item: Item, { all, acts }: Execution = idle): ReturnType<Changes['impurityOf']> {
	const [own, ...others] = all;
	if (own === undefined || item.isHelper) return nothing;
	const direct = own.mentions.filter(({ kind }) => acts || kind !== 'module');
	return { direct, indirect: acts ? others.flatMap(({ mentions }) => mentions) : [] };
}
