// Which items of a bundle can change what a name holds, when the bundle is evaluated: semantics of top-level code.
// Follows calls into functions of the bundle; what leaves the bundle is taken to do anything.
// Knows nothing of rules or identities.
import { type Aliases, aliasesOf, type Root } from './aliases.ts';
import { type Execution, executionsOf } from './calls.ts';
import { type Effects, effectsReader } from './effects.ts';
import { languageGlobals, passiveGlobals } from './exempt.ts';
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
	/** The top-level names that an item may read when it is executed. */
	readsOf(item: Item): ReadonlySet<Binding>;
	/** Whether what an item does may hang on when it is executed. */
	isTimed(item: Item): boolean;
	/** What an item puts outside the bundle (`globalThis.dt`), where its text does not show the value. */
	worldValueOf(item: Item): string | undefined;
	/** Reads of the world by which an item's names get their value: in its own text, and in functions that it calls. */
	impurityOf(item: Item): { readonly direct: readonly Mention[]; readonly indirect: readonly Mention[] };
	/** Reads of the world in the functions that an item declares. */
	laterMentions(item: Item): readonly Mention[];
	/** Reads of the world in any expression: when it is evaluated, and when functions in it are called. */
	mentionsIn(expression: AnyNode): { readonly now: readonly Mention[]; readonly later: readonly Mention[] };
	/** Names whose value is not in the text: the bundle hands them out. */
	readonly impureNames: readonly Binding[];
	/** Expressions whose value is not in the text, either: all that `worldValueOf` says. */
	readonly worldValues: readonly string[];
}

/** Reads the changes off a bundle. */
export function changesOf(code: Code): Changes {
	const aliases = aliasesOf(code);
	const reader = effectsReader(code, aliases);
	const effects = code.items.map((item) => reader.ofItem(item.node));
	const executions = executionsOf(code, effects, aliases);
	const changing = new Map<Root, Item[]>();
	const worldWriters: Item[] = [];
	const outsiders: Item[] = [];
	const impurities = code.items.map((item) => impurity(effects[item.index]?.now, executions[item.index]));
	const impureNames = new Set<Binding>();
	const worldValues = new Map<Item, string>();
	const reads = new Map<Item, ReadonlySet<Binding>>();

	for (const item of code.items) {
		const execution = executions[item.index];
		if (item.isHelper || execution === undefined) continue;
		const { direct, indirect } = impurities[item.index] ?? nothing;
		const isImpure = direct.length + indirect.length > 0;
		if (isImpure) for (const name of item.names) impureNames.add(name);
		// A variable that is declared twice.
		for (const name of item.names) if (code.itemOf(name) !== item) addChange(name, item);
		if (!execution.acts) continue;
		for (const root of touchedBy(execution, aliases)) {
			if (typeof root !== 'string' && 'type' in root) continue;
			if (typeof root !== 'string' && (!root.isTop || item.names.includes(root))) continue;
			addChange(root, item);
			if (isImpure && typeof root !== 'string' && code.itemOf(root)) impureNames.add(root);
		}
		if (writesWorld(execution, aliases)) {
			worldWriters.push(item);
			const target = isImpure ? targetOf(item.node) : undefined;
			if (target !== undefined) worldValues.set(item, code.text.slice(target.start, target.end));
		}
		if (item.isStatement && execution.callsOutside) outsiders.push(item);
	}
	// What was made from such a value before it changed again must be asked for itself.
	for (const name of impureNames) {
		const source = impurities[code.itemOf(name)?.index ?? -1] ?? nothing;
		const [mention] = [...source.direct, ...source.indirect, ...mentionsOfChanges(name)];
		if (mention === undefined || !changing.has(name)) continue;
		for (const item of code.items) {
			const { direct, indirect } = impurities[item.index] ?? nothing;
			if (item.isHelper || item.isStatement || direct.length + indirect.length > 0 || !readsOf(item).has(name))
				continue;
			impurities[item.index] = { direct, indirect: [mention] };
			for (const made of item.names) impureNames.add(made);
		}
	}

	function addChange(root: Binding | string, item: Item): void {
		const list = changing.get(root);
		if (list === undefined) changing.set(root, [item]);
		else if (!list.includes(item)) list.push(item);
	}

	function mentionsOfChanges(name: Binding): Mention[] {
		return (changing.get(name) ?? []).flatMap((item) => {
			const { direct, indirect } = impurities[item.index] ?? nothing;
			return [...direct, ...indirect];
		});
	}

	function readsOf(item: Item): ReadonlySet<Binding> {
		let names = reads.get(item);
		if (names === undefined) {
			names = executions[item.index]?.reads() ?? new Set();
			reads.set(item, names);
		}
		return names;
	}

	return {
		changing: (root) => changing.get(root) ?? [],
		readsOf,
		isTimed: (item) => executions[item.index]?.isTimed === true,
		worldValueOf: (item) => worldValues.get(item),
		worldValues: [...new Set(worldValues.values())],
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

/** Everything that an execution changes or may change. */
function touchedBy({ assigned, written, called, given }: Execution, aliases: Aliases): Iterable<Root> {
	return new Set([...aliases.closure([...written, ...called, ...given]), ...assigned]);
}

/** Where a statement puts a value: `globalThis.dt` of `globalThis.dt = …`. */
function targetOf(node: AnyNode): AnyNode | undefined {
	if (node.type !== 'ExpressionStatement' || node.expression.type !== 'AssignmentExpression') return undefined;
	const { left } = node.expression;
	let at: AnyNode = left;
	while (at.type === 'MemberExpression' && (!at.computed || at.property.type === 'Literal')) at = at.object;
	return left.type === 'MemberExpression' && at.type === 'Identifier' ? left : undefined;
}

function writesWorld({ assigned, written, called, given }: Execution, aliases: Aliases): boolean {
	for (const root of aliases.closure(called)) {
		if (typeof root === 'string' && !root.startsWith('package:') && !languageGlobals.has(root)) return true;
	}
	for (const root of aliases.closure([...written, ...assigned])) if (typeof root === 'string') return true;
	for (const root of aliases.closure(given)) {
		if (typeof root === 'string' && !root.startsWith('package:') && !passiveGlobals.has(root)) return true;
	}
	return false;
}

/** An alias of a `node:` function is no read. */
function impurity(own: Effects | undefined, execution: Execution | undefined): ReturnType<Changes['impurityOf']> {
	if (own === undefined || execution === undefined) return nothing;
	const { acts, indirect } = execution;
	return { direct: own.mentions.filter(({ kind }) => acts || kind !== 'module'), indirect: acts ? indirect : [] };
}
