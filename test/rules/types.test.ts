// What the compiler must infer and what it must refuse, as the editor of a Scanfile sees it.
// A wrong type does not compile; at run time there is next to nothing to see.
import test from 'ava';
import {
	type Axis,
	aggregate,
	analyze,
	arange,
	axis,
	generate,
	geomspace,
	grid,
	type Io,
	linspace,
	list,
	type ParameterSets,
	type Row,
	type Rule,
	scan,
	simulate,
	zip,
} from '../../rules/index.ts';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type SetsOf<S> = S extends ParameterSets<infer P> ? P : never;
type Spread<T> = { [K in keyof T]: T[K] };

/** Compiles where the two types are the same. */
function same<A, B>(_same: Equal<Spread<A>, Spread<B>>): void {}

// Functions as they stand in a module of their own, every type written out.
interface Response {
	mean: number;
	sem: number;
}

function poissonInput(p: {
	amplitude: number;
	frequency: number | undefined;
	trial: number;
	seed: number;
}): Float64Array {
	return Float64Array.of(p.amplitude, p.frequency ?? 0, p.seed);
}

function relayCell(
	p: { weight: number },
	inputs: { input: Float64Array },
	io: Io,
): { rate: number; isi: Float64Array } {
	io.log(io.in('input', 'train.txt'));
	return { rate: p.weight, isi: inputs.input };
}

function meanResponse(
	rows: readonly Row<{ weight: number }, { rate: number }>[],
	group: { weight: number; frequency: number | undefined },
): Response {
	return { mean: rows.length * group.weight, sem: 0 };
}

function tuningCurves(tables: { response: { params: { weight: number }; result: Response }[] }): string {
	return tables.response.map((row) => row.result.mean).join();
}

test('a Scanfile infers without an annotation', (t) => {
	const stimulus = grid({
		amplitude: [0, 0.25, 0.5, 1],
		frequency: geomspace(1, 64, 7),
	}).drop('frequency', (p) => p.amplitude === 0);
	const cell = stimulus.times(grid({ weight: linspace(0.2, 1.2, 6) }));
	const input = generate({ over: stimulus.trials(20), run: poissonInput });
	const spikes = simulate({ over: cell.trials(20), from: { input }, run: relayCell });
	const response = aggregate({ from: spikes, by: ['weight', 'amplitude', 'frequency'], run: meanResponse });
	const tuning = analyze({ from: { response }, run: tuningCurves });
	const done = scan({ input, spikes, response, analyze: tuning });

	type Cell = { amplitude: number; frequency: number | undefined; weight: number };
	same<SetsOf<typeof cell>, Cell>(true);
	same<
		typeof input,
		Rule<{ amplitude: number; frequency: number | undefined; trial: number; seed: number }, Float64Array>
	>(true);
	same<typeof spikes, Rule<Spread<Cell & { trial: number; seed: number }>, { rate: number; isi: Float64Array }>>(true);
	same<typeof response, Rule<{ weight: number; amplitude: number; frequency: number | undefined }, Response>>(true);
	same<typeof tuning, Rule<Record<never, never>, string>>(true);
	t.deepEqual(done.problems, []);
});

test('numbers and booleans are widened, strings stay literal', (t) => {
	const space = grid({
		a: [1, 2],
		b: [true, false],
		c: ['on', 'off'],
		d: [null, 1],
		e: arange(3),
		f: axis(['x', 'y'], { default: 'x' }),
	});
	same<SetsOf<typeof space>, { a: number; b: boolean; c: 'on' | 'off'; d: number | null; e: number; f: 'x' | 'y' }>(
		true,
	);
	const pairs = zip({ a: [1, 2], c: ['on', 'off'] });
	same<SetsOf<typeof pairs>, { a: number; c: 'on' | 'off' }>(true);
	same<typeof space.point, (index: number) => SetsOf<typeof space>>(true);
	const names: string[] = ['x'];
	const loose = grid({ name: names });
	same<SetsOf<typeof loose>, { name: string }>(true);
	t.is(space.size, 96);
});

