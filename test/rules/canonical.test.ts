// Canonical text and seeds: the same on every machine, so the expected texts stand here in full.
import { createHash } from 'node:crypto';
import test from 'ava';
import { canonicalParams, canonicalValue } from '../../rules/canonical.ts';
import { nearest } from '../../rules/nearest.ts';
import { seedOf } from '../../rules/seed.ts';

test('values are written as RFC 8785 writes them', (t) => {
	const written = [1, 1e21, 1e-7, 0.1, 333333333.3333333, 4.5, 2e-3, 1e30, null, true, '€$\u000f\nA\'B"\\\\"/'].map(
		canonicalValue,
	);
	t.deepEqual(written, [
		'1',
		'1e+21',
		'1e-7',
		'0.1',
		'333333333.3333333',
		'4.5',
		'0.002',
		'1e+30',
		'null',
		'true',
		'"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
	]);
});

test('names are sorted by their UTF-16 code units', (t) => {
	const text = canonicalParams([
		['b', 1],
		['a_', 2],
		['a', 3],
		['Z', 'x'],
		['a.b', null],
	]);
	t.is(text, '{"Z":"x","a":3,"a.b":null,"a_":2,"b":1}');
	t.is(canonicalParams([]), '{}');
});

test('a seed is the first four bytes of SHA-256, big endian, shifted into [0, 2³¹)', (t) => {
	for (const text of ['{}', '{"trial":0}', '{"a":1,"trial":7}', 'ü']) {
		const digest = createHash('sha256').update(text, 'utf8').digest();
		t.is(seedOf(text), Math.floor(digest.readUInt32BE(0) / 2));
	}
	t.is(seedOf('{"trial":0}'), 586720438);
});

test('the nearest name is found among misspelt ones, and none among strange ones', (t) => {
	const names = ['weight', 'amplitude', 'frequency', 'trial'];
	t.is(nearest('wieght', names), 'weight');
	t.is(nearest('Weight', names), 'weight');
	t.is(nearest('frequncy', names), 'frequency');
	t.is(nearest('trail', names), 'trial');
	t.is(nearest('tau', names), undefined);
	t.is(nearest('x', []), undefined);
});
