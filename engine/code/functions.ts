// Which function of a bundle's text a function object is, and which expression a rule was given as `run`.
// V8 keeps the text of a function exactly, and the position of a call in a stack.
// Knows nothing of what the code reaches.
import { lineStarts } from './body.ts';
import { plainCallee } from './exempt.ts';
import type { Code, Item } from './items.ts';
import type { CodePosition } from './places.ts';
import { type AnyNode, type CallExpression, childrenOf, type FunctionNode, isClass, isFunction } from './syntax.ts';

/** A function in the text of a bundle. */
export interface WrittenFunction {
	readonly node: FunctionNode & AnyNode;
	/** Which of the bundle's functions it is, in the order of the text. */
	readonly ordinal: number;
	readonly item: Item;
	/** It stands in another function, a loop or a block: there may be several of it, holding different values. */
	readonly isNested: boolean;
	/** What must be read with it: itself, or the class or object that it is a method of. */
	readonly whole: AnyNode;
}

export interface Functions {
	/** All functions with exactly this text. */
	withText(text: string): readonly WrittenFunction[];
	/** What the call at a position of a stack was given as `run`; undefined where that cannot be told. */
	runAt(position: CodePosition): AnyNode | undefined;
	isWritten(node: AnyNode): WrittenFunction | undefined;
}

interface Above {
	readonly item: Item;
	readonly isNested: boolean;
	/** The object or class that the node is a direct member of. */
	readonly owner: AnyNode | undefined;
}

/** Lists the functions and calls of a bundle. */
export function functionsOf(code: Code): Functions {
	const byText = new Map<string, WrittenFunction[]>();
	const byNode = new Map<AnyNode, WrittenFunction>();
	const calls = new Map<number, CallExpression>();
	const starts = lineStarts(code.text);

	function add(node: FunctionNode & AnyNode, slice: string, above: Above): void {
		const whole = above.owner !== undefined && (isClass(above.owner) || usesThis(node)) ? above.owner : node;
		const written = { node, ordinal: byNode.size, item: above.item, isNested: above.isNested, whole };
		byNode.set(node, written);
		const list = byText.get(slice);
		if (list === undefined) byText.set(slice, [written]);
		else list.push(written);
	}

	function visit(node: AnyNode, above: Above): void {
		if (node.type === 'CallExpression') calls.set(callPosition(code.text, node), node);
		if (isFunction(node)) {
			if (!byNode.has(node)) add(node, code.text.slice(node.start, node.end), above);
			const inside = { item: above.item, isNested: true, owner: undefined };
			for (const child of childrenOf(node)) visit(child, inside);
			return;
		}
		if (isClass(node) || node.type === 'ObjectExpression') {
			const members = node.type === 'ObjectExpression' ? node.properties : node.body.body;
			if (isClass(node) && node.superClass) visit(node.superClass, { ...above, owner: undefined });
			for (const member of members) visitMember(member, node, above);
			return;
		}
		const inside = { ...above, owner: undefined, isNested: above.isNested || isBlock(node) };
		for (const child of childrenOf(node)) visit(child, inside);
	}

	function visitMember(member: AnyNode, owner: AnyNode, above: Above): void {
		const isOfInstance = member.type === 'PropertyDefinition' && !member.static;
		const inside = { item: above.item, isNested: above.isNested || isOfInstance, owner };
		const isMethod =
			member.type === 'MethodDefinition' || (member.type === 'Property' && (member.method || member.kind !== 'init'));
		if (isMethod && isFunction(member.value)) {
			const text = code.text.slice(member.start, member.end);
			add(
				member.value,
				member.type === 'MethodDefinition' && member.static ? text.replace(/^static\s+/, '') : text,
				inside,
			);
		}
		if (member.type === 'StaticBlock') {
			visit(member, { ...above, isNested: true, owner: undefined });
			return;
		}
		for (const child of childrenOf(member)) visit(child, inside);
	}

	for (const item of code.items) visit(item.node, { item, isNested: false, owner: undefined });

	return {
		withText: (text) => byText.get(text) ?? [],
		isWritten: (node) => byNode.get(node),
		runAt({ line, column }) {
			const call = calls.get((starts[line] ?? 0) + column);
			const given = call?.arguments[0];
			return given === undefined ? undefined : propertyOf(code, given, 'run', 0);
		},
	};
}

/** Where V8 says that a call is: at the name that is called, or else at its parenthesis. */
function callPosition(text: string, { callee }: CallExpression): number {
	if (callee.type === 'Identifier') return callee.start;
	if (callee.type === 'MemberExpression' && !callee.computed) return callee.property.start;
	const plain = plainCallee(callee);
	return plain === callee ? callee.end : text.indexOf('(', text.indexOf(')', callee.end));
}

function isBlock(node: AnyNode): boolean {
	return /^(Block|For|ForIn|ForOf|While|DoWhile|Switch|If|Try)Statement$|^StaticBlock$/.test(node.type);
}

/** The value of a property of an object literal, also through constants and `...`. */
function propertyOf(code: Code, node: AnyNode, name: string, depth: number): AnyNode | undefined {
	const object = literalOf(code, node);
	if (object === undefined || depth > 10) return undefined;
	for (const property of [...object.properties].reverse()) {
		if (property.type === 'SpreadElement') {
			const spread = literalOf(code, property.argument);
			if (spread === undefined) return undefined;
			const found = propertyOf(code, spread, name, depth + 1);
			if (found !== undefined) return found;
			continue;
		}
		const { key, computed } = property;
		if (computed) return undefined;
		const written = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : '';
		if (written === name) return property.kind === 'init' ? property.value : undefined;
	}
	return undefined;
}

function literalOf(code: Code, node: AnyNode): (AnyNode & { type: 'ObjectExpression' }) | undefined {
	if (node.type === 'ObjectExpression') return node;
	const binding = node.type === 'Identifier' ? code.scopes.bindingOf(node) : undefined;
	const [source] = binding?.sources ?? [];
	if (!binding || source?.type !== 'ObjectExpression' || binding.sources.length > 1 || binding.assigned > 0)
		return undefined;
	return source;
}

function usesThis(node: AnyNode): boolean {
	if (node.type === 'ThisExpression' || node.type === 'Super') return true;
	return childrenOf(node).some((child) => usesThis(child));
}
