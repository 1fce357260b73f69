// What each name in a program refers to: declarations in their scopes, hoisting and shadowing as in the language.
// A name that is declared nowhere is a global. Knows nothing of bundles, modules or rules.
import {
	type AnyNode,
	childrenOf,
	type FunctionNode,
	type Identifier,
	isClass,
	isFunction,
	type Pattern,
	type Program,
} from './syntax.ts';

/** One declared name. */
export interface Binding {
	readonly name: string;
	/** Declared at the top level of the program. */
	readonly isTop: boolean;
	/** Where it is declared, as an offset in the text. */
	readonly at: number;
	/** Expressions, functions and classes whose value it may hold. */
	readonly sources: AnyNode[];
	/** How often it is assigned, its initialiser aside. */
	assigned: number;
}

export interface Scopes {
	/** The declared names of the top level. */
	readonly top: ReadonlyMap<string, Binding>;
	/** What an identifier refers to or declares; null: a global; undefined: it is no name (a property, a label). */
	bindingOf(identifier: AnyNode): Binding | null | undefined;
}

interface Scope {
	readonly parent: Scope | undefined;
	readonly names: Map<string, Binding>;
}

/** Resolves every name of a program (strict code). */
export function scopesOf(program: Program): Scopes {
	const found = new Map<AnyNode, Binding | null>();
	const top: Scope = { parent: undefined, names: new Map() };

	function declare(scope: Scope, identifier: Identifier, source?: AnyNode | null): void {
		let binding = scope.names.get(identifier.name);
		if (binding === undefined) {
			binding = { name: identifier.name, isTop: scope === top, at: identifier.start, sources: [], assigned: 0 };
			scope.names.set(identifier.name, binding);
		}
		if (source) binding.sources.push(source);
		found.set(identifier, binding);
	}

	function declarePattern(scope: Scope, pattern: AnyNode, source?: AnyNode | null): void {
		for (const { identifier, fallback } of patternNames(pattern)) {
			declare(scope, identifier, source);
			if (fallback !== undefined) declare(scope, identifier, fallback);
		}
	}

	/** `var` wherever it stands in a function's own statements. */
	function hoist(scope: Scope, node: AnyNode): void {
		if (isFunction(node) || node.type === 'StaticBlock') return;
		if (node.type === 'VariableDeclaration' && node.kind === 'var') {
			for (const { id, init } of node.declarations) declarePattern(scope, id, init);
		}
		if (node.type === 'ForInStatement' || node.type === 'ForOfStatement') {
			const { left } = node;
			if (left.type === 'VariableDeclaration' && left.kind === 'var') {
				for (const { id } of left.declarations) declarePattern(scope, id, node.right);
			}
		}
		for (const child of childrenOf(node)) hoist(scope, child);
	}

	/** What a block declares directly: `let`, `const`, classes and functions. */
	function declareLexical(scope: Scope, statements: readonly AnyNode[]): void {
		for (const statement of statements) {
			if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
				for (const { id, init } of statement.declarations) declarePattern(scope, id, init);
			} else if (isFunction(statement) || isClass(statement)) {
				if (statement.id) declare(scope, statement.id, statement);
			}
		}
	}

	function assign(target: AnyNode, value: AnyNode | undefined, scope: Scope): void {
		for (const { identifier, fallback } of patternNames(target)) {
			const binding = lookUp(scope, identifier.name);
			if (binding === null) continue;
			binding.assigned++;
			if (value !== undefined) binding.sources.push(value);
			if (fallback !== undefined) binding.sources.push(fallback);
		}
	}

	function lookUp(scope: Scope | undefined, name: string): Binding | null {
		for (let at = scope; at !== undefined; at = at.parent) {
			const binding = at.names.get(name);
			if (binding !== undefined) return binding;
		}
		return null;
	}

	function block(node: AnyNode, statements: readonly AnyNode[], scope: Scope): void {
		const inner: Scope = { parent: scope, names: new Map() };
		declareLexical(inner, statements);
		for (const child of childrenOf(node)) visit(child, inner);
	}

	function enterFunction(node: FunctionNode & AnyNode, scope: Scope): void {
		const named: Scope = { parent: scope, names: new Map() };
		if (node.type === 'FunctionExpression' && node.id) declare(named, node.id, node);
		const params: Scope = { parent: named, names: new Map() };
		params.names.set('arguments', { name: 'arguments', isTop: false, at: node.start, sources: [], assigned: 0 });
		if (node.type === 'ArrowFunctionExpression') params.names.delete('arguments');
		for (const param of node.params) declarePattern(params, param);
		for (const param of node.params) visit(param, params);
		// A body does not see itself from the defaults of the parameters, so it has a scope of its own.
		const body: Scope = { parent: params, names: new Map() };
		hoist(body, node.body);
		if (node.body.type !== 'BlockStatement') {
			visit(node.body, body);
			return;
		}
		declareLexical(body, node.body.body);
		for (const statement of node.body.body) visit(statement, body);
	}

	function visit(node: AnyNode, scope: Scope): void {
		if (isFunction(node)) {
			enterFunction(node, scope);
			return;
		}
		switch (node.type) {
			case 'Identifier':
				if (!found.has(node)) found.set(node, lookUp(scope, node.name));
				return;
			case 'MemberExpression':
			case 'Property':
			case 'MethodDefinition':
			case 'PropertyDefinition': {
				const name = node.type === 'MemberExpression' ? node.property : node.key;
				for (const child of childrenOf(node)) if (child !== name || node.computed) visit(child, scope);
				return;
			}
			case 'LabeledStatement':
				visit(node.body, scope);
				return;
			case 'BreakStatement':
			case 'ContinueStatement':
			case 'MetaProperty':
				return;
			case 'AssignmentExpression':
				assign(node.left, node.right, scope);
				break;
			case 'UpdateExpression':
				assign(node.argument, undefined, scope);
				break;
			case 'BlockStatement':
				block(node, node.body, scope);
				return;
			case 'StaticBlock': {
				const inner: Scope = { parent: scope, names: new Map() };
				for (const statement of node.body) hoist(inner, statement);
				block(node, node.body, inner);
				return;
			}
			case 'SwitchStatement':
				visit(node.discriminant, scope);
				switchCases(node.cases, scope);
				return;
			case 'ForStatement':
				block(node, node.init ? [node.init] : [], scope);
				return;
			case 'ForInStatement':
			case 'ForOfStatement':
				forEach(node, scope);
				return;
			case 'CatchClause': {
				const inner: Scope = { parent: scope, names: new Map() };
				if (node.param) declarePattern(inner, node.param);
				for (const child of childrenOf(node)) visit(child, inner);
				return;
			}
			case 'ClassDeclaration':
			case 'ClassExpression': {
				const inner: Scope = { parent: scope, names: new Map() };
				// Inside, a class's name is a constant of its own.
				if (node.id) inner.names.set(node.id.name, lookUpOr(scope, node));
				for (const child of childrenOf(node)) if (child !== node.id) visit(child, inner);
				return;
			}
		}
		for (const child of childrenOf(node)) visit(child, scope);
	}

	function lookUpOr(scope: Scope, node: AnyNode & { type: 'ClassDeclaration' | 'ClassExpression' }): Binding {
		const name = node.id?.name ?? '';
		const outer = node.type === 'ClassDeclaration' ? lookUp(scope, name) : null;
		const binding = outer ?? { name, isTop: false, at: node.start, sources: [node], assigned: 0 };
		if (node.id) found.set(node.id, binding);
		return binding;
	}

	function switchCases(cases: readonly (AnyNode & { type: 'SwitchCase' })[], scope: Scope): void {
		const inner: Scope = { parent: scope, names: new Map() };
		declareLexical(
			inner,
			cases.flatMap(({ consequent }) => consequent),
		);
		for (const one of cases) for (const child of childrenOf(one)) visit(child, inner);
	}

	function forEach(node: AnyNode & { type: 'ForInStatement' | 'ForOfStatement' }, scope: Scope): void {
		const inner: Scope = { parent: scope, names: new Map() };
		if (node.left.type !== 'VariableDeclaration') assign(node.left, node.right, scope);
		else if (node.left.kind !== 'var') {
			for (const { id } of node.left.declarations) declarePattern(inner, id, node.right);
		}
		visit(node.left, inner);
		visit(node.right, scope);
		visit(node.body, inner);
	}

	for (const statement of program.body) hoist(top, statement);
	declareLexical(top, program.body);
	for (const statement of program.body) visit(statement, top);
	return { top: top.names, bindingOf: (identifier) => found.get(identifier) };
}

/** The names that a pattern declares or assigns, with the default that each may take. */
export function patternNames(
	pattern: AnyNode,
	fallback?: AnyNode,
): { readonly identifier: Identifier; readonly fallback: AnyNode | undefined }[] {
	switch (pattern.type) {
		case 'Identifier':
			return [{ identifier: pattern, fallback }];
		case 'ObjectPattern':
			return pattern.properties.flatMap((property) =>
				patternNames(property.type === 'RestElement' ? property.argument : property.value, fallback),
			);
		case 'ArrayPattern':
			return pattern.elements.flatMap((element: Pattern | null) => (element ? patternNames(element, fallback) : []));
		case 'RestElement':
			return patternNames(pattern.argument, fallback);
		case 'AssignmentPattern':
			return patternNames(pattern.left, pattern.right);
		default:
			return [];
	}
}
