// What a piece of code may do when it is executed: which names it mentions and changes, whether it calls what cannot be
// followed, and which reads of the world (clock, environment, chance) stand in it. Follows no name by itself.
import type { Aliases, Root } from './aliases.ts';
import { isOnlyCode, isOutside, namesIn, usesArguments } from './callees.ts';
import { exemptionOf, isWrapper, plainCallee, propertyName } from './exempt.ts';
import type { Code } from './items.ts';
import { isGlobal, type Mention, mentionOf } from './mentions.ts';
import type { Binding } from './scopes.ts';
import { type AnyNode, childrenOf, type FunctionNode, isClass, isFunction } from './syntax.ts';

/** What is known of a piece of code. */
export interface Effects {
	/** Top-level names that it mentions, and those into which it only assigns. */
	readonly names: Set<Binding>;
	readonly targets: Set<Binding>;
	/** Names that are given another value. */
	readonly assigned: Set<Root>;
	/** What is assigned into. */
	readonly written: Set<Root>;
	/** What a method is called of. */
	readonly called: Set<Root>;
	/** What is given to a function. */
	readonly given: Set<Root>;
	/** What is put somewhere else. */
	readonly stored: Set<Root>;
	readonly mentions: Mention[];
	/** It calls, assigns or awaits at all. */
	acts: boolean;
	/** It does what may call a function without a call: a property, a spread, an operator. */
	mayCall: boolean;
	/** It calls something that is neither in the bundle nor known to be harmless. */
	callsOutside: boolean;
}

/** The effects of the items' own execution, and those of the functions that they declare. */
export interface ItemEffects {
	readonly now: Effects;
	readonly later: Effects;
}

/** Of code that does nothing. */
export function noEffects(): Effects {
	return {
		...{
			names: new Set(),
			assigned: new Set(),
			written: new Set(),
			called: new Set(),
			given: new Set(),
			stored: new Set(),
		},
		...{ targets: new Set(), mentions: [], acts: false, mayCall: false, callsOutside: false },
	};
}

const implicitCalls =
	/^(Member|Binary|Unary|Update|Tagged|Template|Await|Yield)\w*$|^(SpreadElement|ArrayPattern|ObjectPattern|ForOfStatement)$/;