test('an axis is a readonly array of its values', (t) => {
	const weights: Axis<number> = linspace(0, 1, 3);
	const doubled: number[] = weights.map((weight) => weight * 2);
	const labelled = axis([10, 20], { default: 10, unit: 'ms', label: 'time constant', integer: true });
	same<typeof labelled, Axis<number>>(true);
	const modes = axis(['on', 'off'], { default: 'auto' });
	same<(typeof modes)[number], 'on' | 'off'>(true);
	// @ts-expect-error the values of an axis do not change
	t.throws(() => weights.push(3), { instanceOf: TypeError });
	// @ts-expect-error a default is a value like the others
	axis([10, 20], { default: 'ten' });
	// @ts-expect-error an axis has no such option
	axis([10, 20], { units: 'ms' });
	t.deepEqual(doubled, [0, 1, 2]);
});

test('names that only some sets have are optional', (t) => {
	const sets = list([{ a: 1 }, { a: 2, c: 'on' }, { a: 3, c: 'off' }]);
	same<SetsOf<typeof sets>, { a: number; c?: 'on' | 'off' | undefined }>(true);
	const given: { a: number; b?: number; c: number | undefined }[] = [{ a: 1, c: 2 }];
	const typed = list(given);
	same<SetsOf<typeof typed>, { a: number; b?: number | undefined; c?: number | undefined }>(true);

	const union = grid({ a: [1] }).plus(grid({ a: ['x'], tau: [10, 20] }));
	same<SetsOf<typeof union>, { a: number | 'x'; tau?: number | undefined }>(true);
	const more = union.plus(grid({ a: [1], tau: [1], b: [true] }));
	same<SetsOf<typeof more>, { a: number | 'x'; tau?: number | undefined; b?: boolean | undefined }>(true);
	const dropped = grid({ a: [1], f: [1] }).drop('f', (p) => p.a > 0);
	const joined = dropped.plus(grid({ a: [1], f: [2] }));
	same<SetsOf<typeof joined>, { a: number; f: number | undefined }>(true);
	t.is(union.size, 3);
});

test('every word of a space says what its sets are', (t) => {
	const base = grid({ a: [1, 2], c: ['on', 'off'] });
	const picked = base.pick('c');
	same<SetsOf<typeof picked>, { c: 'on' | 'off' }>(true);
	const more = base.with({ k: 3, on: true, mode: 'fast' });
	same<SetsOf<typeof more>, { a: number; c: 'on' | 'off'; k: number; on: boolean; mode: 'fast' }>(true);
	const derived = base.derive('double', (p) => p.a * 2);
	same<SetsOf<typeof derived>, { a: number; c: 'on' | 'off'; double: number }>(true);
	const named = base.derive('side', (p) => (p.a > 1 ? 'left' : 'right'));
	same<SetsOf<typeof named>, { a: number; c: 'on' | 'off'; side: 'left' | 'right' }>(true);
	const tried = base.where((p) => p.c === 'on').trials(3);
	same<SetsOf<typeof tried>, { a: number; c: 'on' | 'off'; trial: number; seed: number }>(true);
	for (const p of tried.points()) same<typeof p, SetsOf<typeof tried>>(true);
	t.is(tried.size, 6);
});

test('a name that is not there does not compile', (t) => {
	const base = grid({ a: [1, 2], c: ['on', 'off'] });
	// @ts-expect-error a typing error in pick
	base.pick('d');
	// @ts-expect-error a typing error in drop
	base.drop('d', (p) => p.a > 1);
	// @ts-expect-error a typing error in where
	base.where((p) => p.b > 1);
	// @ts-expect-error a value that the name never has
	base.where((p) => p.c === 'of');
	// @ts-expect-error a condition that is no boolean
	base.where((p) => p.a);
	// @ts-expect-error a typing error in derive
	base.derive('e', (p) => p.b * 2);
	t.pass();
});

