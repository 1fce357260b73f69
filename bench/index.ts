// `npm run bench`: how fast scanmake is on this machine, beside the peers that are installed, as one table.
// `npm run bench -- no-op cold` measures these rows alone; `--all` also what takes minutes and gigabytes.
import { cpus, loadavg, totalmem } from 'node:os';
import { cold } from './cold.ts';
import { type Ground, openGround } from './ground.ts';
import { growth } from './growth.ts';
import { memory } from './memory.ts';
import { ninjaVersion } from './ninja.ts';
import { noOp } from './no-op.ts';
import { size } from './size.ts';
import { type Row, tableText } from './table.ts';

const benches: Readonly<Record<string, (ground: Ground) => Promise<readonly Row[]>>> = {
	'no-op': noOp,
	cold,
	growth,
	memory,
	size,
};

const words = process.argv.slice(2);
const named = words.filter((word) => word !== '--all');
const unknown = named.filter((name) => benches[name] === undefined);
if (unknown.length > 0) {
	console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}; and --all.`);
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
	const ninja = ninjaVersion();
	console.log(ninja === undefined ? 'Missing: ninja (Debian: ninja-build)' : `Peers: ninja ${ninja}; none is missing`);
	console.log(
		`Wall seconds of fresh processes, in turns, medians; a ratio is that of two medians\n\n${tableText(rows)}`,
	);
} finally {
	ground.remove();
}
