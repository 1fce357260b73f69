// How the rules of a build stand before a task is looked at: what each depends on besides its inputs, and whether it is
// known to be finished as a whole. A finished rule is one look-up, however many tasks it has. Reads the store only.
import { hash } from 'node:crypto';
import { isProgram } from '../rules/recipe.ts';
import type { Rule } from '../rules/rule.ts';
import { hex } from './digest.ts';
import { bug, type Complaint, UserError } from './errors.ts';
import { type FileDigests, fileDigests } from './files.ts';
import {
	type FoundFiles,
	filesBehind,
	filesText,
	findFiles,
	hasMadeWords,
	type KeyedFile,
	keyFiles,
	type MadeTexts,
	madeTexts,
	type NamedFiles,
	noMadeTexts,
} from './inputs.ts';
import { columnsDigest, manifestPrefix, parameterFilesLine, sweepName } from './key.ts';
import type { OpenedScan } from './opened.ts';
import { programDigests } from './program-digests.ts';
import { projectFiles } from './project.ts';
import { scriptKeys } from './scripts.ts';
import type { Store, Sweep } from './store/store.ts';
import { type Tools, toolsOf } from './tools.ts';
import { envText, usesText } from './uses.ts';
import { ownVersion } from './version.ts';

/** A sweep that was found. */
export interface FoundSweep {
	readonly name: Uint8Array;
	readonly sweep: Sweep;
}

export interface Standings {
	/** The part of the key that all tasks of the rule share. */
	prefixOf(place: number): string;
	/** Digest of the rule's rows: what they are and in which order. */
	shapeOf(place: number): string;
	/** Undefined: not known to be finished. */
	sweepOf(place: number): FoundSweep | undefined;
	/** The name of the rule's sweep, given the digests of all its inputs' results; undefined while one is not known. */
	sweepNameOf(place: number, resultsOf: (upstream: number) => Uint8Array | undefined): Uint8Array | undefined;
	/** The files that all keys of the rule are made with, those that single parameters name, and what is known of them. */
	filesOf(place: number): StandingFiles;
	/** Of Pythons that could not be asked what scripts reach. */
	readonly warnings: readonly Complaint[];
	/** Digests of files and spaces that are worth remembering. */
	learned(): ReadonlyMap<string, Uint8Array>;
}

export interface StandingFiles {
	/** By their bytes, whatever they count as in keys. */
	readonly shared: readonly KeyedFile[];
	/** The programs that are no files of the project and count by their bytes. */
	readonly programs: readonly KeyedFile[];
	/** As keys have them, by the texts made of parameters that name them. */
	readonly made: NamedFiles['made'];
	/** The scripts among all of these, as keys have them: with what their digests are made of. */
	readonly scripts: readonly KeyedFile[];
	readonly digests: FileDigests;
}

/** Characters of a fact: a build with nothing to do reads it. */
const longestFact = 65_536;

/** Each takes three characters of a fact at least. */
const mostTexts = longestFact / 3;

// A tool is asked once while a scan is open, however often it is planned.
const askedTools = new WeakMap<OpenedScan, Tools>();