test('what is no value does not compile', (t) => {
	// @ts-expect-error a Date
	grid({ a: [new Date()] });
	// @ts-expect-error undefined
	grid({ a: [1, undefined] });
	// @ts-expect-error one value in place of a list
	grid({ a: 1 });
	// @ts-expect-error an object
	list([{ a: { b: 1 } }]);
	// @ts-expect-error a function
	grid({ a: [1] }).with({ b: () => 1 });
	// @ts-expect-error a promise
	grid({ a: [1] }).derive('b', async (p) => p.a);
	// @ts-expect-error no value
	grid({ a: [1] }).derive('b', () => undefined);
	t.pass();
});

test('a name on both sides of times does not compile', (t) => {
	// @ts-expect-error both sides have a
	const wrong = grid({ a: [1] }).times(grid({ a: [2], b: [1] }));
	t.is(wrong.size, 1);
});

test('after trials only plus of like trials compiles', (t) => {
	const base = grid({ a: [1] });
	const tried = base.trials(2);
	const more = tried.plus(grid({ b: [1] }).trials(3));
	same<SetsOf<typeof more>, { a?: number | undefined; b?: number | undefined; trial: number; seed: number }>(true);
	const common = base.trials(2, { seed: 'common' }).plus(base.trials(3, { seed: 'common' }));
	// @ts-expect-error trials comes last
	const times = () => tried.times(grid({ b: [1] }));
	// @ts-expect-error trials comes last
	const where = () => tried.where((p: { a: number }) => p.a > 1);
	// @ts-expect-error trials comes last
	const drop = () => tried.drop('a', () => true);
	// @ts-expect-error trials comes last
	const pick = () => tried.pick('a');
	// @ts-expect-error trials comes last
	const again = () => tried.trials(2);
	// @ts-expect-error trials comes last, also in what is given
	base.times(grid({ b: [1] }).trials(2));
	// @ts-expect-error trials on one side only
	base.plus(tried);
	// @ts-expect-error trials on one side only
	tried.plus(base);
	// @ts-expect-error seeds of two kinds
	tried.plus(base.trials(2, { seed: 'common' }));
	// @ts-expect-error no such kind of seed
	base.trials(2, { seed: 'same' });
	t.is(common.size, 3);
	t.deepEqual([times, where, drop, pick, again].length, 5);
});

test('a function gets what the rule has, and cannot ask for more', (t) => {
	const over = grid({ a: [1], c: ['on'] }).trials(2);
	const first = generate({
		over,
		run: (p, inputs, io) => {
			same<typeof p, { a: number; c: 'on'; trial: number; seed: number }>(true);
			same<typeof inputs, Record<never, never>>(true);
			// @ts-expect-error there is no input
			const never = () => io.in('input', 'file');
			return { x: p.a, file: io.out('file'), never: never.length };
		},
	});
	same<
		typeof first,
		Rule<{ a: number; c: 'on'; trial: number; seed: number }, { x: number; file: string; never: number }>
	>(true);
	const second = simulate({
		over,
		from: { first },
		run: async (_p, inputs, io) => {
			same<typeof inputs, { readonly first: { x: number; file: string; never: number } }>(true);
			// @ts-expect-error the input is called first
			const never = () => io.in('frist', 'file');
			return [inputs.first.x, io.in('first', 'file'), never.length];
		},
	});
	same<typeof second, Rule<{ a: number; c: 'on'; trial: number; seed: number }, (string | number)[]>>(true);
	const alone = generate({ run: () => 3 });
	same<typeof alone, Rule<Record<never, never>, number>>(true);
	generate({ over, run: (p: { a: number }) => p.a });
	generate({ over, run: () => null });
	// @ts-expect-error the space has no b
	generate({ over, run: (p: { b: number }) => p.b });
	// @ts-expect-error a is a number
	generate({ over, run: (p: { a: string }) => p.a });
	// @ts-expect-error there is no space
	generate({ run: (p: { a: number }) => p.a });
	// @ts-expect-error the input is called first
	simulate({ over, from: { first }, run: (_p: object, inputs: { frist: { x: number } }) => inputs.frist.x });
	// @ts-expect-error the input has no y
	simulate({ over, from: { first }, run: (_p, inputs) => inputs.first.y });
	// @ts-expect-error over is a space
	generate({ over: first, run: () => 1 });
	// @ts-expect-error from names rules
	simulate({ over, from: { over }, run: () => 1 });
	// @ts-expect-error by belongs to aggregate
	simulate({ over, by: ['a'], run: () => 1 });
	// @ts-expect-error no such option
	simulate({ over, retrys: 2, run: () => 1 });
	t.pass();
});

