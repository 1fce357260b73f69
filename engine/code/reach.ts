// What a function is, as text: its own declaration and all that it can reach in the bundle, with the statements that can
// change any of it. Names that the bundler chose and the order of modules do not count.
// Knows nothing of rules, nor of the values of what is reached.

import { digestBytes, hex } from '../digest.ts';
import { packageRoot } from './aliases.ts';
import type { Changes } from './changes.ts';
import { wordsName } from './evaluate.ts';
import type { Code, External, Item } from './items.ts';
import { type PackageTexts, type PackageVersions, packageName, pathInPackage, placeName } from './packages.ts';
import type { Binding } from './scopes.ts';
import { type AnyNode, walk } from './syntax.ts';
import { shownLiteral, type Token, tokenWriter, writtenName } from './tokens.ts';

/** A part of a function's identity. */
export interface Part {
	/** Relative to the Scanfile's folder; empty for a package. */
	readonly file: string;
	/** The declared name, the beginning of a statement, `package …`, `value of …` or `variable …`; empty for a whole file. */
	readonly name: string;
	/** Digest of its own text. */
	readonly digest: string;
	/** Nothing said: a declaration with that name. */
	readonly kind?: 'statement' | 'package' | 'value' | 'variable' | 'file' | 'number' | 'words';
	/** A value or version as a person reads it, where it is short. */
	readonly shown?: string;
	/** What led to it where that is not the function itself: a declaration as `file: name`, the package that needs this one. */
	readonly by?: string;
}

/** What was reached. */
export interface Reached {
	/** Hexadecimal. */
	readonly digest: string;
	readonly parts: readonly Part[];
	readonly items: readonly Item[];
	/** The top-level names, in the order in which they were met. */
	readonly names: readonly Binding[];
	/** Something in it cannot be followed: `eval`, a computed import. */
	readonly isOpaque: boolean;
}

/** What a bundle is besides its text. */
export interface Surroundings {
	readonly packages: PackageTexts;
	readonly versions: PackageVersions;
	/** Which files of the project a file imports. */
	readonly imports: ReadonlyMap<string, readonly string[]>;
}

/** Where a walk begins. */
export interface Start {
	readonly node: AnyNode;
	readonly item: Item;
	/** What it is called in messages. */
	readonly name: string;
	/** It runs in tasks; otherwise it is the expression that chooses what runs. */
	readonly isCode: boolean;
}

/** Names of globals by which code does what its text does not show. */
const opaqueGlobals = /globalThis\.(?:eval|Function) /;

