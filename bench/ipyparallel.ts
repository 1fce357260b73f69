// IPython parallel as a peer: a controller and two engines of its own, started and stopped here, and the rate of its
// load-balanced map over a trivial function. Nothing is recorded there. Knows nothing of scanmake.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How fast tasks passed with so many in a message. */
export interface Rate {
	readonly chunk: number;
	readonly tasksPerSecond: number;
}

/** One and a hundred tasks a message; undefined where Debian's python3-ipyparallel is not installed. */
export async function ipyparallelRates(folder: string): Promise<readonly Rate[] | undefined> {
	const interpreter = '/usr/bin/python3';
	if (spawnSync(interpreter, ['-c', 'import ipyparallel']).status !== 0) return undefined;
	mkdirSync(folder, { recursive: true });
	const script = join(folder, 'rates.py');
	writeFileSync(script, program);
	const { status, stdout, stderr } = spawnSync(interpreter, [script, folder], {
		encoding: 'utf8',
		env: { ...process.env, IPYTHONDIR: join(folder, 'ipython'), OMP_NUM_THREADS: '1' },
		timeout: 180_000,
	});
	if (status !== 0) throw new Error(`IPython parallel ended with ${status}:\n${stderr}`);
	return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Rate[];
}

const program = `import json, os, signal, subprocess, sys, time
import ipyparallel

folder = sys.argv[1]
options = ["--profile=bench", "--log-level=ERROR"]
quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
security = os.path.join(os.environ["IPYTHONDIR"], "profile_bench", "security")
client_file = os.path.join(security, "ipcontroller-client.json")


def start(module, *words):
    return subprocess.Popen([sys.executable, "-m", module, *options, *words], **quiet)


def spikes(weight):
    return {"rate": 2 * weight + 1}


processes = [start("ipyparallel.controller", "--init", "--ip=127.0.0.1", "--location=127.0.0.1", "--nodb")]
try:
    until = time.time() + 60
    while not os.path.exists(client_file) and time.time() < until:
        time.sleep(0.1)
    time.sleep(0.5)
    processes += [start("ipyparallel.engine") for _ in range(2)]
    client = ipyparallel.Client(client_file)
    client.wait_for_engines(2, timeout=60)
    view = client.load_balanced_view()
    view.map_sync(spikes, range(100))
    rates = []
    for chunk, count in ((1, 2000), (100, 50000)):
        taken = []
        for _ in range(3):
            began = time.perf_counter()
            view.map_sync(spikes, range(count), chunksize=chunk)
            taken.append(time.perf_counter() - began)
        rates.append({"chunk": chunk, "tasksPerSecond": count / sorted(taken)[1]})
    print(json.dumps(rates))
finally:
    for process in processes:
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
    for process in processes:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
`;
