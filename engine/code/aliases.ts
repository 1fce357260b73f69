// Which names may hold (parts of) what an expression answers, so that a change of the one is a change of the other.
// Errs on the side of too many. Names are bindings, globals by their name, and packages as `package:…`.
// Knows nothing of items or identities.
import { exemptionOf, passiveGlobals, plainCallee, propertyName } from './exempt.ts';
import type { Code } from './items.ts';
import { isGlobal } from './mentions.ts';
import { packageName } from './packages.ts';
import type { Binding } from './scopes.ts';
import { type AnyNode, childrenOf, type FunctionNode, isClass, isFunction, walk } from './syntax.ts';

/** A declared name, the name of a global, a package, or a function, which stands for what it may answer. */
export type Root = Binding | string | (FunctionNode & AnyNode);

export interface Aliases {
	/** The names that an expression's value hangs on directly. */
	rootsOf(expression: AnyNode): ReadonlySet<Root>;
	/** These names and all that they may share their contents with. */
	closure(roots: Iterable<Root>): ReadonlySet<Root>;
	/** The one function that a callee surely is, where it is a function of the bundle. */
	functionOf(callee: AnyNode): (FunctionNode & AnyNode) | undefined;
}

/** A package as a root: all its entries share what it holds. */
export function packageRoot(from: string): string {
	return `package:${packageName(from)}`;
}

