// Calls that change nothing that was given to them: scanmake's own words, methods of spaces, and what the language itself
// provides for reading. Knows nothing of items or identities.
import { wordsName } from './evaluate.ts';
import type { Code } from './items.ts';
import { type AnyNode, isFunction } from './syntax.ts';

/** `word`: scanmake's own; `fresh`: reads its arguments and answers something new; `reading`: answers something of them. */
export type Exemption = 'word' | 'fresh' | 'reading';

const spaceWords = new Set(['grid', 'zip', 'list', 'table', 'neurotools', 'sample']);
const spaceMethods = new Set(['times', 'plus', 'where', 'drop', 'pick', 'with', 'derive', 'trials']);
const freshObjects = new Set(['Math', 'JSON', 'Number', 'String', 'console', 'Symbol', 'BigInt', 'Intl']);
const freshFunctions = new Set(
	'Number String Boolean BigInt Symbol parseFloat parseInt isNaN isFinite structuredClone'.split(' '),
);
const freshMembers = new Set(
	'Object.keys Object.is Object.hasOwn Array.isArray Date.now Date.UTC Date.parse'.split(' '),
);
const readingMembers = new Set(
	'Object.values Object.entries Object.fromEntries Object.getPrototypeOf Array.from Array.of Promise.resolve Promise.all'.split(
		' ',
	),
);
/** Their second argument may be a function, which they call. One that stands there itself is read as part of the code. */
const callbackMembers = new Set(['Array.from', 'JSON.parse', 'JSON.stringify']);
const makers = new Set(
	(
		'Map Set WeakMap WeakSet Array Object ArrayBuffer SharedArrayBuffer DataView URL URLSearchParams RegExp Date Error ' +
		'TypeError RangeError SyntaxError AggregateError TextEncoder TextDecoder AbortController Int8Array Uint8Array ' +
		'Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array BigInt64Array BigUint64Array'
	).split(' '),
);

/** Given to a function, these are no way to change a global. */
export const passiveGlobals = new Set(
	'undefined NaN Infinity Number String Boolean BigInt Symbol Math JSON parseFloat parseInt console arguments'.split(
		' ',
	),
);

/** Globals of the language and of Node whose methods change no state that functions of a scan might share. */
export const languageGlobals = new Set([
	...[...freshObjects, ...freshFunctions, ...makers, ...passiveGlobals],
	...(
		'Promise Reflect Proxy WeakRef FinalizationRegistry Iterator Atomics WebAssembly EvalError ReferenceError URIError ' +
		'process Buffer performance crypto fetch Headers Request Response FormData Blob File EventTarget Event ' +
		'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask atob btoa ' +
		'encodeURI encodeURIComponent decodeURI decodeURIComponent escape unescape navigator require'
	).split(' '),
]);

/** Whether and why a call (or `new`) leaves its arguments, and what it is a method of, as they are. */
export function exemptionOf(code: Code, node: AnyNode): Exemption | undefined {
	if (node.type === 'NewExpression') {
		return node.callee.type === 'Identifier' && isGlobal(code, node.callee, makers) ? 'reading' : undefined;
	}
	if (node.type !== 'CallExpression') return undefined;
	if (wordOf(code, node.callee) !== undefined) return 'word';
	const callee = plainCallee(node.callee);
	if (callee.type === 'Identifier') {
		if (isWrapper(code, callee)) return 'reading';
		return isGlobal(code, callee, freshFunctions) ? 'fresh' : undefined;
	}
	if (callee.type !== 'MemberExpression') return undefined;
	if (isSpace(code, callee.object)) return 'word';
	if (callee.object.type !== 'Identifier' || code.scopes.bindingOf(callee.object) !== null) return undefined;
	const member = `${callee.object.name}.${propertyName(callee) ?? ''}`;
	if (callbackMembers.has(member) && mayBeFunction(node.arguments[1])) return undefined;
	if (freshObjects.has(callee.object.name) || freshMembers.has(member)) return 'fresh';
	return readingMembers.has(member) ? 'reading' : undefined;
}

function mayBeFunction(node: AnyNode | undefined): boolean {
	return node !== undefined && !isFunction(node) && node.type !== 'Literal' && node.type !== 'ArrayExpression';
}

/** Whether a callee is a function of the bundler that wraps modules; `__export` and its like do put things into others. */
export function isWrapper(code: Code, callee: AnyNode): boolean {
	if (callee.type !== 'Identifier' || !/^__(commonJS|esm|toESM|toCommonJS|require)/.test(callee.name)) return false;
	const binding = code.scopes.bindingOf(callee);
	return binding ? code.itemOf(binding)?.isHelper === true : false;
}

/** The word of scanmake that an expression names, also through a constant or a module that exports all words again. */
export function wordOf(code: Code, expression: AnyNode, depth = 0): string | undefined {
	const callee = plainCallee(expression);
	const object = callee.type === 'MemberExpression' ? callee.object : callee;
	const binding = object.type === 'Identifier' ? code.scopes.bindingOf(object) : undefined;
	if (!binding) return undefined;
	const external = code.externalOf(binding);
	if (callee.type === 'MemberExpression') {
		const isAll = external?.from === wordsName && external.imported === '*';
		return isAll || code.passesOn(binding, wordsName) ? propertyName(callee) : undefined;
	}
	if (external !== undefined) return external.from === wordsName ? external.imported : undefined;
	const [source] = binding.sources;
	if (source?.type !== 'Identifier' || binding.sources.length > 1 || binding.assigned > 0 || depth > 10)
		return undefined;
	return wordOf(code, source, depth + 1);
}

/** Whether an expression is surely a parameter space. */
export function isSpace(code: Code, expression: AnyNode, seen: readonly AnyNode[] = []): boolean {
	if (expression.type === 'CallExpression') {
		const word = wordOf(code, expression.callee);
		if (word !== undefined) return spaceWords.has(word);
		const { callee } = expression;
		if (callee.type !== 'MemberExpression') return false;
		return spaceMethods.has(propertyName(callee) ?? '') && isSpace(code, callee.object, seen);
	}
	if (expression.type !== 'Identifier') return false;
	const binding = code.scopes.bindingOf(expression);
	const [source] = binding?.sources ?? [];
	if (!binding || source === undefined || binding.sources.length > 1 || binding.assigned > 0) return false;
	return !seen.includes(source) && isSpace(code, source, [...seen, source]);
}

/** The name of a property that is written as a name or a string. */
export function propertyName(node: AnyNode & { type: 'MemberExpression' }): string | undefined {
	const { property, computed } = node;
	if (property.type === 'Identifier' && !computed) return property.name;
	return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined;
}

/** `f` of `(0, f)`, as bundlers write a call without its object. */
export function plainCallee(callee: AnyNode): AnyNode {
	if (callee.type === 'SequenceExpression') return callee.expressions.at(-1) ?? callee;
	return callee.type === 'ChainExpression' ? callee.expression : callee;
}

function isGlobal(code: Code, node: AnyNode & { type: 'Identifier' }, names: ReadonlySet<string>): boolean {
	return names.has(node.name) && code.scopes.bindingOf(node) === null;
}
