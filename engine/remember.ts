// What a build leaves in the store besides results: finished rules as sweeps, what unfinished ones reached,
// defaults that were met; and what it takes out: results that turned out to be damaged.
import { digestLength } from './digest.ts';
import { resultsDigest } from './key.ts';
import type { OpenedScan } from './opened.ts';
import { defaultsOf, type Plan } from './plan.ts';
import type { Lane } from './schedule.ts';
import type { Standings } from './standing.ts';
import type { Store } from './store/store.ts';
import { doneCount, isDone, keyOf, State, stateOf } from './tasks.ts';
import { type Ground, leaveSnapshots, reachedName } from './why/snapshot.ts';

const dayMilliseconds = 86_400_000;

/** Before anything runs: the defaults under which parameters are left out, and what was learned of files and spaces. */
export function remember(scan: OpenedScan, planned: Plan, stands: Standings, store: Store): void {
	const facts = stands.learned();
	for (const place of planned.rules.keys()) {
		const identity = scan.loaded.identities[place];
		if (planned.settled.has(place) || identity === undefined) continue;
		for (const [name, value] of defaultsOf(scan, place))
			if (store.defaultOf(identity.digest, name) === undefined) store.putDefault(identity.digest, name, value);
	}
	if (facts.size > 0) store.putFacts(facts);
}

/** Digests of the results of finished rules, and the store's generation when they were planned. */
export interface Finished {
	readonly results: Map<number, Uint8Array>;
	readonly generation: number;
}

/** A rule that finished with all results is remembered as a whole, after the transaction of its last record. */
export function sweepUp(lane: Lane, stands: Standings, store: Store, { results, generation }: Finished): void {
	if (results.has(lane.place) || doneCount(lane.table) < lane.table.size) return;
	const name = stands.sweepNameOf(lane.place, (upstream) => results.get(upstream));
	if (name === undefined) return;
	const digest = resultsDigest(lane.table);
	results.set(lane.place, digest);
	const sweep = { generation, tasks: lane.table.size, digest, usedAt: Date.now() };
	store.putSweep(name, sweep, lane.table.keys);
}

/** What an unfinished rule reached is kept from `gc` for a month. */
export function keepReached(lane: Lane, stands: Standings, store: Store): void {
	const { table } = lane;
	const done = doneCount(table);
	if (done === 0) return;
	const keys = new Uint8Array(done * digestLength);
	let at = 0;
	for (let task = 0; task < table.size; task++) {
		if (!isDone(stateOf(table, task))) continue;
		keys.set(keyOf(table, task), at);
		at += digestLength;
	}
	store.putReached(reachedName(stands, lane.place), keys, Date.now());
}

/** After a build with nothing to do: what was learned, and once a day that the sweeps are in use (`gc` keeps them a month). */
export function keepInUse(scan: OpenedScan, places: readonly number[], stands: Standings, store: Store): void {
	const now = Date.now();
	for (const place of places) {
		const found = stands.sweepOf(place);
		if (found !== undefined && now - found.sweep.usedAt > dayMilliseconds) store.touchSweep(found.name, now);
	}
	const learned = stands.learned();
	if (learned.size > 0) store.putFacts(learned);
	const sweepNameOf = (place: number) => stands.sweepOf(place)?.name;
	leaveSnapshots({ scan, stands, store }, places, { planned: undefined, sweepNameOf, build: 0 });
}

/** After a build that did something: what the next one is compared with. */
export function keepSnapshots(
	ground: Ground,
	planned: Plan,
	{ results, build }: { readonly results: ReadonlyMap<number, Uint8Array>; readonly build: number },
): void {
	const sweepNameOf = (place: number) =>
		results.has(place) ? ground.stands.sweepNameOf(place, (upstream) => results.get(upstream)) : undefined;
	leaveSnapshots(ground, planned.places, { planned, sweepNameOf, build });
}

/** Results of a rule that the store lost are forgotten: its sweep is not believed any more. Returns how many there are. */
export function forgetLost({ table }: Lane, store: Store): number {
	const lost: Uint8Array[] = [];
	for (let task = 0; task < table.size; task++) if (stateOf(table, task) === State.ready) lost.push(keyOf(table, task));
	store.forget(lost);
	return lost.length;
}

/** One damaged result was met: the others of the rule are looked at now, so that the build is planned anew once. Returns how many there are. */
export function forgetDamaged(lane: Lane, store: Store): number {
	const damaged: Uint8Array[] = [];
	for (let task = 0; task < lane.table.size; task++) {
		const key = keyOf(lane.table, task);
		if (isDone(stateOf(lane.table, task)) && (store.read(key) === undefined || store.readValue(key) === undefined))
			damaged.push(key);
	}
	store.forget(damaged);
	return damaged.length;
}
