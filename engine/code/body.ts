// Turns a bundle, an ES module, into the body of an async function, every position after the first line as it was.
// Import declarations become constants in a line of their own, exports a returned value. Pure: text in, text out.
import { type ExternalImport, hostName } from './evaluate.ts';
import { type CodePosition, linesBeforeBundle, type Place } from './places.ts';
import { type AnyNode, parseModule, walk } from './syntax.ts';

/** The body, still without its last line, which returns what the Scanfile exports. */
export interface Body {
	readonly code: string;
	/** The expression that is the default export. */
	readonly found: string;
	readonly imports: readonly ExternalImport[];
	/** Files whose `import.meta` is mentioned, and what the body calls it. */
	readonly modules: readonly { readonly file: string; readonly local: string }[];
}

interface Edit {
	readonly start: number;
	readonly end: number;
	readonly text: string;
}

type Specifiers = ReadonlyMap<string, { readonly specifier: string }>;

/** The function body for a bundle. `placeAt` knows the sources of positions, counted as in the body. */
export function functionBody(
	bundle: string,
	externals: Specifiers,
	placeAt: (position: CodePosition) => Place | undefined,
): Body {
	const program = parseModule(bundle);
	const lines = lineStarts(bundle);
	const place = (node: AnyNode): Place | undefined => placeAt(positionIn(lines, node.start));
	const edits: Edit[] = [];
	const imports: ExternalImport[] = [];
	const modules: { file: string; local: string }[] = [];
	const metaName = freshName(bundle, '$meta', 11);
	const loadName = freshName(bundle, '$load', 6);
	const defaultName = freshName(bundle, '$found', 10);
	let found = 'undefined';

	for (const node of program.body) {
		if (node.type === 'ImportDeclaration') {
			const from = String(node.source.value);
			const at = place(node);
			const specifier = externals.get(from)?.specifier ?? from;
			imports.push({ from, specifier, names: importedNames(node), file: at?.file, line: at?.line });
			edits.push(blank(bundle, node));
		} else if (node.type === 'ExportNamedDeclaration') {
			for (const { exported, local } of node.specifiers) {
				const name = exported.type === 'Identifier' ? exported.name : String(exported.value);
				if (name === 'default' && local.type === 'Identifier') found = local.name;
			}
			edits.push(blank(bundle, node));
		} else if (node.type === 'ExportAllDeclaration') {
			edits.push(blank(bundle, node));
		} else if (node.type === 'ExportDefaultDeclaration') {
			edits.push({ start: node.start, end: node.declaration.start, text: `var ${defaultName} = ` });
			found = defaultName;
		}
	}

	let usesLoad = false;
	walk(program, (node) => {
		if (node.type === 'ImportExpression') {
			usesLoad = true;
			edits.push({ start: node.start, end: node.start + 'import'.length, text: loadName });
		} else if (node.type === 'MetaProperty' && node.meta.name === 'import') {
			const file = place(node)?.file ?? '';
			let index = modules.findIndex((module) => module.file === file);
			if (index < 0) index = modules.push({ file, local: numbered(metaName, modules.length) }) - 1;
			edits.push({ start: node.start, end: node.end, text: modules[index]?.local ?? '' });
		}
		return true;
	});

	const constants = [
		...imports.flatMap(({ names }, i) => constantsOf(names, `${hostName}.imports[${i}]`)),
		...modules.map(({ local }, i) => `${local} = ${hostName}.modules[${i}]`),
		...(usesLoad ? [`${loadName} = ${hostName}.load`] : []),
		...(/\brequire\b/.test(bundle) ? [`require = ${hostName}.require`] : []),
	];
	const first = constants.length === 0 ? '"use strict";' : `"use strict"; const ${constants.join(', ')};`;
	return { code: `${first}\n${edited(bundle, edits)}`, found, imports, modules };
}

/** The whole body: what the Scanfile exports is returned, and ways to ask for the values of some top-level names. */
export function withReturn(body: Body, names: readonly string[]): string {
	const values = names.map((name) => `() => ${name}`).join(', ');
	return `${body.code}\nreturn { found: ${body.found}, values: [${values}] };`;
}

function importedNames(node: AnyNode & { type: 'ImportDeclaration' }): { imported: string; local: string }[] {
	return node.specifiers.map((specifier) => {
		const local = specifier.local.name;
		if (specifier.type === 'ImportNamespaceSpecifier') return { imported: '*', local };
		if (specifier.type === 'ImportDefaultSpecifier') return { imported: 'default', local };
		const { imported } = specifier;
		return { imported: imported.type === 'Identifier' ? imported.name : String(imported.value), local };
	});
}

/** `{ "grid": grid2 } = …` and `words = …`: an import declaration as constants. */
function constantsOf(names: ExternalImport['names'], from: string): string[] {
	const named = names.filter(({ imported }) => imported !== '*');
	const constants = names.filter(({ imported }) => imported === '*').map(({ local }) => `${local} = ${from}`);
	if (named.length === 0) return constants;
	const pattern = named.map(({ imported, local }) => `${JSON.stringify(imported)}: ${local}`).join(', ');
	return [...constants, `{ ${pattern} } = ${from}`];
}

function blank(text: string, { start, end }: { start: number; end: number }): Edit {
	return { start, end, text: text.slice(start, end).replace(/[^\n]/g, ' ') };
}

function edited(text: string, edits: readonly Edit[]): string {
	let result = '';
	let at = 0;
	for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
		result += text.slice(at, edit.start) + edit.text;
		at = edit.end;
	}
	return result + text.slice(at);
}

/** A name of exactly this length that the text does not contain, also when its end is counted up. */
function freshName(text: string, stem: string, length: number): string {
	const alphabet = 'abcdefghijklmnopqrstuvwxyz';
	for (const letter of ['', ...alphabet]) {
		const start = `${stem}${letter}`.slice(0, length);
		if (!text.includes(start)) return start.padEnd(length, '_');
	}
	return stem.padEnd(length, '$');
}

function numbered(name: string, index: number): string {
	const digits = index.toString(36);
	return name.slice(0, name.length - digits.length) + digits;
}

/** Where the lines of a text begin. */
export function lineStarts(text: string): number[] {
	const starts = [0];
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
	return starts;
}

/** An offset in a bundle as a line and column of the body. */
function positionIn(starts: readonly number[], offset: number): CodePosition {
	const { line, column } = lineAndColumn(starts, offset);
	return { line: line + linesBeforeBundle, column };
}

/** An offset as a line and column, both from 0. */
export function lineAndColumn(starts: readonly number[], offset: number): CodePosition {
	let low = 0;
	let high = starts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((starts[middle] ?? 0) <= offset) low = middle;
		else high = middle - 1;
	}
	return { line: low, column: offset - (starts[low] ?? 0) };
}
