// What each item of a bundle does when it is executed, with all that the functions do which it may call.
// Sums are passed on from what is mentioned to what mentions it until none grows: linear where little is done.
// Knows nothing of what counts for whom.
import type { Aliases, Root } from './aliases.ts';
import type { Effects, ItemEffects } from './effects.ts';
import type { Code, Item } from './items.ts';
import type { Mention } from './mentions.ts';
import type { Binding } from './scopes.ts';
import { type AnyNode, childrenOf } from './syntax.ts';

/** The effects of several pieces of code together. */
export interface Sum {
	readonly assigned: Set<Root>;
	readonly written: Set<Root>;
	readonly called: Set<Root>;
	readonly given: Set<Root>;
	readonly mentions: Set<Mention>;
	callsOutside: boolean;
	/** Something in it is called without a call: an accessor, an iterator, a conversion. */
	isImplicit: boolean;
}

/** What happens when an item is executed. */
export interface Execution extends Sum {
	readonly acts: boolean;
	/** It may do or read something that hangs on when it is executed. */
	readonly isTimed: boolean;
	/** Reads of the world that are not in the item's own text. */
	readonly indirect: readonly Mention[];
	/** The top-level names that it may read. Walks the bundle. */
	reads(): ReadonlySet<Binding>;
}

const kinds = ['assigned', 'written', 'called', 'given', 'mentions'] as const;

function emptySum(): Sum {
	const sets = { assigned: new Set<Root>(), written: new Set<Root>(), called: new Set<Root>(), given: new Set<Root>() };
	return { ...sets, mentions: new Set(), callsOutside: false, isImplicit: false };
}

/** Adds what another sum or single effects have; whether the sum grew. */
function absorb(sum: Sum, other: Sum | Effects): boolean {
	let grew = false;
	for (const kind of kinds) {
		const into: Set<Root | Mention> = sum[kind];
		const before = into.size;
		for (const one of other[kind]) into.add(one);
		grew ||= into.size > before;
	}
	if (other.callsOutside && !sum.callsOutside) {
		sum.callsOutside = true;
		grew = true;
	}
	if ('isImplicit' in other && other.isImplicit && !sum.isImplicit) {
		sum.isImplicit = true;
		grew = true;
	}
	return grew;
}

/** The execution of each item, by its index. */
export function executionsOf(code: Code, effects: readonly ItemEffects[], aliases: Aliases): readonly Execution[] {
	const patches = patchesOf(code, effects, aliases);
	const sums = code.items.map(emptySum);
	const users = new Map<Item, Set<Item>>();
	const hasImplicit = code.items.some((item) => !item.isHelper && hasImplicitCalls(item.node));

	function itemsOf(mentions: Effects): Item[] {
		// A setter is called by an assignment.
		const names = hasImplicit ? [...mentions.names, ...mentions.targets] : [...mentions.names];
		return names.flatMap((name) => code.itemOf(name) ?? []).filter((item) => !item.isHelper);
	}

	function uses(user: Item, used: readonly Item[]): void {
		for (const item of used) {
			const known = users.get(item);
			if (known === undefined) users.set(item, new Set([user]));
			else known.add(user);
		}
	}

	// What may be called through an item: its functions, those assigned into it, and what its initialiser mentions.
	for (const item of code.items) {
		const own = effects[item.index];
		const sum = sums[item.index];
		if (item.isHelper || own === undefined || sum === undefined) continue;
		sum.isImplicit = hasImplicit && hasImplicitCalls(item.node);
		for (const later of [own.later, ...item.names.flatMap((name) => patches.get(name) ?? [])]) {
			absorb(sum, later);
			uses(item, itemsOf(later));
		}
		uses(
			item,
			[...own.now.names].flatMap((name) => code.itemOf(name) ?? []),
		);
	}
	/** Names that an item mentions when it is executed, and those that what it may call mentions. */
	function readsOf(item: Item, mayCall: boolean): ReadonlySet<Binding> {
		const found = new Set<Binding>(effects[item.index]?.now.names);
		for (const name of item.names) found.delete(name);
		if (!mayCall) return found;
		for (const name of found) {
			const used = code.itemOf(name);
			const own = used?.isHelper === false ? effects[used.index] : undefined;
			if (own === undefined) continue;
			for (const { names } of [own.now, own.later, ...(patches.get(name) ?? [])])
				for (const one of names) found.add(one);
		}
		return found;
	}

	const grown = new Set<Item>(code.items);
	for (const item of grown) {
		grown.delete(item);
		const sum = sums[item.index] ?? emptySum();
		for (const user of users.get(item) ?? []) {
			const other = sums[user.index];
			if (other !== undefined && absorb(other, sum)) grown.add(user);
		}
	}
	return code.items.map((item) => {
		const total = emptySum();
		const now = effects[item.index]?.now;
		if (item.isHelper || now === undefined) {
			return { ...total, acts: false, isTimed: false, indirect: [], reads: () => readsOf(item, false) };
		}
		for (const used of itemsOf(now)) if (used !== item) absorb(total, sums[used.index] ?? emptySum());
		const indirect = [...total.mentions];
		const acts = now.acts || (now.mayCall && total.isImplicit);
		absorb(total, now);
		const isTimed = acts || now.mayCall;
		return { ...total, acts, isTimed, indirect, reads: () => readsOf(item, isTimed) };
	});
}

/** Functions that a statement assigns, by the name that it assigns to or into. */
function patchesOf(
	code: Code,
	effects: readonly ItemEffects[],
	aliases: Aliases,
): ReadonlyMap<Root | Binding, readonly Effects[]> {
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

/** Whether a text declares functions that the language calls by itself. */
function hasImplicitCalls(node: AnyNode): boolean {
	const isMember = node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition';
	if (isMember) {
		if ('kind' in node && (node.kind === 'get' || node.kind === 'set')) return true;
		const { key, computed } = node;
		if (key.type === 'Identifier' && !computed && /^(toString|valueOf|toJSON|then)$/.test(key.name)) return true;
		if (computed && key.type !== 'Literal') return true;
	}
	return childrenOf(node).some(hasImplicitCalls);
}
