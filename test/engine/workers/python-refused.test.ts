// A result of Python that is no plain data is refused: where in it, what stands there, and what to return instead.
import test, { type ExecutionContext } from 'ava';
import { pythonWith } from '../../python.ts';
import { valuesIn } from './python-hand.ts';

const refused: readonly [text: string, path: string, what: RegExp][] = [
	['{1, 2}', 'result', /^a set; return sorted/],
	['[1, {"x": object()}]', 'result[1].x', /^an object$/],
	['{"rates": [0, 1j]}', 'result.rates[1]', /^a complex; return/],
	['(x for x in [1])', 'result', /^a generator; return list/],
	['2 ** 53 + 1', 'result', /^the integer 9007199254740993, which is beyond 2\*\*53$/],
	['{"n": [1, -(10 ** 400)]}', 'result.n[1]', /^the integer -10+…, which is beyond/],
	['{"a": {3: 1}}', 'result.a', /^a dict whose keys are not all text: 3 is an int/],
	['cycle()', 'result.again[0]', /^result again \(a cycle\)$/],
	['deep(1200)', `result${'[0]'.repeat(1000)}`, /^nested more than 1000 levels deep$/],
	['Neuron()', 'result', /^a Neuron$/],
	['array("q", [1, 2 ** 60])', 'result[1]', /beyond 2\*\*53$/],
	['[lambda: 1]', 'result[0]', /^a function$/],
	['{"not a name": range}', 'result["not a name"]', /^a type$/],
	['decimal.Decimal(1)', 'result', /^a decimal Decimal$/],
];

/** One task for each text: what its value is refused with. */
async function refusals(t: ExecutionContext, table: typeof refused, head: string, python?: string): Promise<void> {
	const cases = table.map(([text]) => `lambda: ${text}`).join(', ');
	const values = await valuesIn(t, {
		python,
		files: { 'model.py': `${head}\nCASES = [${cases}]\ndef simulate(n): return CASES[n]()\n` },
		columns: { n: table.map((_, i) => i) },
	});
	for (const [i, failure] of (values ?? []).entries()) {
		const [text, path, what] = table[i] ?? ['', '', /$^/];
		const told = failure as { kind: string; path: string; what: string };
		t.is(told.kind, 'not-plain', text);
		t.is(told.path, path, text);
		t.regex(told.what, what, text);
	}
}

test('what is no plain data is named with its place and its type', async (t) => {
	const head = `
import decimal
from array import array
class Neuron: pass
def cycle():
    own = {"a": 1}
    own["again"] = [own]
    return own
def deep(n):
    value = 1
    for _ in range(n): value = [value]
    return value
`;
	await refusals(t, refused, head);
});

const refusedArrays: readonly [text: string, path: string, what: RegExp][] = [
	['np.array([1j])', 'result', /^a numpy array of complex128; return/],
	['np.array([object()])', 'result', /^a numpy array of object; return/],
	['np.array(["a"])', 'result', /^a numpy array of str32; return/],
	['np.array(["2020-01-01"], dtype="M8[D]")', 'result', /^a numpy array of datetime64\[D\]; return/],
	['np.zeros(1, dtype=[("x", "f8")])', 'result', /^a numpy array of void64; return/],
	['np.ma.masked_array([1.0], [True])', 'result', /^a numpy MaskedArray; return array\.filled/],
	['{"x": np.array([[1, 2], [3, 2 ** 60]])}', 'result.x[1][1]', /beyond 2\*\*53$/],
	['np.uint64(2 ** 63)', 'result', /^the integer 9223372036854775808, which is beyond/],
	['np.complex64(1)', 'result', /^a numpy complex64$/],
];

test('an array whose elements are no numbers is named with its type', async (t) => {
	const python = pythonWith('numpy');
	if (python === undefined) {
		t.log('skipped: there is no Python with numpy');
		t.pass();
		return;
	}
	await refusals(t, refusedArrays, 'import numpy as np', python);
});
