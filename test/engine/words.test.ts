import { execFileSync } from 'node:child_process';
import test from 'ava';
import { holds, parseCondition } from '../../engine/where.ts';
import { parameterWords, shellWord } from '../../engine/words.ts';
import { grid, list } from '../../rules/index.ts';
import { layoutOf, pointAt } from '../../rules/space.ts';

test('a parameter set is named by its words in declared order, without the seed and what is absent', (t) => {
	const space = grid({ weight: [0.4], amplitude: [0, 1] }).drop('amplitude', (p) => p.amplitude === 0);
	const layout = layoutOf(space.trials(2));
	t.is(parameterWords(layout, 3), 'weight=0.4 amplitude=1 trial=1');
	t.is(parameterWords(layout, 0), 'weight=0.4 trial=0');
});

test('what a shell makes of the words names the same values again', (t) => {
	const values = ["it's", 'a b', '$HOME', '*', '1', 1, '', 'true', true, null, '"', 'a..b', 'x|y', '-3', -3, 'é'];
	const layout = layoutOf(list(values.map((x) => ({ x }))));
	for (let row = 0; row < layout.size; row++) {
		const heard = execFileSync('sh', ['-c', `printf '%s\\n' ${parameterWords(layout, row)}`], { encoding: 'utf8' });
		const condition = parseCondition(heard.slice(0, -1));
		const value = pointAt(layout, row)['x'] ?? null;
		t.true(holds(condition, value), heard);
		// a number as it is typed stands for the text, too
		if (typeof value === 'string') t.is(values.filter((other) => holds(condition, other)).length, 1, heard);
	}
});

test('a word that a shell leaves as it is has no quotation marks', (t) => {
	t.is(shellWord('weight=0.4'), 'weight=0.4');
	t.is(shellWord("it's"), `'it'\\''s'`);
});