/** The standings of `places`, upstream first. Throws what is wrong with `uses` as one list. */
export async function standings(scan: OpenedScan, places: readonly number[], store: Store): Promise<Standings> {
	const files = fileDigests((name) => store.fact(name));
	const complaints: Complaint[] = [];
	const learned = new Map<string, Uint8Array>();
	const prefixes = new Map<number, string>();
	const shapes = new Map<number, string>();
	const sweeps = new Map<number, FoundSweep>();
	const standing = new Map<number, StandingFiles>();
	const project = projectFiles(scan.folder);
	const tools = askedTools.get(scan) ?? toolsOf(scan.folder, (name) => store.fact(name));
	askedTools.set(scan, tools);
	await askAll(scan, places, tools);
	const programsOf = programDigests({ project, digests: files, tools });
	const keys = scriptKeys(scan.loaded.python, scan.folder, files);
	const found = new Map(places.map((place) => [place, foundBy(place)]));
	const foundFiles = [...found.values()].flatMap(({ written, made }) => [written, ...made.values()].flat());
	await keys.expect(foundFiles);

	for (const place of places) {
		const rule = scan.rules[place] as Rule;
		const uses = await usesText(rule, scan.folder, files, tools);
		const programs = await programsOf(rule);
		const named = await keyFiles(found.get(place) ?? bug('a rule whose files were not looked for'), keys.keyed);
		const unreadable = named.unreadable.map((name) => ({
			message: `${name} is a file that the ${rule.recipe.kind} names, and it cannot be read, so that nobody could see a change of it. Make it readable: chmod +r ${name}`,
		}));
		for (const complaint of [...uses.complaints, ...unreadable])
			complaints.push({
				...complaint,
				message: `${scan.nameOf(place)}: ${complaint.message}`,
				...scan.loaded.place(rule.site),
			});
		const scripts = [...named.written, ...[...named.made.values()].flat()].filter(({ parts }) => parts !== undefined);
		const shared = [...uses.files, ...filesBehind(named.written)];
		standing.set(place, { shared, programs: programs.files, made: named.made, scripts, digests: files });
		const identity = scan.loaded.identities[place];
		const recipe = identity === undefined ? '' : hex(identity.digest);
		const env = envText(rule, process.env);
		const { version } = rule.options;
		const counted = { files: filesText(named.written), programs: programs.text };
		prefixes.set(place, manifestPrefix({ recipe, ...counted, uses: uses.text, env, version }));
	}
	if (complaints.length > 0) throw new UserError('scanfile', complaints);

	function foundBy(place: number): FoundFiles {
		const { recipe } = scan.rules[place] as Rule;
		if (!isProgram(recipe)) return { written: [], made: new Map() };
		return findFiles(recipe, hasMadeWords(recipe) ? textsOf(place) : noMadeTexts, project);
	}

	// What the words say that are made of parameters is known without laying out, too. Many are not worth remembering.
	function textsOf(place: number): MadeTexts {
		const { recipe } = scan.rules[place] as Rule;
		if (!isProgram(recipe)) return noMadeTexts;
		const name = factName('words', place);
		const known = name === undefined ? undefined : store.fact(name);
		if (known !== undefined) return JSON.parse(Buffer.from(known).toString()) as MadeTexts;
		const made = madeTexts(recipe, scan.expansion.layout(place));
		// a million texts are no fact: they are not made one text to be told so
		if (name !== undefined && made.read.length + made.written.length <= mostTexts) learn(name, JSON.stringify(made));
		return made;
	}

	function shapeOf(place: number): string {
		let shape = shapes.get(place);
		if (shape === undefined) {
			const rule = scan.rules[place] as Rule;
			if (rule.kind === 'aggregate') {
				const upstream = scan.inputsOf(place).map((input) => shapeOf(input.place));
				shape = hash('sha256', `scanmake groups 1\n${JSON.stringify([rule.by, upstream])}`);
			} else shape = plainShapeOf(place);
			shapes.set(place, shape);
		}
		return shape;
	}

	function plainShapeOf(place: number): string {
		const name = factName('shape', place);
		const known = name === undefined ? undefined : store.fact(name);
		if (known !== undefined) return Buffer.from(known).toString();
		const shape = columnsDigest(scan.expansion.layout(place));
		if (name !== undefined) learn(name, shape);
		return shape;
	}

	// Where the code alone decides what the spaces are, they need not be laid out again to be known.
	function factName(what: 'shape' | 'words', place: number): string | undefined {
		const { fixed } = scan.loaded;
		return fixed === undefined ? undefined : `${what} ${ownVersion()} ${fixed} ${place}`;
	}

	function learn(name: string, text: string): void {
		if (text.length <= longestFact) learned.set(name, Buffer.from(text));
	}

	function sweepNameOf(place: number, resultsOf: (upstream: number) => Uint8Array | undefined): Uint8Array | undefined {
		const inputs = [];
		for (const { name, place: upstream } of scan.inputsOf(place)) {
			const results = resultsOf(upstream);
			if (results === undefined) return undefined;
			inputs.push({ name, columns: shapeOf(upstream), results: hex(results) });
		}
		// the columns say which task has which file
		const own = parameterFilesLine(filesText([...filesOf(place).made.values()].flat()));
		return sweepName(scan.rules[place] as Rule, `${prefixes.get(place)}${own}`, shapeOf(place), inputs);
	}

	const filesOf = (place: number): StandingFiles => standing.get(place) ?? bug('a rule without its files');

	for (const place of places) {
		const name = sweepNameOf(place, (upstream) => sweeps.get(upstream)?.sweep.digest);
		const sweep = name === undefined ? undefined : store.sweep(name);
		if (name !== undefined && sweep !== undefined) sweeps.set(place, { name, sweep });
	}

	return {
		prefixOf: (place) => prefixes.get(place) as string,
		shapeOf,
		sweepOf: (place) => sweeps.get(place),
		sweepNameOf,
		filesOf,
		warnings: keys.warnings(),
		learned: () => new Map([...files.learned(), ...tools.learned(), ...learned]),
	};
}

// All side by side; the answers are waited for where they are used.
async function askAll(scan: OpenedScan, places: readonly number[], tools: Tools): Promise<void> {
	const uses = places.flatMap((place) => scan.rules[place]?.options.uses ?? []);
	await Promise.all(uses.map((used) => (typeof used !== 'string' && used.kind === 'tool' ? tools.ask(used) : used)));
}
