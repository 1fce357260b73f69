// Deliberate mistakes of the engine, each as an edit of its compiled text, with the tests that have to notice.
// A mistake whose text is not found is told by `mutants.ts`: then the engine changed, and so must this list.

/** One mistake. */
export interface Mutation {
	/** What is wrong then, as a sentence. */
	readonly what: string;
	/** The compiled file, relative to dist. */
	readonly file: string;
	/** Texts that occur once in it, and what stands there instead. */
	readonly edits: readonly (readonly [found: string, instead: string])[];
	/** Test files that are run, relative to dist/test. */
	readonly tests: readonly string[];
}

const key = 'engine/key.js';
const runs = 'engine/run.js';
const reruns = 'reruns.test.js';
const semantics = 'semantics.test.js';
const plug = 'plug/kills.test.js';

export const mutations: readonly Mutation[] = [
	{
		what: 'The seed is left out of the key.',
		file: key,
		edits: [
			["const seed = layout.seeds === 'independent'", "let seed = layout.seeds === 'independent'"],
			['seeds[task] = seed;', 'seeds[task] = seed; seed = 0;'],
		],
		tests: [reruns],
	},
	{
		what: 'A parameter at its default is in the key.',
		file: 'rules/rows.js',
		edits: [["value === fallback ? '' : start", "value === undefined ? '' : start"]],
		tests: [reruns],
	},
	{
		what: 'Links compare the seed.',
		file: 'engine/links.js',
		edits: [
			['import { columnOf', "import { seedAt } from '../rules/space.js';\nimport { columnOf"],
			[
				'if (found > 0)',
				"if (found > 0 && (layout.seeds === 'none' || upstream.seeds === 'none' || seedAt(layout, row) === seedAt(upstream, found - 1)))",
			],
		],
		tests: [semantics],
	},
	{
		what: 'Groups are in the order of their values.',
		file: 'engine/links.js',
		edits: [
			[
				'let count = 0;',
				'let count = 0; for (const code of [...new Set(own)].sort((a, b) => a - b)) numbers[code] = ++count;',
			],
		],
		tests: ['engine/links.test.js'],
	},
	{
		what: 'A sweep of an older generation is believed.',
		file: 'engine/store/memory.js',
		edits: [['|| found.generation < generation ? undefined', '? undefined']],
		tests: [semantics],
	},
	{
		what: 'A sweep leaves the order of rows out.',
		file: key,
		edits: [
			[
				'column.codes.byteOffset, column.codes.byteLength))',
				'column.codes.byteOffset, column.codes.byteLength).toSorted())',
			],
		],
		tests: [semantics],
	},
	{
		what: 'A rule with failed tasks is kept as finished.',
		file: 'engine/remember.js',
		edits: [['|| doneCount(lane.table) < lane.table.size', '']],
		tests: ['engine/build.test.js'],
	},
	{
		what: 'A failed task is recorded as done.',
		file: 'engine/record.js',
		edits: [['if (extra?.failure !== undefined)', 'if (extra?.failure === null)']],
		tests: ['engine/build.test.js'],
	},
	{
		what: 'A task whose input failed runs.',
		file: 'engine/schedule.js',
		edits: [['miss(taker, next, behind);', 'arrive(taker, next);']],
		tests: ['engine/build.test.js'],
	},
	{
		what: 'A member that failed blocks an aggregate that skips what is missing.',
		file: 'engine/schedule.js',
		edits: [['if (taker.skipsMissing && behind === State.blocked)', 'if (false)']],
		tests: ['engine/build.test.js'],
	},
	{
		what: "An input is in the key by its own key, not by its result's digest.",
		file: key,
		edits: [
			[
				'Buffer.from(table.digests.buffer, table.digests.byteOffset, table.digests.byteLength)',
				'Buffer.from(table.keys.buffer, table.keys.byteOffset, table.keys.byteLength)',
			],
		],
		tests: [reruns],
	},
	{
		what: 'A task that reran to the same bytes reruns what takes them.',
		file: runs,
		edits: [['.set(answers.digests.subarray(i * 32, i * 32 + 32));', '.set(keyOf(lane.table, task));']],
		tests: [reruns],
	},
	{
		what: 'Tasks with equal keys run once each.',
		file: 'engine/plan.js',
		edits: [['(alike.get(likeness(scan, stands, place)) ?? 0) > 1', 'false']],
		tests: ['engine/build.test.js'],
	},
	{
		what: 'A success after a retry is not kept.',
		file: 'engine/record.js',
		edits: [
			['records.push({ key, record, isNew: true });', 'if (attempt === 1) records.push({ key, record, isNew: true });'],
		],
		tests: ['engine/build.test.js'],
	},
	{
		what: '`uses` is not in the key.',
		file: key,
		edits: [["manifest.uses === ''", 'manifest.uses !== null']],
		tests: [reruns],
	},
	{
		what: '`env` is not in the key.',
		file: key,
		edits: [["manifest.env === ''", 'manifest.env !== null']],
		tests: [reruns],
	},
	{
		what: '`version` is not in the key.',
		file: key,
		edits: [['manifest.version === undefined', 'manifest.version !== null']],
		tests: [reruns],
	},
	{
		what: "The target's name is in the key.",
		file: 'engine/standing.js',
		edits: [['manifestPrefix({ recipe,', 'manifestPrefix({ recipe: recipe + scan.nameOf(place),']],
		tests: [reruns],
	},
	{
		what: 'The size of the scan is in the key.',
		file: key,
		edits: [['const text = params(task);', 'const text = params(task) + layout.size;']],
		tests: [reruns],
	},
	{
		what: 'The order of rows is not in the key of what takes them.',
		file: key,
		edits: [
			[
				'forEachMember(link, task, table, (row) => sink(line(row)));',
				'const lines = []; forEachMember(link, task, table, (row) => lines.push(line(row))); for (const each of lines.sort()) sink(each);',
			],
		],
		tests: [reruns],
	},
	{
		what: 'An analysis has the key of an aggregate of the same code over the same rows.',
		file: key,
		edits: [["link.kind === 'all' ? 'table' : 'rows'", "'rows'"]],
		tests: ['engine/key.test.js'],
	},
	{
		what: 'Tasks outside `--where` run.',
		file: 'engine/reuse.js',
		edits: [['rule.outside?.[task] === 1', 'rule.outside?.[task] === 2']],
		tests: ['engine/build.test.js'],
	},
	{
		what: 'Another default is taken for the one that results were made under.',
		file: 'engine/plan.js',
		edits: [['if (before !== undefined && before !== value)', 'if (before === null)']],
		tests: [reruns],
	},
	{
		what: 'A rule waits until those that it takes inputs from are finished.',
		file: runs,
		edits: [
			[
				'downstreamFirst.find(schedule.hasKeyable)',
				'downstreamFirst.find((each) => schedule.hasKeyable(each) && each.links.every((link) => isFinished(schedule.lanes.find((lane) => lane.place === link.upstream))))',
			],
		],
		tests: [reruns],
	},
	{
		what: 'What was answered while the executor closed is lost.',
		file: runs,
		edits: [
			[
				'await executor.close();\n    }\n    try {\n        await takeIn();',
				'await executor.close();\n    }\n    try {',
			],
		],
		tests: ['engine/run.test.js'],
	},
	{
		what: 'Tasks that a lost worker had not started are lost with it.',
		file: runs,
		edits: [['schedule.retry(flight.lane, task);', '0;']],
		tests: ['engine/run.test.js'],
	},
	{
		what: 'A file that was written a moment ago is remembered by its times.',
		file: 'engine/files.js',
		edits: [['if (!isRestless(stat, now))', 'if (true)']],
		tests: ['engine/files.test.js'],
	},
	{
		what: 'A record is committed before its blobs are kept.',
		file: 'engine/record.js',
		edits: [
			[
				'const spoilt = await spoiltOutputs(blobs);',
				'store.commit(records, failures);\n    const spoilt = await spoiltOutputs(blobs);',
			],
		],
		tests: [plug],
	},
	{
		what: 'What a killed build left in the store stays there.',
		file: 'engine/store/records.js',
		edits: [['if (lock.wasLeft)', 'if (false)']],
		tests: [plug],
	},
	{
		what: 'A damaged blob is taken for the one that is to be kept.',
		file: 'engine/store/blobs.js',
		edits: [
			[
				'if (await isWhole(path, size, digest))\n                return true;',
				'if (statSync(path, { throwIfNoEntry: false })?.size === size)\n                return true;',
			],
		],
		tests: ['engine/store/damage.test.js'],
	},
	{
		what: 'Kept code in which a bit was flipped is run.',
		file: 'engine/code/checked.js',
		edits: [['text.slice(0, end) === String(crc32(body)) ? body : undefined', 'body']],
		tests: ['engine/code/kept.test.js'],
	},
	{
		what: 'A lock that nobody can read holds for as long as its time lies ahead.',
		file: 'engine/store/lock.js',
		edits: [['Math.abs(Date.now() - holder.since)', '(Date.now() - holder.since)']],
		tests: ['plug/clock.test.js'],
	},
	{
		what: 'A Python module is imported as it is on the disk, not as it was read.',
		file: 'engine/workers/_scanmake_sources.py',
		edits: [['compile(texts[path], path', 'compile(open(path, "rb").read(), path']],
		tests: ['engine/workers/python-imports.test.js'],
	},
	{
		what: 'A child that a Python task forked answers for it.',
		file: 'engine/workers/_scanmake_task.py',
		edits: [['if os.getpid() == pid:', 'if True:']],
		tests: ['engine/workers/python-misbehaviour.test.js'],
	},
	{
		what: 'Python rounds integers that no number of a result can hold.',
		file: 'engine/workers/_scanmake_encode.py',
		edits: [['SAFE = 2**53', 'SAFE = 2**63']],
		tests: ['engine/workers/python-refused.test.js'],
	},
	{
		what: 'A Python runs what was taken back from it.',
		file: 'engine/workers/_scanmake_loop.py',
		edits: [['            if os.path.exists(unless):', '            if False:']],
		tests: ['engine/executors/pythons.test.js'],
	},
	{
		what: 'Python statements that change what a reached name holds do not count.',
		file: 'engine/code/python/_scanmake_reach.py',
		edits: [['for unit in changing.get(key, ()):', 'for unit in ():']],
		tests: ['engine/code/python-reach-changes.test.js'],
	},
	{
		what: 'Python statements that change the process as a whole do not count.',
		file: 'engine/code/python/_scanmake_reach.py',
		edits: [['for unit in self.world():', 'for unit in ():']],
		tests: ['engine/code/python-reach-changes.test.js'],
	},
	{
		what: 'A Python package counts without its version.',
		file: 'engine/code/python/_scanmake_packages.py',
		edits: [['closure[info] = "%s %s" % (normal(name), version)', 'closure[info] = normal(name)']],
		tests: ['engine/code/python-reach-answer.test.js'],
	},
	{
		what: 'What is kept of Python code is believed after an edit.',
		file: 'engine/code/python/answers.js',
		edits: [
			[
				'const now = unchanged(group.watched);',
				'const now = unchanged(group.watched) ?? { isNewer: false, watched: [] };',
			],
		],
		tests: ['engine/code/python/project.test.js'],
	},
	{
		what: 'A Python script that a command names counts by its bytes alone.',
		file: 'engine/scripts.js',
		edits: [['return isScript(path) ? ofScript', 'return false ? ofScript']],
		tests: ['engine/scripts.test.js'],
	},
	{
		what: 'Programs on PATH are not in the key.',
		file: key,
		edits: [['const programs = !manifest.programs ?', 'const programs = true ?']],
		tests: ['end-to-end/programs.test.js'],
	},
];