/** Reads what is reached in one bundle, again and again. */
export function reachReader(code: Code, changes: Changes, { packages, versions, imports }: Surroundings) {
	const tokensOf = tokenWriter(code, packages);

	/** Everything reached from some nodes; `file` is where they stand. */
	function from(starts: readonly Start[]): Reached {
		const text: string[] = [];
		const parts: Part[] = [];
		const indices = new Map<Binding, number>();
		const order: Binding[] = [];
		const items = new Set<Item>();
		const files = new Set<string>();
		const packagesReached = new Set<string>();
		// who referred to a name first
		const referrers = new Map<Binding, Item>();
		let writing: Item | undefined;
		let isOpaque = false;

		function write(node: AnyNode): void {
			for (const token of tokensOf(node)) {
				if (typeof token === 'string') {
					text.push(token);
					if (opaqueGlobals.test(token)) isOpaque = true;
				} else text.push(reference(token));
			}
			if (!isOpaque && hasComputedImport(code, node)) isOpaque = true;
		}

		function reference(binding: Binding): string {
			const external = code.externalOf(binding);
			if (external !== undefined) {
				if (external.from in packages) packagesReached.add(external.from);
				return externalText(external, packages);
			}
			const meta = code.metaOf(binding);
			if (meta !== undefined) {
				const name = placeName(meta);
				if (name in packages) packagesReached.add(name);
				return `import.meta of ${meta}${packages[name] ?? ''}`;
			}
			const item = code.itemOf(binding);
			if (item === undefined) return `host ${writtenName(binding.name)}`;
			if (item.isHelper) return `bundler ${binding.name.replace(/\d+$/, '')}`;
			let index = indices.get(binding);
			if (index === undefined) {
				index = order.push(binding) - 1;
				indices.set(binding, index);
				if (writing !== undefined) referrers.set(binding, writing);
			}
			return `#${index}:${writtenName(binding.name)}`;
		}

		function addItem(item: Item, why: string, makesFileReached: boolean): void {
			if (items.has(item)) return;
			items.add(item);
			if (makesFileReached && item.file !== undefined) files.add(item.file);
			text.push(`\n${why} `);
			writing = item;
			write(item.node);
			for (const name of item.names) text.push(` declares ${reference(name)}`);
			const kind = isNamed(item) ? shownLiteral(code, item) : ({ kind: 'statement' } as const);
			const by = isNamed(item) ? referrers.get(item.names[0] as Binding) : undefined;
			const led = by === undefined || !isNamed(by) ? {} : { by: `${by.file ?? ''}: ${nameOf(by)}` };
			parts.push({ file: item.file ?? '', name: nameOf(item), digest: ownDigest(item.node), ...kind, ...led });
		}

		function addDeclarations(): void {
			for (const binding of order) {
				const item = code.itemOf(binding);
				if (item !== undefined) addItem(item, 'declaration', true);
			}
		}

		function addChanging(): void {
			for (const [index, binding] of order.entries()) {
				for (const item of changes.changing(binding)) addItem(item, `changes #${index}`, true);
			}
			for (const from of packagesReached) {
				for (const item of changes.changing(packageRoot(from))) addItem(item, 'changes a package', true);
			}
		}

		function addSideEffects(): void {
			for (const item of changes.worldWriters) addItem(item, 'changes the world', false);
			const imported = importedBy(files, imports);
			for (const item of changes.outsiders) {
				if (item.file === undefined || imported.has(item.file) || files.has(item.file)) {
					addItem(item, 'acts', false);
				}
			}
		}

		/** What is read before and after a change differs: the order of the changes, and how many come before each reader. */
		function writeOrder(): void {
			const numbers = new Map([...items].map((item, number) => [item, number]));
			const write = (what: string, writers: readonly Item[], isReader: (item: Item) => boolean): void => {
				text.push(`\norder of ${what}: ${writers.map((writer) => numbers.get(writer)).join(' ')}`);
				for (const [item, number] of numbers) {
					if (!isReader(item)) continue;
					text.push(`, ${number} after ${writers.filter(({ index }) => index < item.index).length}`);
				}
			};
			for (const [index, binding] of order.entries()) {
				const writers = changes.changing(binding);
				if (writers.length > 0) write(`#${index}`, writers, (item) => changes.readsOf(item).has(binding));
			}
			if (changes.worldWriters.length > 0) write('the world', changes.worldWriters, changes.isTimed);
		}

		for (const { node, item, name, isCode } of starts) {
			text.push('\nstart ');
			if (isCode && item.file !== undefined) files.add(item.file);
			if (node === item.node && item.names.length > 0) {
				for (const binding of item.names) text.push(reference(binding));
				continue;
			}
			write(node);
			if (node.type !== 'Identifier') parts.push({ file: item.file ?? '', name, digest: ownDigest(node) });
		}
		for (let size = -1; size !== items.size; ) {
			size = items.size;
			addDeclarations();
			addChanging();
			addDeclarations();
			addSideEffects();
		}
		writeOrder();
		const imported = importedBy(files, imports);
		for (const { from, file } of code.bareImports) {
			if (file !== undefined && !files.has(file) && !imported.has(file)) continue;
			text.push(`\nimports ${externalText({ from, imported: '' }, packages)}`);
			if (from in packages) packagesReached.add(from);
		}
		parts.push(...packageParts(packagesReached));
		return { digest: hex(digestBytes(text.join(''))), parts, items: [...items], names: order, isOpaque };
	}

	/** Each package by name and version, once; those that code imports with the digest of all that they resolve to. */
	function packageParts(reached: ReadonlySet<string>): Part[] {
		const found = new Map<string, Part>();
		// the path of a linked package does not say its name
		const nameOfPackage = (from: string) => versions[from]?.[0]?.[0] || packageName(from);
		const add = (from: string, name: string, version: string, digest: string) => {
			const label = `${name} ${version}`;
			const shown = version === '' ? {} : { shown: version };
			const behind = name === nameOfPackage(from) ? {} : { by: nameOfPackage(from) };
			if (!found.has(label))
				found.set(label, { file: '', name: `package ${name}`, digest, kind: 'package', ...shown, ...behind });
		};
		for (const from of reached) {
			const [[, version] = ['', '']] = versions[from] ?? [];
			add(from, nameOfPackage(from), version, packages[from] ?? '');
		}
		for (const from of reached)
			for (const [name, version] of versions[from]?.slice(1) ?? []) add(from, name, version, version);
		return [...found.values()];
	}

	/** The digest of a text with what it refers to written by name: another version of a package is no other text. */
	function ownDigest(node: AnyNode): string {
		const named = (token: Token): string => {
			if (typeof token === 'string') return token;
			const external = code.externalOf(token);
			return external === undefined ? writtenName(token.name) : externalText(external, packages);
		};
		let text = tokensOf(node).map(named).join('');
		for (const [from, digest] of Object.entries(packages)) text = text.replaceAll(digest, pathInPackage(from));
		return hex(digestBytes(text));
	}

	function nameOf(item: Item): string {
		if (isNamed(item)) return item.names.map(({ name }) => writtenName(name)).join(', ');
		return code.text.slice(item.node.start, item.node.end).split('\n', 1)[0]?.slice(0, 60) ?? '';
	}

	let whole: string | undefined;

	/** The digest of the whole bundle: comments, layout and where the project lies aside. */
	function wholeText(): string {
		whole ??= hex(digestBytes(code.items.map(({ node, file }) => `${file ?? ''} ${ownDigest(node)}`).join('\n')));
		return whole;
	}

	/** What `wholeText` is made of, file by file. */
	function wholeParts(): Part[] {
		const texts = new Map<string, string>();
		for (const { node, file = '' } of code.items) texts.set(file, `${texts.get(file) ?? ''}\n${ownDigest(node)}`);
		return [...texts].map(([file, text]) => ({ file, name: '', digest: hex(digestBytes(text)), kind: 'file' }));
	}

	return { from, wholeText, wholeParts };
}

function isNamed({ isStatement, names }: Item): boolean {
	return !isStatement && names.length > 0;
}

function externalText({ from, imported }: External, packages: PackageTexts): string {
	if (from === wordsName) return `word ${imported}`;
	return `package ${packages[from] ?? from} ${imported}`;
}

/** The files that some files import, and those in turn. */
function importedBy(files: ReadonlySet<string>, imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
	const found = new Set<string>();
	const open = [...files];
	for (const file of open) {
		for (const other of imports.get(file) ?? []) {
			if (found.has(other)) continue;
			found.add(other);
			open.push(other);
		}
	}
	return found;
}

/** `import(name)`, where what is imported is not in the text. */
function hasComputedImport(code: Code, node: AnyNode): boolean {
	let found = false;
	walk(node, (inner) => {
		if (inner.type === 'CallExpression' && inner.callee.type === 'Identifier') {
			const binding = code.scopes.bindingOf(inner.callee);
			const isHost =
				binding?.isTop === true && code.itemOf(binding) === undefined && code.externalOf(binding) === undefined;
			if (isHost && inner.arguments[0]?.type !== 'Literal') found = true;
		}
		return !found;
	});
	return found;
}