/** Reads effects off the nodes of one bundle. */
export function effectsReader(code: Code, aliases: Aliases) {
	const bodies = new Map<AnyNode, Effects>();
	const open = new Set<AnyNode>();

	/** Effects of a top-level declaration or statement, or of an expression. */
	function ofItem(node: AnyNode): ItemEffects {
		const now = noEffects();
		const later = noEffects();
		if (node.type === 'VariableDeclarator') {
			readValue(node.id, now, later);
			if (node.init) readValue(node.init, now, later);
		} else if (node.type === 'ExpressionStatement' && node.expression.type === 'AssignmentExpression') {
			readAssignment(node.expression, now, later);
		} else readValue(node, now, later);
		return { now, later };
	}

	/** Effects of a function when it is called. */
	function ofFunction(node: FunctionNode & AnyNode): Effects {
		const before = bodies.get(node);
		if (before !== undefined) return before;
		const effects = noEffects();
		bodies.set(node, effects);
		open.add(node);
		readAll([...node.params, node.body], effects);
		open.delete(node);
		return effects;
	}

	function readAll(nodes: readonly (AnyNode | null | undefined)[], effects: Effects): void {
		for (const node of nodes) if (node) read(node, effects);
	}

	/** An expression whose value is kept: the functions in it are not called yet. */
	function readValue(node: AnyNode, now: Effects, later: Effects): void {
		if (isFunction(node)) {
			readAll([...node.params, node.body], later);
			return;
		}
		if (isClass(node)) {
			readClass(node, now, later);
			return;
		}
		switch (node.type) {
			case 'ObjectExpression':
			case 'ArrayExpression':
			case 'Property':
			case 'ConditionalExpression':
			case 'LogicalExpression':
			case 'SequenceExpression':
				for (const child of childrenOf(node)) readValue(child, now, later);
				return;
			case 'CallExpression':
				// A wrapped module runs when it is first asked for.
				if (!isWrapper(code, node.callee)) read(node, now);
				else for (const given of node.arguments) readValue(given, now, later);
				return;
			default:
				read(node, now);
		}
	}

	function readClass(
		node: AnyNode & { type: 'ClassDeclaration' | 'ClassExpression' },
		now: Effects,
		later: Effects,
	): void {
		if (node.superClass) readValue(node.superClass, now, later);
		for (const member of node.body.body) {
			if (member.type === 'StaticBlock') {
				readAll(member.body, now);
				continue;
			}
			if (member.computed) read(member.key, now);
			if (member.type === 'PropertyDefinition' && member.static && member.value) readValue(member.value, now, later);
			else if (member.value) read(member.value, later);
		}
	}

	/** Code that is executed. A function that stands in it may be called by it. */
	function read(node: AnyNode, effects: Effects): void {
		const mention = mentionOf(code, node);
		if (mention !== undefined) effects.mentions.push(mention);
		effects.mayCall ||= implicitCalls.test(node.type);
		switch (node.type) {
			case 'Identifier': {
				const binding = code.scopes.bindingOf(node);
				if (binding?.isTop) effects.names.add(binding);
				return;
			}
			case 'CallExpression':
			case 'NewExpression':
				readCall(node, effects);
				return;
			case 'TaggedTemplateExpression':
				effects.acts = true;
				effects.callsOutside ||= isOutside(code, node.tag);
				addRoots(node.quasi.expressions, effects.given);
				if (node.tag.type === 'MemberExpression') addRoots([node.tag.object], effects.called);
				break;
			case 'AssignmentExpression':
				readAssignment(node, effects, effects);
				return;
			case 'UpdateExpression':
				effects.acts = true;
				readTarget(node.argument, effects);
				return;
			case 'UnaryExpression':
				if (node.operator !== 'delete') break;
				effects.acts = true;
				readTarget(node.argument, effects);
				return;
			case 'ForInStatement':
			case 'ForOfStatement':
				effects.acts = true;
				if (node.left.type === 'VariableDeclaration') break;
				readTarget(node.left, effects);
				readAll([node.right, node.body], effects);
				return;
			case 'AwaitExpression':
			case 'YieldExpression':
				effects.acts = true;
				break;
			case 'ImportExpression':
				effects.acts = true;
				effects.callsOutside = true;
				break;
		}
		readAll(childrenOf(node), effects);
	}

	/** A function that is assigned is not called yet. */
	function readAssignment(node: AnyNode & { type: 'AssignmentExpression' }, now: Effects, later: Effects): void {
		now.acts = true;
		readTarget(node.left, now);
		addRoots([node.right], now.stored);
		readValue(node.right, now, later);
	}

	/** What is assigned to is not thereby read or called: `process.env.THREADS = "1"` reads nothing. */
	function readTarget(target: AnyNode, effects: Effects): void {
		switch (target.type) {
			case 'Identifier': {
				const binding = code.scopes.bindingOf(target);
				if (binding !== undefined) effects.assigned.add(binding ?? target.name);
				return;
			}
			case 'MemberExpression':
				addRoots([target.object], effects.written);
				for (let at: AnyNode = target; at.type === 'MemberExpression'; at = at.object) {
					if (at.computed) read(at.property, effects);
					const binding = at.object.type === 'Identifier' ? code.scopes.bindingOf(at.object) : undefined;
					if (binding?.isTop) effects.targets.add(binding);
					if (at.object.type !== 'MemberExpression' && at.object.type !== 'Identifier') read(at.object, effects);
				}
				return;
			case 'ChainExpression':
				readTarget(target.expression, effects);
				return;
			case 'Property':
				if (target.computed) read(target.key, effects);
				readTarget(target.value, effects);
				return;
			case 'AssignmentPattern':
				read(target.right, effects);
				readTarget(target.left, effects);
				return;
			case 'ObjectPattern':
			case 'ArrayPattern':
			case 'RestElement':
				for (const child of childrenOf(target)) readTarget(child, effects);
		}
	}

	function addRoots(expressions: readonly AnyNode[], roots: Set<Root>): void {
		for (const expression of expressions) for (const root of aliases.rootsOf(expression)) roots.add(root);
	}

	function readCall(node: AnyNode & { type: 'CallExpression' | 'NewExpression' }, effects: Effects): void {
		const exemption = exemptionOf(code, node);
		if (exemption === 'word') {
			for (const given of node.arguments) readGiven(given, effects);
			return;
		}
		if (exemption !== undefined) {
			readAll([node.callee, ...node.arguments], effects);
			return;
		}
		effects.acts = true;
		const callee = plainCallee(node.callee);
		if (isProcessSetter(code, callee)) effects.written.add('process');
		effects.callsOutside ||= isOutside(code, callee);
		const known = node.type === 'CallExpression' ? aliases.functionOf(callee) : undefined;
		const spread = node.arguments.findIndex(({ type }) => type === 'SpreadElement');
		for (const [index, given] of node.arguments.entries()) {
			const isInPlace = spread < 0 || index < spread;
			if (known === undefined || !isInPlace || !leavesParameter(known, index)) addRoots([given], effects.given);
		}
		if (callee.type === 'MemberExpression' && node.type === 'CallExpression') addRoots([callee.object], effects.called);
		else if (known === undefined && !isOnlyCode(code, callee)) addRoots([callee], effects.called);
		readAll([node.callee, ...node.arguments], effects);
	}

	/** What is given to a word of scanmake counts only where something else is called in it. */
	function readGiven(node: AnyNode, effects: Effects): void {
		if (isFunction(node) || isClass(node)) return;
		const isCall = node.type === 'CallExpression' || node.type === 'NewExpression';
		const acts = isCall || /^(TaggedTemplate|Assignment|Update|Import|Await)Expression$/.test(node.type);
		const mention = acts ? undefined : mentionOf(code, node);
		if (mention !== undefined) effects.mentions.push(mention);
		if (acts) read(node, effects);
		else for (const child of childrenOf(node)) readGiven(child, effects);
	}

	/** Whether a function of the bundle surely neither changes nor stores what it is given at this place. */
	function leavesParameter(known: FunctionNode & AnyNode, index: number): boolean {
		const param = known.params[index];
		if (open.has(known)) return false;
		const effects = ofFunction(known);
		if (known.params.slice(0, index + 1).some(({ type }) => type === 'RestElement')) return false;
		if (usesArguments(known.body)) return false;
		if (param === undefined) return true;
		const touched = aliases.closure([
			...[...effects.assigned, ...effects.written, ...effects.called],
			...[...effects.given, ...effects.stored],
		]);
		return namesIn(code, param).every((binding) => !touched.has(binding));
	}

	return { ofItem };
}

/** `process.chdir` and its like change what other functions see of the world. */
function isProcessSetter(code: Code, callee: AnyNode): boolean {
	if (callee.type !== 'MemberExpression' || !isGlobal(code, callee.object, 'process')) return false;
	return /^(chdir|loadEnvFile|umask|set[eug]\w*)$/.test(propertyName(callee) ?? '');
}
