// What can be told of a callee and of a function's parameters from the text alone.
// Knows nothing of effects or items.
import type { Code } from './items.ts';
import type { Binding } from './scopes.ts';
import { type AnyNode, childrenOf, isClass, isFunction } from './syntax.ts';

/** Functions and classes of the bundle: what a call of them changes stands in their text. */
export function isOnlyCode(code: Code, callee: AnyNode): boolean {
	const binding = callee.type === 'Identifier' ? code.scopes.bindingOf(callee) : undefined;
	if (!binding) return callee.type === 'Super';
	return binding.sources.length > 0 && binding.sources.every((source) => isFunction(source) || isClass(source));
}

/** The names that a parameter declares, and those in its defaults. */
export function namesIn(code: Code, pattern: AnyNode): Binding[] {
	const binding = pattern.type === 'Identifier' ? code.scopes.bindingOf(pattern) : undefined;
	return binding ? [binding] : childrenOf(pattern).flatMap((child) => namesIn(code, child));
}

/** Whether a function's text mentions `arguments`. */
export function usesArguments(node: AnyNode): boolean {
	if (node.type === 'Identifier') return node.name === 'arguments';
	return childrenOf(node).some(usesArguments);
}

/** Whether a callee is a package's, Node's or the language's, and not known to be harmless. */
export function isOutside(code: Code, callee: AnyNode): boolean {
	let at = callee;
	while (at.type === 'MemberExpression' || at.type === 'ChainExpression') {
		at = at.type === 'MemberExpression' ? at.object : at.expression;
	}
	if (at.type !== 'Identifier') return false;
	const binding = code.scopes.bindingOf(at);
	if (binding === null) return at.name !== 'Object' && at.name !== 'Reflect';
	if (binding === undefined || !binding.isTop) return false;
	return code.externalOf(binding) !== undefined || code.itemOf(binding) === undefined;
}