/** Reads all assignments and calls of a bundle once. */
export function aliasesOf(code: Code): Aliases {
	const kept = new Map<Binding, AnyNode[]>();
	const answers = new Map<AnyNode, ReadonlySet<Root>>();
	const next = new Map<Binding, ReadonlySet<Root>>();
	walk(code.program, (node) => {
		noteStores(node);
		return true;
	});

	function keep(holder: AnyNode, values: readonly AnyNode[]): void {
		const binding = holderOf(holder);
		if (binding === undefined || values.length === 0) return;
		const list = kept.get(binding);
		if (list === undefined) kept.set(binding, [...values]);
		else list.push(...values);
	}

	function holderOf(expression: AnyNode): Binding | undefined {
		let at = expression;
		while (at.type === 'MemberExpression' || at.type === 'ChainExpression') {
			at = at.type === 'MemberExpression' ? at.object : at.expression;
		}
		return (at.type === 'Identifier' && code.scopes.bindingOf(at)) || undefined;
	}

	/** What is put into what a name holds: by assignment into it, by its methods, by functions that it is given to. */
	function noteStores(node: AnyNode): void {
		if (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression') {
			keep(node.left, [node.right]);
		} else if (node.type === 'CallExpression' && exemptionOf(code, node) === undefined) {
			const callee = plainCallee(node.callee);
			if (callee.type === 'MemberExpression') keep(callee.object, node.arguments);
			const known = functionOf(callee);
			for (const given of node.arguments) {
				const others = node.arguments.filter((other) => other !== given);
				keep(given, known === undefined || isHelper(callee) ? others : [...others, known.body]);
			}
		}
	}

	/** Whether the prototype of a value is surely something of the bundle: `new Cell()`, `Object.create(defaults)`. */
	function isOfBundle(expression: AnyNode): boolean {
		if (expression.type === 'NewExpression') {
			return expression.callee.type === 'Identifier' && code.scopes.bindingOf(expression.callee)?.isTop === true;
		}
		if (expression.type === 'CallExpression') {
			return expression.callee.type === 'MemberExpression' && propertyName(expression.callee) === 'create';
		}
		const binding = expression.type === 'Identifier' ? code.scopes.bindingOf(expression) : undefined;
		const [source] = binding?.sources ?? [];
		if (!binding || source === undefined || binding.sources.length > 1 || binding.assigned > 0) return false;
		return source.type !== 'Identifier' && isOfBundle(source);
	}

	function isEnvironment(node: AnyNode & { type: 'MemberExpression' }): boolean {
		return propertyName(node) === 'env' && isGlobal(code, node.object, 'process');
	}

	/** The bundler's own functions put nothing of their own into what they are given. */
	function isHelper(callee: AnyNode): boolean {
		const binding = callee.type === 'Identifier' ? code.scopes.bindingOf(callee) : undefined;
		return binding ? code.itemOf(binding)?.isHelper === true : false;
	}

	function functionOf(callee: AnyNode): (FunctionNode & AnyNode) | undefined {
		const node = plainCallee(callee);
		if (isFunction(node)) return node;
		const binding = node.type === 'Identifier' ? code.scopes.bindingOf(node) : undefined;
		const [source] = binding?.sources ?? [];
		if (!binding || source === undefined || binding.sources.length > 1 || binding.assigned > 0) return undefined;
		return isFunction(source) ? source : undefined;
	}

	function rootsOf(expression: AnyNode): ReadonlySet<Root> {
		const before = answers.get(expression);
		if (before !== undefined) return before;
		const roots = new Set<Root>();
		answers.set(expression, roots);
		addRoots(expression, roots);
		return roots;
	}

	function addAll(expressions: Iterable<AnyNode | null | undefined>, roots: Set<Root>): void {
		for (const expression of expressions) if (expression) for (const root of rootsOf(expression)) roots.add(root);
	}

	function addRoots(node: AnyNode, roots: Set<Root>): void {
		if (isFunction(node)) {
			roots.add(node);
			return;
		}
		switch (node.type) {
			case 'Identifier': {
				const binding = code.scopes.bindingOf(node);
				if (binding !== undefined) roots.add(binding ?? node.name);
				return;
			}
			case 'MemberExpression':
				// `process.env.RATE` is text.
				if (node.object.type === 'MemberExpression' && isEnvironment(node.object)) return;
				if (/^(__proto__|constructor)$/.test(propertyName(node) ?? '') && !isOfBundle(node.object)) roots.add('Object');
				addAll([node.object], roots);
				return;
			case 'CallExpression':
			case 'NewExpression':
				addCall(node, roots);
				return;
			case 'TaggedTemplateExpression':
				addAll([node.tag, functionOf(node.tag), ...node.quasi.expressions], roots);
				return;
			case 'ConditionalExpression':
				addAll([node.consequent, node.alternate], roots);
				return;
			case 'SequenceExpression':
				addAll([node.expressions.at(-1)], roots);
				return;
			case 'Property':
				addAll([node.value], roots);
				return;
			case 'AssignmentExpression':
				addAll([node.left, node.right], roots);
				return;
			case 'ImportExpression':
				roots.add('package:computed');
				return;
			case 'ClassDeclaration':
			case 'ClassExpression':
			case 'BlockStatement':
				addMentions(node, roots);
				return;
			case 'Literal':
			case 'TemplateLiteral':
			case 'UnaryExpression':
			case 'UpdateExpression':
			case 'BinaryExpression':
			case 'MetaProperty':
				return;
			default:
				// Arrays, objects, spreads, `await`, `||`, patterns: something of each part.
				addAll(childrenOf(node), roots);
				return;
		}
	}

	function addCall(node: AnyNode & { type: 'CallExpression' | 'NewExpression' }, roots: Set<Root>): void {
		const exemption = exemptionOf(code, node);
		if (exemption === 'word' || exemption === 'fresh') return;
		addAll(node.arguments, roots);
		const callee = plainCallee(node.callee);
		// What it answers may be the language's own: `Object.getPrototypeOf([])`.
		if (callee.type === 'MemberExpression' && propertyName(callee) === 'getPrototypeOf') {
			if (!node.arguments.every((given) => isOfBundle(given))) roots.add('Object');
		}
		if (exemption === 'reading') return;
		const known = functionOf(callee);
		if (known !== undefined) {
			addAll([known], roots);
			return;
		}
		// What `Object.create(…)` or `new Proxy(…)` answers is nothing of `Object` or `Proxy`.
		const owner = callee.type === 'MemberExpression' ? callee.object : callee;
		const isGlobal = owner.type === 'Identifier' && code.scopes.bindingOf(owner) === null;
		if (!isGlobal || owner.name === 'globalThis') addAll([callee], roots);
		const binding = callee.type === 'Identifier' ? code.scopes.bindingOf(callee) : undefined;
		if (binding)
			addAll(
				binding.sources.filter((source) => isFunction(source) || isClass(source)),
				roots,
			);
	}

	/** What a function may answer. */
	function answersOf(node: FunctionNode & AnyNode): AnyNode[] {
		if (node.body.type !== 'BlockStatement') return [node.body];
		const found: AnyNode[] = [];
		walk(node.body, (inner) => {
			if ((inner.type === 'ReturnStatement' || inner.type === 'YieldExpression') && inner.argument) {
				found.push(inner.argument);
			}
			return !isFunction(inner);
		});
		return found;
	}

	/** Everything that a text names, what it gives to scanmake's words aside. */
	function addMentions(node: AnyNode, roots: Set<Root>): void {
		walk(node, (inner) => {
			if (inner.type === 'Identifier') {
				const binding = code.scopes.bindingOf(inner);
				if (binding) roots.add(binding);
				else if (binding === null && !passiveGlobals.has(inner.name)) roots.add(inner.name);
			}
			if (inner.type !== 'CallExpression' && inner.type !== 'NewExpression') return true;
			const exemption = exemptionOf(code, inner);
			if (exemption === undefined) {
				const known = functionOf(inner.callee);
				if (known !== undefined) addAll([known], roots);
				return true;
			}
			if (exemption !== 'word') for (const given of inner.arguments) addMentions(given, roots);
			return false;
		});
	}

	function nextOf(binding: Binding): ReadonlySet<Root> {
		const before = next.get(binding);
		if (before !== undefined) return before;
		const roots = new Set<Root>();
		const external = code.externalOf(binding);
		if (external !== undefined) roots.add(packageRoot(external.from));
		// What the first line declares is from outside: its text says nothing.
		const isOutside = binding.isTop && code.itemOf(binding) === undefined;
		if (!isOutside)
			addAll(
				binding.sources.filter((source) => !isFunction(source) && !isClass(source)),
				roots,
			);
		addAll(kept.get(binding) ?? [], roots);
		next.set(binding, roots);
		return roots;
	}

	function closure(roots: Iterable<Root>): ReadonlySet<Root> {
		const found = new Set<Root>(roots);
		for (const root of found) {
			if (typeof root === 'string') continue;
			if (!('type' in root)) for (const other of nextOf(root)) found.add(other);
			else for (const answer of answersOf(root)) for (const other of rootsOf(answer)) found.add(other);
		}
		return found;
	}

	return { rootsOf, closure, functionOf };
}
