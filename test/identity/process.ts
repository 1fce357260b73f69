// An executor that evaluates the Scanfile's bundle anew and runs its tasks one after the other in this process:
// a worker thread without the thread, which takes some hundredth of its time to start.

import type { StartExecutor } from '../../engine/build.ts';
import { evaluateScan } from '../../engine/code/evaluate.ts';
import { digestLength, resultDigest, valueTag } from '../../engine/digest.ts';
import type { Bundle, ExecutorEvents } from '../../engine/executors/executor.ts';
import type { Ended } from '../../engine/workers/answers.ts';
import { type Ground, taskRunner } from '../../engine/workers/task.ts';
import { functionOf } from '../function-of.ts';

/** Starts it. */
export const inThisProcess: StartExecutor = ({ source, setups, slots, events }) => {
	const ground = evaluateScan(source).then((scan): Ground => {
		const setupOf = (rule: number) => setups.find((setup) => setup.rule === rule) as (typeof setups)[number];
		const runOf = (rule: number) => functionOf(scan.rules[rule]);
		const nothing = () => {};
		return {
			setupOf,
			runOf,
			frames: (stack) => stack,
			clock: Date.now,
			log: nothing,
			logged: () => undefined,
			listens: nothing,
		};
	});
	let last = Promise.resolve();
	let open = 0;
	let isStopped = false;
	return {
		name: 'in this process',
		slots,
		wants: () => (isStopped ? 0 : slots - open),
		send(bundle) {
			open++;
			last = last.then(async () => {
				if (!isStopped) await runAll(bundle, await ground, events);
				open--;
				events.finished(bundle.id);
			});
		},
		warmUp() {},
		drain() {
			isStopped = true;
		},
		async close() {
			isStopped = true;
			await last;
		},
	};
};

async function runAll(bundle: Bundle, ground: Ground, events: ExecutorEvents): Promise<void> {
	const runner = taskRunner(bundle, ground);
	for (let task = 0; task < bundle.tasks.size; task++) {
		await runner.run(task, (ended) => events.answered(answersOf(bundle.id, ended)));
	}
}

function answersOf(bundle: number, { task, seconds, tagged, digest, extra }: Ended) {
	const bytes = tagged === undefined ? new Uint8Array(0) : tagged.slice(valueTag.length);
	const own = tagged === undefined ? new Uint8Array(digestLength) : (digest ?? resultDigest(bytes, []));
	return {
		bundle,
		worker: 0,
		size: 1,
		tasks: Uint32Array.of(task),
		seconds: Float32Array.of(seconds),
		digests: own,
		offsets: Uint32Array.of(0, bytes.length),
		bytes,
		extras: new Map(extra === undefined ? [] : [[0, extra]]),
	};
}
