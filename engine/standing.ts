// How the rules of a build stand before a task is looked at: what each depends on besides its inputs, and whether it is
// known to be finished as a whole. A finished rule is one look-up, however many tasks it has. Reads the store only.
import { hash } from 'node:crypto';
import type { Rule } from '../rules/rule.ts';
import { hex } from './digest.ts';
import { type Complaint, UserError } from './errors.ts';
import { fileDigests } from './files.ts';
import { columnsDigest, manifestPrefix, sweepName } from './key.ts';
import type { OpenedScan } from './opened.ts';
import type { Store, Sweep } from './store/store.ts';
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
	/** Digests of files and spaces that are worth remembering. */
	learned(): ReadonlyMap<string, Uint8Array>;
}

/** The standings of `places`, upstream first. Throws what is wrong with `uses` as one list. */
export async function standings(scan: OpenedScan, places: readonly number[], store: Store): Promise<Standings> {
	const files = fileDigests((name) => store.fact(name));
	const complaints: Complaint[] = [];
	const learned = new Map<string, Uint8Array>();
	const prefixes = new Map<number, string>();
	const shapes = new Map<number, string>();
	const sweeps = new Map<number, FoundSweep>();

	for (const place of places) {
		const rule = scan.rules[place] as Rule;
		const uses = await usesText(rule, scan.folder, files);
		for (const complaint of uses.complaints)
			complaints.push({
				...complaint,
				message: `${scan.nameOf(place)}: ${complaint.message}`,
				...scan.loaded.place(rule.site),
			});
		const identity = scan.loaded.identities[place];
		const recipe = identity === undefined ? '' : hex(identity.digest);
		const env = envText(rule, process.env);
		prefixes.set(place, manifestPrefix({ recipe, uses: uses.text, env, version: rule.options.version }));
	}
	if (complaints.length > 0) throw new UserError('scanfile', complaints);

	function shapeOf(place: number): string {
		let shape = shapes.get(place);
		if (shape === undefined) {
			const rule = scan.rules[place] as Rule;
			if (rule.kind === 'aggregate') {
				const upstream = scan.inputsOf(place).map((input) => shapeOf(input.place));
				shape = hash('sha256', `scanmake groups 1\n${JSON.stringify([rule.by, upstream])}`);
			} else shape = remembered(place) ?? columnsDigest(scan.expansion.layout(place));
			shapes.set(place, shape);
		}
		return shape;
	}

	// Where the code alone decides what the spaces are, they need not be laid out again to be known.
	function remembered(place: number): string | undefined {
		const { fixed } = scan.loaded;
		if (fixed === undefined) return undefined;
		const name = `shape ${ownVersion()} ${fixed} ${place}`;
		const known = store.fact(name);
		if (known !== undefined) return Buffer.from(known).toString();
		const shape = columnsDigest(scan.expansion.layout(place));
		learned.set(name, Buffer.from(shape));
		return shape;
	}

	function sweepNameOf(place: number, resultsOf: (upstream: number) => Uint8Array | undefined): Uint8Array | undefined {
		const inputs = [];
		for (const { name, place: upstream } of scan.inputsOf(place)) {
			const results = resultsOf(upstream);
			if (results === undefined) return undefined;
			inputs.push({ name, columns: shapeOf(upstream), results: hex(results) });
		}
		return sweepName(scan.rules[place] as Rule, prefixes.get(place) as string, shapeOf(place), inputs);
	}

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
		learned: () => new Map([...files.learned(), ...learned]),
	};
}
