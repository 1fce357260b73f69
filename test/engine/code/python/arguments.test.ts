// Whether a rule can call a Python function, and what is said where it cannot.
import test from 'ava';
import { argumentProblems } from '../../../../engine/code/python/arguments.ts';
import type { PythonSignature } from '../../../../engine/code/python/ask.ts';
import { aggregate, analyze, grid, python, simulate } from '../../../../rules/index.ts';
import type { Rule } from '../../../../rules/rule.ts';

const run = python('model.py', 'simulate');
const cell = simulate({ over: grid({ weight: [1], 'cell.tau': [2] }), run }) as Rule;
const trials = simulate({ over: grid({ weight: [1] }).trials(2), run }) as Rule;
const groups = aggregate({ from: cell as never, by: ['weight'] as never, run }) as Rule;
const end = analyze({ from: { cell }, run }) as Rule;

/** `a, b=, **rest`: names, those with a default, any other name; what stands behind `*` is given by name alone. */
function signature(text: string): PythonSignature {
	const words = text === '' ? [] : text.split(', ');
	const star = words.indexOf('*');
	const names = words.filter((word) => !word.startsWith('*'));
	return {
		names: names.map((word) => ({ name: word.replace('=', ''), required: !word.endsWith('=') })),
		positional: star < 0 ? names.length : star,
		rest: words.some((word) => word.startsWith('**')),
	};
}

const said = (rule: Rule, text: string) => argumentProblems(rule, 'f', signature(text)).join('\n');

test('a function that takes what it is given, or less, is fine', (t) => {
	for (const text of ['', 'params', 'p, i', 'params, inputs, io', 'a, b, c, d=', 'weight', 'weight, io', '**rest'])
		t.is(said(cell, text), '', text);
	for (const text of ['weight, cell', 'weight, *, inputs', 'weight=, io', 'weight, other=', 'weight, **rest'])
		t.is(said(cell, text), '', text);
	for (const text of ['trial', 'seed, weight', 'params, *, seed']) t.is(said(trials, text), '', text);
	for (const text of ['rows', 'rows, group, io', 'rows, group, io, more=']) t.is(said(groups, text), '', text);
	for (const text of ['', 'tables, io']) t.is(said(end, text), '', text);
});

test('a name that is no parameter, beside one that is, is a problem that names the nearest', (t) => {
	t.is(said(trials, 'wieght, trial'), 'f takes wieght, which is no parameter of the rule; did you mean weight?');
	t.is(said(cell, 'weight, gain'), 'f takes gain, which is no parameter of the rule; it has weight, cell.tau');
	t.is(said(cell, 'weight, seed').startsWith('f takes seed, which is no parameter of the rule'), true);
	t.is(said(cell, 'weight, a, b').split('\n').length, 2);
});

test('more arguments than a rule gives are a problem that says how it calls', (t) => {
	t.is(
		said(cell, 'a, b, c, d'),
		'f takes 4 arguments (a, b, c, d); none of them is a parameter of the rule, so it is called as f(params, inputs, io). Take the others out, or give them defaults.',
	);
	t.regex(said(groups, 'rows, group, io, tau'), /^f takes 4 arguments .*, so it is called as f\(rows, group, io\)\./);
	t.regex(said(end, 'tables, io, more'), /, so it is called as f\(tables, io\)\./);
});

test('what is given by name alone, and `**rest`, mean that all is given by name', (t) => {
	t.is(said(end, 'tables, *, more'), 'f takes more, which is no parameter of the rule; it has none');
	t.is(said(cell, 'params, *, wieght'), 'f takes wieght, which is no parameter of the rule; did you mean weight?');
	t.is(said(cell, 'params, *, inputs'), '');
	t.is(said(cell, 'params, **rest'), '');
	t.is(said(cell, 'p, **rest'), '', 'by its place');
	t.is(said(groups, 'rows, weight'), '');
	t.is(said(groups, 'row, weight'), 'f takes row, which is no parameter of the rule; did you mean rows?');
});
