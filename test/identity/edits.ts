// Random projects and random edits of them: what `drawn.ts` can write, as fast-check draws it. Knows no engine.
import fc from 'fast-check';
import type { Drawing, DrawnFunction } from './drawn.ts';

const functionCount = 16;
const some = (max: number) => fc.option(fc.nat(max), { nil: undefined });

const drawnFunction = (number: number): fc.Arbitrary<DrawnFunction> =>
	fc.record({
		module: fc.nat(3),
		literal: fc.nat(9),
		constant: some(2),
		state: some(1),
		calls: fc
			.uniqueArray(fc.integer({ min: number + 1, max: functionCount }), { maxLength: 2 })
			.map((all) => all.filter((one) => one < functionCount)),
		isArrow: fc.boolean(),
		comment: fc.constant(''),
	});

/** A project. */
export const drawing: fc.Arbitrary<Drawing> = fc.record({
	functions: fc.tuple(...Array.from({ length: functionCount }, (_, number) => drawnFunction(number))),
	constants: fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)),
	changes: fc.tuple(fc.constant(undefined), fc.constant(undefined)),
	unrelated: fc.constant([1, 2, 3, 4]),
});

/** An edit. */
export type Change = (before: Drawing) => Drawing;
const number = fc.nat(functionCount - 1);

/** Replaces element `at`. */
const replaced = <T>(list: readonly T[], at: number, now: (old: T) => T): T[] =>
	list.map((one, i) => (i === at ? now(one) : one));
const onFunction =
	(at: number, now: (old: DrawnFunction) => Partial<DrawnFunction>): Change =>
	(before) => ({
		...before,
		functions: replaced(before.functions, at, (old) => ({ ...old, ...now(old) })),
	});

const edits: Readonly<Record<string, fc.Arbitrary<Change>>> = {
	comment: fc.tuple(number, fc.constantFrom('a', 'b', 'c')).map(([at, comment]) => onFunction(at, () => ({ comment }))),
	literal: fc.tuple(number, fc.nat(9)).map(([at, literal]) => onFunction(at, () => ({ literal }))),
	form: number.map((at) => onFunction(at, ({ isArrow }) => ({ isArrow: !isArrow }))),
	module: fc.tuple(number, fc.nat(3)).map(([at, module]) => onFunction(at, () => ({ module }))),
	reads: fc.tuple(number, some(2), some(1)).map(([at, constant, state]) => onFunction(at, () => ({ constant, state }))),
	call: fc.tuple(number, number).map(([a, b]) =>
		onFunction(Math.min(a, b), ({ calls }) => ({
			calls:
				a === b
					? calls
					: calls.includes(Math.max(a, b))
						? calls.filter((one) => one !== Math.max(a, b))
						: [...calls.slice(-1), Math.max(a, b)],
		})),
	),
	constant: fc.tuple(fc.nat(2), fc.nat(99)).map(([at, value]) => (before: Drawing) => ({
		...before,
		constants: replaced(before.constants, at, () => value),
	})),
	change: fc
		.tuple(fc.nat(1), fc.option(fc.record({ module: fc.nat(3), value: fc.nat(99) }), { nil: undefined }))
		.map(([at, change]) => (before: Drawing) => ({ ...before, changes: replaced(before.changes, at, () => change) })),
	unrelated: fc.tuple(fc.nat(3), fc.nat(99)).map(([at, value]) => (before: Drawing) => ({
		...before,
		unrelated: replaced(before.unrelated, at, () => value),
	})),
};

/** Edits, each with its kind. */
export const history = fc.array(
	fc.oneof(...Object.entries(edits).map(([name, edit]) => edit.map((change) => ({ name, change })))),
	{ minLength: 3, maxLength: 8 },
);
