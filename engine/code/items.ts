// A bundle as a list of items: each top-level declaration or statement, with its names and the file it is from.
// Knows which names are imports; knows nothing of what is reached from where.

import { lineAndColumn, lineStarts } from './body.ts';
import type { ScanSource } from './evaluate.ts';
import { mappedPlaces, type Place } from './places.ts';
import { type Binding, patternNames, type Scopes, scopesOf } from './scopes.ts';
import { type AnyNode, type Program, parseBody, walk } from './syntax.ts';

/** One top-level declaration (a declarator, a function, a class) or statement. */
export interface Item {
	readonly index: number;
	readonly node: AnyNode;
	readonly isStatement: boolean;
	readonly names: readonly Binding[];
	/** Relative to the Scanfile's folder; undefined: the bundler's own. */
	readonly file: string | undefined;
	/** A function that the bundler itself put in: what it is called says what it does. */
	readonly isHelper: boolean;
}

/** What an imported name refers to: `imported` is `*` for the module itself. */
export interface External {
	readonly from: string;
	readonly imported: string;
}

/** A parsed and resolved bundle. */
export interface Code {
	readonly text: string;
	readonly program: Program;
	readonly scopes: Scopes;
	readonly items: readonly Item[];
	itemOf(binding: Binding): Item | undefined;
	externalOf(binding: Binding): External | undefined;
	/** Whether a name is a module of the project that exports all of an outside module again, and that alone. */
	passesOn(binding: Binding, from: string): boolean;
	/** The file whose `import.meta` a name is. */
	metaOf(binding: Binding): string | undefined;
	/** The import declarations that name nothing: made for their side effects. */
	readonly bareImports: readonly { readonly from: string; readonly file: string | undefined }[];
	place(node: AnyNode): Place | undefined;
}

/** What is needed of a source to read it as items. */
export type ItemSource = Pick<ScanSource, 'code' | 'folder' | 'imports' | 'modules'>;

/** Parses a function body made from a bundle and sorts it into items. */
export function itemsOf(source: ItemSource, map: string): Code {
	const program = parseBody(source.code);
	const scopes = scopesOf(program);
	const lines = lineStarts(source.code);
	const places = mappedPlaces(map, source.folder);
	const externals = new Map<Binding, External>();
	for (const { from, names } of source.imports) {
		for (const { imported, local } of names) {
			const binding = scopes.top.get(local);
			if (binding !== undefined) externals.set(binding, { from, imported });
		}
	}
	const items: Item[] = [];
	const metas = new Map<Binding, string>();
	const owners = new Map<Binding, Item>();
	const fileOf = (node: AnyNode): string | undefined =>
		places.fileBetween(lineAndColumn(lines, node.start), lineAndColumn(lines, node.end));

	function add(node: AnyNode, names: readonly Binding[], isStatement: boolean): void {
		const file = fileOf(node);
		const isHelper = file === undefined && names.length > 0 && names.every(({ name }) => name.startsWith('__'));
		const item: Item = { index: items.length, node, isStatement, names, file, isHelper };
		items.push(item);
		for (const name of names) if (!owners.has(name)) owners.set(name, item);
	}

	/** `__reExport(words_exports, scanmake_star)`, and no `__export` of own names into it. */
	function passesOn(binding: Binding, from: string): boolean {
		let found = false;
		for (const { node } of items) {
			const call = node.type === 'ExpressionStatement' ? node.expression : undefined;
			if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier') continue;
			const [target, other] = call.arguments.map((given) => scopes.bindingOf(given));
			if (target !== binding) continue;
			if (!call.callee.name.startsWith('__reExport')) return false;
			const external = other ? externals.get(other) : undefined;
			if (external?.from !== from || external.imported !== '*') return false;
			found = true;
		}
		return found;
	}

	const firstLine = lines[1] ?? source.code.length;
	for (const node of program.body) {
		if (node.start < firstLine) readFirstLine(node, source, scopes, metas);
		else if (node.type === 'ReturnStatement') break;
		else if (node.type === 'VariableDeclaration') {
			for (const one of node.declarations) add(one, declared(scopes, one.id), false);
		} else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
			add(node, node.id ? declared(scopes, node.id) : [], false);
		} else if (node.type !== 'EmptyStatement') add(node, hoisted(scopes, node), true);
	}
	return {
		text: source.code,
		program,
		scopes,
		items,
		itemOf: (binding) => owners.get(binding),
		externalOf: (binding) => externals.get(binding),
		passesOn,
		metaOf: (binding) => metas.get(binding),
		bareImports: source.imports.filter(({ names }) => names.length === 0).map(({ from, file }) => ({ from, file })),
		place: (node) => places.at(lineAndColumn(lines, node.start)),
	};
}

/** The names of `import.meta`: constants whose initialiser is an element of `modules`. */
function readFirstLine(node: AnyNode, source: ItemSource, scopes: Scopes, metas: Map<Binding, string>): void {
	if (node.type !== 'VariableDeclaration') return;
	for (const { id, init } of node.declarations) {
		if (id.type !== 'Identifier' || init?.type !== 'MemberExpression') continue;
		const { object, property } = init;
		if (object.type !== 'MemberExpression' || property.type !== 'Literal') continue;
		if (object.property.type !== 'Identifier' || object.property.name !== 'modules') continue;
		const binding = scopes.top.get(id.name);
		if (binding !== undefined) metas.set(binding, source.modules[Number(property.value)] ?? '');
	}
}

function declared(scopes: Scopes, pattern: AnyNode): Binding[] {
	return patternNames(pattern).flatMap(({ identifier }) => scopes.bindingOf(identifier) ?? []);
}

/** Top-level names that a statement declares by `var` in its inside. */
function hoisted(scopes: Scopes, statement: AnyNode): Binding[] {
	const names = new Set<Binding>();
	walk(statement, (node) => {
		if (node.type === 'VariableDeclarator') {
			for (const binding of declared(scopes, node.id)) if (binding.isTop) names.add(binding);
		}
		return true;
	});
	return [...names];
}
