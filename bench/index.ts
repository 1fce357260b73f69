// `npm run bench`: how fast scanmake is on this machine, beside the peers that are installed, as one table.
// `npm run bench -- no-op cold` measures these rows alone; `--all` also what takes minutes and gigabytes; with `--check`
// a bound that does not hold is a failure (a busy machine misses some by chance).
import { cpus, loadavg, totalmem } from 'node:os';
import { cold } from './cold.ts';
import { commands } from './commands.ts';
import { flat } from './flat.ts';
import { type Ground, openGround } from './ground.ts';
import { growth } from './growth.ts';
import { memory } from './memory.ts';
import { noOp } from './no-op.ts';
import { peers, versionOf } from './peers.ts';
import { python } from './python.ts';
import { size } from './size.ts';
import { type Row, tableText } from './table.ts';
import { why } from './why.ts';

const benches: Readonly<Record<string, (ground: Ground) => Promise<readonly Row[]>>> = {
	'no-op': noOp,
	cold,
	commands,
	flat,
	growth,
	memory,
	python,
	size,
	why,
};

const words = process.argv.slice(2);
const named = words.filter((word) => word !== '--all' && word !== '--check');
const unknown = named.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
	console.error(
		`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}; and --all, --check.`,
	);
	process.exit(2);
}

const ground = openGround(words.includes('--all'));
try {
	const rows: Row[] = [];
	const [before = 0] = loadavg();
	for (const [name, bench] of Object.entries(benches)) {
		if (named.length > 0 && !named.includes(name)) continue;
		console.error(`measuring ${name} …`);
		rows.push(...(await bench(ground)));
	}
	const [processor] = cpus();
	const memoryGiB = Math.round(totalmem() / 2 ** 30);
	const machine = `${cpus().length} × ${processor?.model.trim()}, ${memoryGiB} GiB of memory`;
	console.log(`Node ${process.version}, ${machine}, load average ${before.toFixed(1)} before the first run`);
	console.log(peersLine());
	console.log(
		`Wall seconds of fresh processes, in turns, medians; a ratio is that of two medians\n\n${tableText(rows)}`,
	);
	if (words.includes('--check') && rows.some(({ bound }) => bound?.holds === false)) process.exitCode = 1;
} finally {
	ground.remove();
}

function peersLine(): string {
	const found = peers.map((peer) => ({ ...peer, version: versionOf(peer) }));
	const there = found.filter(({ version }) => version !== undefined).map(({ name, version }) => `${name} ${version}`);
	const missing = found.filter(({ version }) => version === undefined).map(({ name, debian = name }) => debian);
	const rest = missing.length === 0 ? 'none is missing' : `missing (Debian packages): ${missing.join(', ')}`;
	return `Peers: ${there.join(', ')}; ${rest}`;
}
