// A build with nothing to do, on a store whose results are all spoilt: whoever reads one of them notices.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { type BuildReport, type EngineEvent, openEngine } from '../../engine/index.ts';
import { inProject } from './code/projects.ts';

const scanfile = (mean: string) => `import { aggregate, analyze, grid, scan, simulate } from 'scanmake';
const cell = grid({ amplitude: [0, 1, 2], weight: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] })
	.drop('weight', (p) => p.amplitude === 0)
	.where((p) => p.weight !== 9);
const spikes = simulate({ over: cell, run: (p) => 'a train of amplitude ' + p.amplitude + ' and weight ' + p.weight });
const response = aggregate({ from: spikes, by: ['amplitude'], run: (rows) => ${mean} });
const summary = analyze({ from: { response }, run: (tables) => tables.response.length });
export default scan({ spikes, response, summary });
`;

async function build(folder: string): Promise<{ report: BuildReport; notices: string[] }> {
	const events: EngineEvent[] = [];
	const engine = await openEngine({ mode: 'write', cwd: folder, listen: (event) => events.push(event) });
	try {
		const report = await engine.build([], { jobs: 1 });
		return { report, notices: events.flatMap((event) => (event.kind === 'notice' ? [event.message] : [])) };
	} finally {
		await engine.close();
	}
}

const counts = ({ targets }: BuildReport) => targets.map(({ name, reused, ran }) => `${name} ${reused} ${ran}`);

/** Flips a bit of the text wherever it stands in a file; how often that is. */
function spoil(file: string, text: string): number {
	const bytes = readFileSync(file);
	let count = 0;
	for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + text.length)) {
		bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
		count++;
	}
	writeFileSync(file, bytes);
	return count;
}

test('a build with nothing to do reads no result: it finds nothing to do where every result is spoilt', async (t) => {
	await inProject({ 'Scanfile.ts': scanfile('rows.length') }, async (folder) => {
		const cold = await build(folder);
		t.deepEqual(counts(cold.report), ['spikes 0 19', 'response 0 3', 'summary 0 1']);
		t.is(spoil(join(folder, '.scanmake', 'records', 'data.mdb'), 'a train of amplitude'), 19);

		const again = await build(folder);
		t.deepEqual(counts(again.report), ['spikes 19 0', 'response 3 0', 'summary 1 0']);
		t.true(again.report.ok);
		t.deepEqual(again.notices, []);

		// Who needs the results finds out, so they were spoilt indeed.
		writeFileSync(join(folder, 'Scanfile.ts'), scanfile('rows[0].result'));
		const edited = await build(folder);
		t.deepEqual(counts(edited.report), ['spikes 0 19', 'response 0 3', 'summary 0 1']);
		t.true(edited.report.ok);
		t.regex(edited.notices.join('\n'), /19 results of spikes in the store were damaged/);
	});
});