test('absent parameters reach functions that expect them', (t) => {
	const over = grid({ a: [0, 1], f: [1, 2] }).drop('f', (p) => p.a === 0);
	generate({ over, run: (p: { a: number; f: number | undefined }) => p.f ?? 0 });
	generate({ over, run: (p: { f?: number | undefined }) => p.f ?? 0 });
	// @ts-expect-error f may be absent
	generate({ over, run: (p: { f: number }) => p.f });
	t.pass();
});

test('by takes names of the upstream rule alone, and rows and group have its types', (t) => {
	const spikes = simulate({ over: grid({ weight: [1, 2], c: ['on'] }).trials(2), run: (p) => ({ rate: p.weight }) });
	const response = aggregate({
		from: spikes,
		by: ['weight'],
		missing: 'skip',
		run: (rows, group, io) => {
			same<typeof rows, Row<{ weight: number; c: 'on'; trial: number; seed: number }, { rate: number }>[]>(true);
			same<typeof group, { weight: number }>(true);
			// @ts-expect-error files of rows are at row.file(name)
			const never = () => io.in('from', 'x');
			return { mean: rows[0]?.result.rate ?? 0, path: rows[0]?.file('x'), never: never.length };
		},
	});
	same<typeof response, Rule<{ weight: number }, { mean: number; path: string | undefined; never: number }>>(true);
	const all = aggregate({ from: spikes, by: [], run: (rows) => rows.length });
	same<typeof all, Rule<Record<never, never>, number>>(true);
	// @ts-expect-error a typing error in by
	aggregate({ from: spikes, by: ['wieght'], run: () => 1 });
	// @ts-expect-error seeds are no groups
	aggregate({ from: spikes, by: ['seed'], run: () => 1 });
	// @ts-expect-error by is left out
	aggregate({ from: spikes, run: () => 1 });
	// @ts-expect-error one rule, not rules by name
	aggregate({ from: { spikes }, by: ['weight'], run: () => 1 });
	// @ts-expect-error the result has no field mean
	aggregate({ from: spikes, by: ['weight'], run: (rows) => rows[0]?.result.mean });
	// @ts-expect-error the function wants a parameter that the rows do not have
	aggregate({ from: spikes, by: ['weight'], run: (rows: Row<{ amplitude: number }>[]) => rows.length });
	// @ts-expect-error the group has the names of by alone
	aggregate({ from: spikes, by: ['weight'], run: (_rows, group) => group.c });
	t.pass();
});

test('analyze gets a table of each rule', (t) => {
	const spikes = simulate({ over: grid({ weight: [1, 2] }), run: (p) => ({ rate: p.weight }) });
	const map = aggregate({ from: spikes, by: ['weight'], run: (rows) => rows.length });
	const done = analyze({
		from: { spikes, map },
		run: (tables) => {
			same<
				typeof tables,
				{
					readonly spikes: Row<{ weight: number }, { rate: number }>[];
					readonly map: Row<{ weight: number }, number>[];
				}
			>(true);
			return Promise.resolve(tables.map.length);
		},
	});
	same<typeof done, Rule<Record<never, never>, number>>(true);
	// @ts-expect-error there is no such table
	analyze({ from: { spikes }, run: (tables) => tables.spike });
	// @ts-expect-error rules by name
	analyze({ from: spikes, run: () => 1 });
	// @ts-expect-error the rows of an analysis
	analyze({ from: { spikes }, run: (tables: { spikes: Row<{ w: number }>[] }) => tables.spikes.length });
	t.pass();
});

test('a scan takes rules by name', (t) => {
	const one = generate({ run: () => 1 });
	// @ts-expect-error a rule without a name
	const nameless = scan(one);
	// @ts-expect-error a space is no rule
	const space = scan({ space: grid({ a: [1] }) });
	t.true(nameless.problems.length > 0 && space.problems.length > 0);
});
