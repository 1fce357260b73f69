// Asks threads how much memory they hold, also while they run a loop: by the inspector, which interrupts them.
// `worker.getHeapStatistics()` would say it too, but not before Node 22.16, and cannot make a thread collect its garbage.
// Knows nothing of what a thread may hold.
import type { Session } from 'node:inspector';

/** A way to ask the threads of this process. */
export interface Heaps {
	/** Bytes that the thread of this `threadId` holds, with garbage; undefined: it did not say. */
	held(id: number): Promise<number | undefined>;
	/** The same after its garbage was collected. */
	keptAfterCollection(id: number): Promise<number | undefined>;
	close(): void;
}

// A thread that waits in a system call does not answer.
const patienceMilliseconds = 10_000;

// The inspector numbers threads in the order in which they came to it, which is not their `threadId`.
const threadScript = "process.getBuiltinModule('node:worker_threads').threadId";
// `external` has typed arrays and WebAssembly's memory, but not what threads share.
const heldScript = '(({ heapUsed, external }) => heapUsed + external)(process.memoryUsage())';
// `HeapProfiler.collectGarbage` waits for a running loop to end; a context made under that flag has the function instead.
const collectScript = `(() => {
	if (globalThis.gc !== undefined) return globalThis.gc();
	const { setFlagsFromString } = process.getBuiltinModule('node:v8');
	setFlagsFromString('--expose-gc');
	const gc = process.getBuiltinModule('node:vm').runInNewContext('gc');
	setFlagsFromString('--no-expose-gc');
	gc();
})();`;

/** Opens a session with the inspector; undefined where Node has none. */
export async function openHeaps(): Promise<Heaps | undefined> {
	const inspector = await import('node:inspector').catch(() => undefined);
	if (inspector === undefined) return undefined;
	const session = new inspector.Session();
	try {
		session.connect();
	} catch {
		return undefined;
	}
	return heapsOf(session);
}

function heapsOf(session: Session): Heaps {
	const sessionOf = new Map<number, string>();
	const waiting = new Map<number, (bytes: number | undefined) => void>();
	let count = 0;
	let isOpen = true;
	session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => {
		void evaluate(sessionId, threadScript).then((thread) => {
			if (thread !== undefined) sessionOf.set(thread, sessionId);
		});
	});
	session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
		const { id, result } = JSON.parse(params.message) as { id?: number; result?: { result?: { value?: unknown } } };
		const value = result?.result?.value;
		waiting.get(id ?? -1)?.(typeof value === 'number' ? value : undefined);
	});
	session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });

	function evaluate(sessionId: string | undefined, expression: string): Promise<number | undefined> {
		if (sessionId === undefined || !isOpen) return Promise.resolve(undefined);
		const id = ++count;
		return new Promise((resolve) => {
			const settle = (bytes: number | undefined): void => {
				clearTimeout(timer);
				waiting.delete(id);
				resolve(bytes);
			};
			const timer = setTimeout(settle, patienceMilliseconds, undefined).unref();
			waiting.set(id, settle);
			const params = { expression, returnByValue: true, silent: true };
			const message = JSON.stringify({ id, method: 'Runtime.evaluate', params });
			session.post('NodeWorker.sendMessageToWorker', { sessionId, message }, (error) => {
				if (error !== null) settle(undefined);
			});
		});
	}

	return {
		held: (id) => evaluate(sessionOf.get(id), heldScript),
		keptAfterCollection: (id) => evaluate(sessionOf.get(id), collectScript + heldScript),
		close() {
			isOpen = false;
			session.disconnect();
			for (const settle of [...waiting.values()]) settle(undefined);
		},
	};
}
