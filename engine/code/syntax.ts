// Code as a tree: the sole user of acorn, loaded only when something changed.
// Knows nothing of what the nodes mean.
import { type AnyNode, type Options, type Program, parse } from 'acorn';

export type {
	AnyNode,
	CallExpression,
	Class,
	Expression,
	Function as FunctionNode,
	Identifier,
	Pattern,
	Program,
} from 'acorn';

const options: Options = { ecmaVersion: 'latest', sourceType: 'module' };

/** The tree of an ES module. */
export function parseModule(code: string): Program {
	return parse(code, options);
}

/** The tree of the body of an async function. */
export function parseBody(code: string): Program {
	return parse(code, { ...options, allowReturnOutsideFunction: true });
}

/** A node's parts by name, in an order that does not depend on the parser. */
export function partsOf(node: AnyNode): [string, unknown][] {
	const parts: [string, unknown][] = [];
	for (const [name, part] of Object.entries(node)) {
		if (name !== 'type' && name !== 'start' && name !== 'end' && name !== 'raw') parts.push([name, part]);
	}
	return parts.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The nodes directly below a node, in the order of the text. */
export function childrenOf(node: AnyNode): AnyNode[] {
	const children: AnyNode[] = [];
	for (const part of Object.values(node) as unknown[]) {
		if (Array.isArray(part)) children.push(...part.filter(isNode));
		else if (isNode(part)) children.push(part);
	}
	return children;
}

export function isNode(part: unknown): part is AnyNode {
	return typeof part === 'object' && part !== null && 'type' in part && 'start' in part;
}

/** Whether a node is a function of any form. */
export function isFunction(
	node: AnyNode,
): node is AnyNode & { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' } {
	return (
		node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression'
	);
}

/** Whether a node is a class of either form. */
export function isClass(node: AnyNode): node is AnyNode & { type: 'ClassDeclaration' | 'ClassExpression' } {
	return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** Calls `visit` for a node and all below it, the node first; what it answers false for is not entered. */
export function walk(node: AnyNode, visit: (node: AnyNode) => boolean): void {
	if (!visit(node)) return;
	for (const child of childrenOf(node)) walk(child, visit);
}
