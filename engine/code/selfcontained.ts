// Whether a bundle's text decides all that its scan says: it imports nothing but scanmake's words and mentions nothing of
// the world, anywhere. Then a space that was laid out once is the same while the text is. Errs on the side of "no".

import { hostName, wordsName } from './evaluate.ts';
import { propertyName } from './exempt.ts';
import type { Code, ItemSource } from './items.ts';
import { isGlobal } from './mentions.ts';
import { type AnyNode, walk } from './syntax.ts';

// Globals that are the same everywhere and lead nowhere else.
const plainGlobals = new Set(
	(
		'undefined NaN Infinity Number String Boolean BigInt Symbol Array Object JSON Map Set WeakMap WeakSet RegExp Promise ' +
		'Error TypeError RangeError SyntaxError isFinite isNaN parseFloat parseInt console structuredClone ArrayBuffer ' +
		'SharedArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array ' +
		'Float32Array Float64Array BigInt64Array BigUint64Array'
	).split(' '),
);

/** Whether the scan depends on the bundle's text alone. */
export function isSelfContained(code: Code, source: ItemSource): boolean {
	if (source.modules.length > 0 || source.imports.some(({ from }) => from !== wordsName)) return false;
	let is = true;
	walk(code.program, (node) => {
		if (!is) return false;
		if (node.type === 'MemberExpression') {
			is = isPlainMember(code, node);
			return is && !isGlobal(code, node.object, 'Math') && !isGlobal(code, node.object, hostName);
		}
		if (node.type === 'ImportExpression' || node.type === 'MetaProperty') is = false;
		if (node.type === 'Identifier' && code.scopes.bindingOf(node) === null) is = plainGlobals.has(node.name);
		return is;
	});
	return is;
}

// `Math.random`, what depends on the machine's language, and the ways from a value to its makers are not plain; nor is
// anything of Math or of the host that cannot be named.
function isPlainMember(code: Code, node: AnyNode & { type: 'MemberExpression' }): boolean {
	const name = propertyName(node);
	if (isGlobal(code, node.object, 'Math')) return name !== undefined && name !== 'random';
	if (isGlobal(code, node.object, hostName)) return name === 'imports';
	return name === undefined || !/^(toLocale\w*|localeCompare|constructor|__proto__|stack)$/.test(name);
}
