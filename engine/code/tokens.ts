// Code as a list of tokens in which neither comments, layout nor the names that a bundler chose count.
// A local name is written by the order in which it occurs, a top-level one is left for the reader to number.
// Knows nothing of what is reached.

import type { Code, Item } from './items.ts';
import { mentionsPackage, type PackageTexts } from './packages.ts';
import type { Binding } from './scopes.ts';
import { type AnyNode, isNode, partsOf } from './syntax.ts';

/** Text, or a top-level name. */
export type Token = string | Binding;

/** Writes nodes of one bundle as tokens; each node once. */
export function tokenWriter(code: Code, packages: PackageTexts): (node: AnyNode) => readonly Token[] {
	const written = new Map<AnyNode, readonly Token[]>();
	return (node) => {
		let tokens = written.get(node);
		if (tokens === undefined) {
			tokens = tokensOf(code, packages, node);
			written.set(node, tokens);
		}
		return tokens;
	};
}

function tokensOf(code: Code, packages: PackageTexts, root: AnyNode): Token[] {
	const tokens: Token[] = [];
	const locals = new Map<Binding, number>();
	let text = '';

	function name(node: AnyNode & { type: 'Identifier' }): void {
		const binding = code.scopes.bindingOf(node);
		if (binding === undefined) text += `'${node.name} `;
		else if (binding === null) text += `globalThis.${node.name} `;
		else if (binding.isTop) {
			tokens.push(text, binding);
			text = ' ';
		} else {
			const index = locals.get(binding) ?? locals.size;
			locals.set(binding, index);
			text += `${index}:${writtenName(binding.name)} `;
		}
	}

	function write(node: AnyNode): void {
		if (node.type === 'Identifier') {
			name(node);
			return;
		}
		if (node.type === 'Literal' && typeof node.value === 'string' && mentionsPackage(packages, node.value)) {
			text += `package ${packages[node.value]} `;
			return;
		}
		text += `(${node.type} `;
		for (const [part, value] of partsOf(node)) {
			if (part === 'key' && isQuotedName(node)) {
				text += `key='${node.key.value} `;
				continue;
			}
			// In `{ rate }` and `{ rate: rate2 }` a bundler may have written either.
			if (part === 'shorthand' || value === false || value === null || value === undefined) continue;
			writePart(part, value);
		}
		text += ')';
	}

	function writePart(part: string, value: unknown): void {
		if (Array.isArray(value)) {
			if (value.length === 0) return;
			text += `${part}[`;
			for (const one of value) {
				if (isNode(one)) write(one);
				else text += '- ';
			}
			text += ']';
		} else if (isNode(value)) {
			text += `${part}=`;
			write(value);
		} else if (typeof value === 'object' && value !== null && !(value instanceof RegExp)) {
			text += `${part}=${JSON.stringify(value)} `;
		} else if (typeof value === 'string') text += `${part}=${JSON.stringify(value)} `;
		else text += `${part}=${String(value)} `;
	}

	write(root);
	tokens.push(text);
	return tokens;
}

/** `{ "rate": 1 }`, which is `{ rate: 1 }`. */
function isQuotedName(node: AnyNode): node is AnyNode & { type: 'Property'; key: { type: 'Literal' } } {
	if (node.type !== 'Property' || node.computed || node.key.type !== 'Literal') return false;
	return (
		typeof node.key.value === 'string' && /^[A-Za-z_$][\w$]*$/.test(node.key.value) && node.key.value !== '__proto__'
	);
}

/** A name as it was declared, as far as one can tell: bundlers count up names that occur twice. */
export function writtenName(name: string): string {
	if (/._default\d*$/.test(name)) return 'default';
	return name.replace(/(?<=.)\d+$/, '');
}

/** Longer literals are not shown. */
const longestShown = 40;

/** The text of a name's value where that is a number, a short text or the like. */
export function shownLiteral({ text }: Code, { node, names }: Item): { readonly shown?: string } {
	const value = node.type === 'VariableDeclarator' && names.length === 1 ? node.init : undefined;
	const inner = value?.type === 'UnaryExpression' ? value.argument : value;
	if (!value || inner?.type !== 'Literal' || value.end - value.start > longestShown) return {};
	return { shown: text.slice(value.start, value.end) };
}
