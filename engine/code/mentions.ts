// Reads of the world that a text does not show the value of: environment, chance, clock, network, files.
// Knows nothing of what is done about them.
import { propertyName } from './exempt.ts';
import type { Code } from './items.ts';
import type { AnyNode } from './syntax.ts';

/** One such read. */
export interface Mention {
	readonly kind: 'environment' | 'chance' | 'clock' | 'network' | 'module' | 'place' | 'other';
	/** As one would write it. */
	readonly what: string;
	/** The environment variable, where it is known. */
	readonly variable?: string | undefined;
	readonly node: AnyNode;
}

/** The read that a node is; of `process.env.RATE` the outermost node alone. */
export function mentionOf(code: Code, node: AnyNode): Mention | undefined {
	if (node.type === 'MemberExpression') return memberMention(code, node);
	if (node.type !== 'Identifier') return undefined;
	const binding = code.scopes.bindingOf(node);
	if (binding === undefined) return undefined;
	if (binding === null) return globalMention(node.name, node);
	if (code.metaOf(binding) !== undefined) return { kind: 'place', what: 'import.meta', node };
	const from = code.externalOf(binding)?.from;
	// It exports what the process has, not functions alone: `import { env } from "node:process"`.
	if (from === 'node:process') return { kind: 'other', what: 'process', node };
	return from?.startsWith('node:') ? { kind: 'module', what: from, node } : undefined;
}

function globalMention(name: string, node: AnyNode): Mention | undefined {
	switch (name) {
		case 'process':
			return { kind: 'other', what: name, node };
		case 'Date':
		case 'performance':
			return { kind: 'clock', what: name, node };
		case 'fetch':
			return { kind: 'network', what: name, node };
		case 'crypto':
			return { kind: 'chance', what: name, node };
		default:
			return undefined;
	}
}

function memberMention(code: Code, node: AnyNode & { type: 'MemberExpression' }): Mention | undefined {
	const name = propertyName(node);
	const { object } = node;
	if (isGlobal(code, object, 'Math'))
		return name === 'random' ? { kind: 'chance', what: 'Math.random', node } : undefined;
	if (isGlobalObject(code, object) && name !== undefined) return globalMention(name, node);
	return undefined;
}

/** `globalThis`, or a constant that is nothing else. */
function isGlobalObject(code: Code, node: AnyNode): boolean {
	if (isGlobal(code, node, 'globalThis')) return true;
	const binding = node.type === 'Identifier' ? code.scopes.bindingOf(node) : undefined;
	const [source] = binding?.sources ?? [];
	if (!binding || source === undefined || binding.sources.length > 1 || binding.assigned > 0) return false;
	return isGlobal(code, source, 'globalThis');
}

/** Whether an expression is a global of this name. */
export function isGlobal(code: Code, node: AnyNode, name: string): boolean {
	return node.type === 'Identifier' && node.name === name && code.scopes.bindingOf(node) === null;
}
